/** Who is at the other end of a Unix socket. Neither Bun nor Node tells, so the C library is asked. */
import { ptr } from "bun:ffi";
import { openLibrary } from "./libc.ts";

/** What `getsockopt` wants: level, option, and the number's place in the answer (`struct ucred` on Linux). */
const OPTIONS: Readonly<Record<string, readonly [level: number, option: number]>> = {
  linux: [1, 17],
  darwin: [0, 2],
};

/** Makes the question once; null where this system cannot be asked. It gives a process's number, or null. */
export function openPeers(): ((socket: number) => number | null) | null {
  const option = OPTIONS[process.platform];
  if (option === undefined) return null;
  const library = openLibrary({
    getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
  });
  if (library === null) return null;
  return (socket) => {
    const answer = new Int32Array(3);
    const length = new Int32Array([answer.byteLength]);
    const [level, name] = option;
    const failed = library.getsockopt(socket, level, name, Number(ptr(answer)), Number(ptr(length)));
    return failed === 0 ? (answer[0] ?? null) : null;
  };
}
