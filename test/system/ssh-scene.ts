/** What the SSH suites have in common: somebody with a key, and the one repository they want. */
import type { Ran } from "../sandbox.ts";
import { type KeyPair, type SshRoom, withSsh } from "./ssh-room.ts";

export const SITE = "git@bitbucket.org:acme/site.git";

/** What git adds to whatever the server said. */
export const COULD_NOT_READ =
  "fatal: Could not read from remote repository.\n\n" +
  "Please make sure you have the correct access rights\nand the repository exists.\n";

/** A room whose person has a key, and knows the server. The key is not registered anywhere. */
export async function withKey(): Promise<{ room: SshRoom; key: KeyPair } & AsyncDisposable> {
  const room = await withSsh();
  await room.trustHost();
  return { room, key: await room.makeKey(), [Symbol.asyncDispose]: room.remove };
}

export const lsRemote = (room: SshRoom, url = SITE): Promise<Ran> => room.git(["ls-remote", url, "HEAD"]);

/** Into `site`. */
export const cloned = (room: SshRoom): Promise<Ran> => room.git(["clone", "--quiet", SITE, "site"]);
