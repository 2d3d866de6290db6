/** Exit codes, the same for every command and format. */
export const EXIT = { ok: 0, findings: 1, misuse: 2, unknown: 3, personNeeded: 4, cancelled: 130 } as const;

/** A sentence for the person and the code to leave with. */
export class Stop extends Error {
  override name = "Stop";
  constructor(
    readonly code: number,
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}
