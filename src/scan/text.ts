/** The text of a file, whatever it is written in. */
import { byteText } from "../formats/edited.ts";

export interface ReadText {
  text: string;
  encoding: "utf-16" | null;
}

/** How much of a file without a mark is looked at to see whether it is UTF-16, in bytes. */
const SAMPLE = 4096;

/** Whether nearly every other byte is zero, as in Western text in UTF-16; `low`: the zeros come second. */
function zerosOf(bytes: Uint8Array): "low" | "high" | null {
  const length = Math.min(bytes.length, SAMPLE) & ~1;
  if (length < 8) return null;
  const zeros = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  const many = (length / 2) * 0.8;
  if (odd >= many && even === 0) return "low";
  return even >= many && odd === 0 ? "high" : null;
}

/** One character for each byte, so that offsets are offsets into the file; UTF-16 is decoded. Never throws. */
export function readText(bytes: Uint8Array): ReadText {
  const [first, second] = bytes;
  const low = first === 0xff && second === 0xfe;
  const high = first === 0xfe && second === 0xff;
  const zeros = low ? "low" : high ? "high" : zerosOf(bytes);
  if (zeros === null) return { text: byteText(bytes), encoding: null };
  const whole = Buffer.from(bytes.subarray(0, bytes.length & ~1));
  return { text: (zeros === "high" ? whole.swap16() : whole).toString("utf16le"), encoding: "utf-16" };
}
