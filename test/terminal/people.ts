/** The set-ups that the scenarios at the terminal begin with. */
import { type EmulatedSandbox, type Sandbox, type Snapshot, withEmulator } from "../sandbox.ts";

/** The line by which `git credential-store` keeps this credential. */
export function storedLine(box: EmulatedSandbox, user: string, label: string): string {
  return `${box.urlWith(user, label).replace(/(@bitbucket\.org).*/, "$1")}\n`;
}

async function clone(remote: (box: EmulatedSandbox) => string, config: string): Promise<EmulatedSandbox> {
  const box = await withEmulator();
  await box.git(["init", "--quiet", "--initial-branch=main", "site"]);
  box.write(".gitconfig", config);
  await box.git(["remote", "add", "origin", remote(box)], { cwd: "site" });
  return box;
}

/** An app password in the file of Git's own `store` helper: the fix needs no further choice. Somebody works here. */
export async function storedAppPassword(): Promise<EmulatedSandbox> {
  const box = await clone(
    () => "https://ana@bitbucket.org/acme/site.git",
    "[credential]\n\thelper = store\n[user]\n\temail = ana@acme.example\n",
  );
  box.write(".git-credentials", storedLine(box, "ana", "app-password"), 0o600);
  return box;
}

/** An API token that Bitbucket accepts, with the user name it wants: nothing is wrong. */
export async function storedToken(): Promise<EmulatedSandbox> {
  const user = "x-bitbucket-api-token-auth";
  const box = await clone(
    () => `https://${user}@bitbucket.org/acme/site.git`,
    "[credential]\n\thelper = store\n",
  );
  box.write(".git-credentials", storedLine(box, user, "api-token"), 0o600);
  return box;
}

/** An app password in the URL and no helper: a person has to say where the new token goes. */
export function appPasswordInUrl(): Promise<EmulatedSandbox> {
  return clone((box) => box.urlWith("ana", "app-password"), "[user]\n\tname = Ana\n");
}

/** Run from its sources, Bun keeps what it compiled there; the executable does not. */
const isBuns = (path: string) => path === ".cache/bun" || path.startsWith(".cache/bun/");

/** All that is the person's: everything but git-rekey's own receipts and backups. */
export function belongings(box: Sandbox): Snapshot {
  return box.snapshot(box.home, (path) => isBuns(path) || path === ".local/state/git-rekey");
}

/** All that there is, to see that nothing was touched at all. */
export function everything(box: Sandbox): Snapshot {
  return box.snapshot(box.home, isBuns);
}
