import { readBinaryPlist } from "./plist-binary.ts";
import type { Plist } from "./plist-value.ts";
import { readXmlPlist } from "./plist-xml.ts";

/** Reads one of Apple's property lists, binary or XML; null for anything that is none, or is damaged. */
export function readPlist(bytes: Uint8Array): Plist {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const isBinary = buffer.subarray(0, 6).toString("latin1") === "bplist";
    return isBinary ? readBinaryPlist(buffer) : readXmlPlist(buffer.toString("utf8"));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
