/** Why a text was not understood or not changed: half a sentence, without secrets, to follow the name of the file. */
export interface CannotEdit {
  ok: false;
  reason: string;
  /** From 1; null where it is no line's fault. */
  line: number | null;
}

export type Edited = { ok: true; bytes: Uint8Array } | CannotEdit;

export function cannotEdit(reason: string, line: number | null = null): CannotEdit {
  return { ok: false, reason, line };
}

/**
 * One character for one byte, so that any file survives a round trip: carriage returns, a byte order mark and
 * bytes that are not UTF-8 included. Offsets into the text are offsets into the bytes.
 */
export function byteText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}

export function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}

/** What a person reads in some byte text: its UTF-8. */
export function readable(text: string): string {
  return Buffer.from(text, "latin1").toString("utf8");
}

/** The UTF-8 of a person's text, as byte text. */
export function written(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Replaces ranges of a text; they must not overlap. */
export function splice(
  text: string,
  changes: readonly { start: number; end: number; put: string }[],
): string {
  let result = text;
  for (const { start, end, put } of [...changes].sort((a, b) => b.start - a.start || b.end - a.end)) {
    result = result.slice(0, start) + put + result.slice(end);
  }
  return result;
}
