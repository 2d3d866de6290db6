import { pipeline, Readable } from "node:stream";
import { createGunzip, createInflateRaw } from "node:zlib";

/** How bytes are compressed: a `.gz` file, or what stands in a zip. */
export type Compression = "gzip" | "deflate";

/** The bytes before they were compressed, a piece at a time, as they are asked for. Throws when they are damaged. */
export async function* inflated(
  compression: Compression,
  bytes: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const inflate = compression === "gzip" ? createGunzip() : createInflateRaw();
  // What goes wrong is thrown to who reads from it.
  pipeline(Readable.from(bytes), inflate, () => undefined);
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } finally {
    inflate.destroy();
  }
}
