/** Whose key is it? The keys of accounts and the access keys of repositories, as the world has them now. */
import { permissionOfAccount } from "./authenticate.ts";
import type { SshRefusal } from "./ssh-answers.ts";
import type { Account, Repository, SshKey, World } from "./world.ts";

/** One repository that an access key opens. */
export interface AccessKeyHolder {
  repository: Repository;
  key: SshKey;
}

/** Whom a key stands for. A key is an account's or an access key, never both. [doc] */
export type Holder =
  | { kind: "account"; account: Account; key: SshKey }
  | { kind: "access-key"; of: readonly [AccessKeyHolder, ...AccessKeyHolder[]] };

const blobOf = ({ key }: SshKey): string => key.split(" ")[1] ?? "";

/** Who holds the public key, given as in an `authorized_keys` file; null: nobody. */
export function holderOf(world: World, base64: string): Holder | null {
  for (const account of world.accounts.values()) {
    const key = account.sshKeys.find((each) => blobOf(each) === base64);
    if (key) return { kind: "account", account, key };
  }
  const [first, ...more] = [...world.repositories.values()].flatMap((repository) =>
    repository.deployKeys.filter((key) => blobOf(key) === base64).map((key) => ({ repository, key })),
  );
  return first ? { kind: "access-key", of: [first, ...more] } : null;
}

/** A name for logs: a user name, or the label of an access key. */
export function nameOfHolder(holder: Holder): string {
  return holder.kind === "account" ? holder.account.username : holder.of[0].key.label;
}

/** Why the holder of a key may not; null: they may. `repository`: null where there is none of that name. */
export function refusalFor(
  world: World,
  holder: Holder,
  repository: Repository | null,
  wanted: "read" | "write",
): SshRefusal | null {
  if (holder.kind === "access-key") {
    if (!holder.of.some((each) => each.repository === repository)) return "not-associated";
    return wanted === "read" ? null : "read-only";
  }
  if (!repository) return "missing";
  const permission = permissionOfAccount(world, holder.account, repository);
  if (permission === "none") return "denied";
  return wanted === "write" && permission === "read" ? "denied" : null;
}
