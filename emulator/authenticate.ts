/** May this request do what it asks? Identity, then access to the repository, then scopes. Pure. */
import { BlockList } from "node:net";
import {
  type Identity,
  identify,
  type Presented,
  type Refusal,
  type Surface,
  type View,
} from "./identify.ts";
import { type Needed, suffices, TO_READ, TO_WRITE } from "./scopes.ts";
import {
  type Account,
  type Credential,
  covers,
  ownerOf,
  type Permission,
  type Repository,
  type World,
} from "./world.ts";

/** What a request is after. */
export interface Target {
  surface: Surface;
  /** Null: there is no such repository. */
  repository: Repository | null;
  access: "read" | "write" | "admin";
  /** Scopes, if others than those of Git. */
  needed?: Needed;
}

export type Outcome =
  | { granted: true; credential: Credential | null }
  | { granted: false; refusal: Refusal; credential: Credential | null };

const RANK: Readonly<Record<Permission, number>> = { none: 0, read: 1, write: 2, admin: 3 };

/** What the credential's holder may do in the repository, scopes apart. Nobody: read what is public. */
export function permissionOf(
  world: World,
  credential: Credential | null,
  repository: Repository,
): Permission {
  const open: Permission = repository.private ? "none" : "read";
  if (!credential) return open;
  if (!covers(credential.limit, repository)) return open;
  const owner = ownerOf(world, credential);
  // An access token has no account: its scopes alone say what it may do.
  return owner ? permissionOfAccount(world, owner, repository) : "admin";
}

/** What an account may do in the repository. */
export function permissionOfAccount(world: World, account: Account, repository: Repository): Permission {
  const { username } = account;
  if (world.workspaces.get(repository.workspace)?.members.get(username) === "owner") return "admin";
  const own = repository.permissions.get(username) ?? "none";
  const open: Permission = repository.private ? "none" : "read";
  return RANK[own] > RANK[open] ? own : open;
}

function isAllowed(addresses: readonly string[], address: string): boolean {
  const list = new BlockList();
  for (const each of addresses) {
    const [start = "", bits] = each.split("/");
    if (bits) list.addSubnet(start, Number(bits), "ipv4");
    else list.addAddress(start);
  }
  return list.check(address);
}

/** What the workspace demands of those who may see a private repository. */
function demandOf(view: View, repository: Repository, owner: Account | null): Refusal | null {
  const workspace = view.world.workspaces.get(repository.workspace);
  if (!workspace || !repository.private) return null;
  const { allowedAddresses } = workspace;
  if (allowedAddresses && !isAllowed(allowedAddresses, view.switches.clientAddress))
    return "address-not-allowed";
  return workspace.requiresTwoStep && owner && !owner.twoStep ? "two-step-required" : null;
}

function accessRefusal(view: View, credential: Credential | null, target: Target): Refusal | null {
  const { repository, surface, access } = target;
  const nobody: Refusal = surface === "git" ? "credential-needed" : "no-access";
  const hidden: Refusal =
    surface === "git" && view.switches.forbiddenGitText === "403-text" ? "forbidden" : "no-access";
  const permission = repository ? permissionOf(view.world, credential, repository) : "none";
  if (!repository || permission === "none") return credential ? hidden : nobody;
  const demand = demandOf(view, repository, ownerOf(view.world, credential));
  if (demand) return demand;
  if (!credential) return access === "read" ? null : "credential-needed";
  const needed = target.needed ?? (access === "read" ? TO_READ : TO_WRITE);
  if (!suffices(credential, needed)) return "scope-missing";
  if (RANK[permission] >= RANK[access]) return null;
  return surface === "git" ? hidden : "administrator-needed";
}

/** The answer to one request about a repository. */
export function authenticate(view: View, presented: Presented, target: Target): Outcome {
  const identity: Identity = identify(view, presented, target.surface);
  const { credential } = identity;
  if (!identity.accepted) return { granted: false, refusal: identity.refusal, credential };
  const refusal = accessRefusal(view, credential, target);
  return refusal ? { granted: false, refusal, credential } : { granted: true, credential };
}
