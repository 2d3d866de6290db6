import { Unavailable } from "../core/setup.ts";
import type { SshView } from "../core/ssh.ts";

/** What ssh has, does and hears on the way to Bitbucket. */
export function readSsh(): SshView | Unavailable {
  return new Unavailable("SSH was not looked at");
}
