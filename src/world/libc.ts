/** The C library of this system, for what neither Bun nor Node tells. */
import { dlopen, type FFIFunction } from "bun:ffi";

const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  linux: ["libc.so.6", "libc.so", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`],
  darwin: ["libSystem.B.dylib"],
};

/** Bun hands numbers over as they are; pointers are numbers, too. */
type Native<Name extends string> = Record<Name, (...words: number[]) => number>;

/** Functions of the C library; null where it has not all of them. */
export function openLibrary<Name extends string>(
  functions: Readonly<Record<Name, FFIFunction>>,
): Native<Name> | null {
  for (const library of LIBRARIES[process.platform] ?? []) {
    try {
      return dlopen(library, functions).symbols as unknown as Native<Name>;
    } catch {
      // The library has another name here.
    }
  }
  return null;
}
