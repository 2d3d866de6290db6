/** Who is at the other end of a Unix socket. Neither Bun nor Node tells, so the C library is asked. */
import { dlopen, ptr } from "bun:ffi";

/** What `getsockopt` wants: level, option, and the number's place in the answer (`struct ucred` on Linux). */
const OPTIONS: Readonly<Record<string, readonly [level: number, option: number]>> = {
  linux: [1, 17],
  darwin: [0, 2],
};

const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  linux: ["libc.so.6", "libc.so", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`],
  darwin: ["libSystem.B.dylib"],
};

type GetSockOpt = (socket: number, level: number, option: number, value: number, length: number) => number;

function load(): GetSockOpt | null {
  for (const library of LIBRARIES[process.platform] ?? []) {
    try {
      const { symbols } = dlopen(library, {
        getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
      });
      return symbols.getsockopt as unknown as GetSockOpt;
    } catch {
      // The library has another name here.
    }
  }
  return null;
}

/** Makes the question once; null where this system cannot be asked. It gives a process's number, or null. */
export function openPeers(): ((socket: number) => number | null) | null {
  const option = OPTIONS[process.platform];
  const getSockOpt = option === undefined ? null : load();
  if (option === undefined || getSockOpt === null) return null;
  return (socket) => {
    const answer = new Int32Array(3);
    const length = new Int32Array([answer.byteLength]);
    const [level, name] = option;
    // Bun hands pointers over as numbers.
    const failed = getSockOpt(socket, level, name, Number(ptr(answer)), Number(ptr(length)));
    return failed === 0 ? (answer[0] ?? null) : null;
  };
}
