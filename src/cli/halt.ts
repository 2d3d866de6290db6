import { EXIT } from "./exit.ts";

/** Why the rest of a plan was not carried out. */
export class Halt extends Error {
  constructor(
    readonly reason: string,
    readonly code: number = EXIT.findings,
  ) {
    super(reason);
  }
}

/** A person pressed Ctrl-C. */
export function cancelledHalt(): Halt {
  return new Halt("it was cancelled", EXIT.cancelled);
}
