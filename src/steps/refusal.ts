import { dirname } from "node:path";
import { FileError } from "../world/ports.ts";

export type RefusalCode =
  | "no-home"
  | "state-folder-unsafe"
  | "strange-owner"
  | "not-a-file"
  | "lock-held"
  | "changed-meanwhile"
  | "entry-missing"
  | "git-disagrees"
  | "not-writable"
  | "disk-full"
  | "helper-failed"
  | "keychain-closed"
  | "not-registered"
  | "nothing-to-undo"
  | "still-running";

/** A change that was not made. Its message is one sentence for a person, without secrets; nothing of it was left behind. */
export class Refusal extends Error {
  override name = "Refusal";
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message);
  }
}

function causeOf({ code, path }: FileError): [RefusalCode, string] {
  const folder = dirname(path);
  switch (code) {
    case "EACCES":
    case "EPERM":
      return ["not-writable", `this user may not write in \`${folder}\``];
    case "EROFS":
      return ["not-writable", `the disk that holds \`${folder}\` is read-only`];
    case "ENOSPC":
      return ["disk-full", `the disk that holds \`${folder}\` is full`];
    case "EDQUOT":
      return ["disk-full", `the disk quota for \`${folder}\` is used up`];
    default:
      return ["not-writable", `the system answered ${code} for \`${path}\``];
  }
}

/**
 * A failure of the file system as a sentence that begins with `what` came of it ("`~/.netrc` was not changed"). Other
 * errors are passed on.
 */
export function refusalFor(error: unknown, what: string): unknown {
  if (!(error instanceof FileError)) return error;
  const [code, cause] = causeOf(error);
  return new Refusal(code, `${what}: ${cause}`);
}
