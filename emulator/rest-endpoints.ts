/** Every REST endpoint there is, with the scopes it needs. Scopes and paths are from Atlassian's OpenAPI. [doc] */
import type { Call, Emulated } from "./emulated.ts";
import * as keys from "./rest-keys.ts";
import * as lists from "./rest-lists.ts";
import { serveSource } from "./rest-source.ts";
import type { Needed } from "./scopes.ts";
import type { Credential, Repository } from "./world.ts";

/** A request that has been granted. */
export interface Granted {
  of: Emulated;
  call: Call;
  credential: Credential | null;
  /** The one of the address; never null for endpoints about a repository. */
  repository: Repository | null;
  /** The named parts of the address. */
  parameters: Record<string, string>;
}

export interface Endpoint {
  method: "GET" | "POST" | "DELETE";
  /** Below `/2.0`. */
  path: RegExp;
  needed: Needed;
  /** `account`: an account must ask. `repository`: it must be visible to whoever asks. */
  about: "account" | "repository" | "workspace";
  /** The permission needed in the repository; default: read. */
  access?: "admin";
  answer(granted: Granted): Response | Promise<Response>;
}

const scope = (name: string): string => `${name}:bitbucket`;
const READ: Needed = { scopes: [scope("read:repository")], legacy: ["repository"] };
const USER: Needed = { scopes: [scope("read:user")], legacy: ["account"] };
const WORKSPACE: Needed = { scopes: [scope("read:workspace")], legacy: ["account"] };

function deployKeys(verb: "read" | "write" | "delete"): Needed {
  const more = verb === "read" ? [] : [scope(`${verb}:ssh-key`)];
  return { scopes: [scope("admin:repository"), ...more], legacy: ["repository", "repository:admin"] };
}

const SSH_KEYS: Readonly<Record<"read" | "write" | "delete", Needed>> = {
  read: { scopes: [scope("read:ssh-key")], legacy: ["account"] },
  write: { scopes: [scope("read:ssh-key"), scope("write:ssh-key")], legacy: ["account:write"] },
  delete: { scopes: [scope("delete:ssh-key")], legacy: ["account:write"] },
};

const IN_REPOSITORY = "^/repositories/(?<workspace>[^/]+)/(?<slug>[^/]+)";
const IN_USER = "^/users/(?<user>[^/]+)/ssh-keys";
const at = (start: string, rest: string): RegExp => new RegExp(`${start}${rest}$`);
const admin = { about: "repository", access: "admin" } as const;

/** In the order in which they are tried. */
export const ENDPOINTS: readonly Endpoint[] = [
  { method: "GET", path: /^\/user\/?$/, needed: USER, about: "account", answer: lists.user },
  {
    method: "GET",
    path: /^\/user\/emails\/?$/,
    needed: { scopes: USER.scopes, legacy: ["email"] },
    about: "account",
    answer: lists.emails,
  },
  {
    method: "GET",
    path: /^\/user\/workspaces\/?$/,
    needed: WORKSPACE,
    about: "account",
    answer: lists.workspaces,
  },
  {
    method: "GET",
    path: /^\/user\/workspaces\/(?<workspace>[^/]+)\/permission$/,
    needed: WORKSPACE,
    about: "account",
    answer: lists.workspacePermission,
  },
  {
    method: "GET",
    path: /^\/user\/workspaces\/(?<workspace>[^/]+)\/permissions\/repositories$/,
    needed: { scopes: READ.scopes, legacy: ["account", "repository"] },
    about: "account",
    answer: lists.repositoryPermissions,
  },
  {
    method: "GET",
    path: /^\/repositories\/(?<workspace>[^/]+)\/?$/,
    needed: READ,
    about: "workspace",
    answer: lists.repositories,
  },
  {
    method: "GET",
    path: at(IN_REPOSITORY, "/?"),
    needed: READ,
    about: "repository",
    answer: lists.repository,
  },
  {
    method: "GET",
    path: at(IN_REPOSITORY, "/src(?:/(?<commit>[^/]*)(?:/(?<path>.*))?)?"),
    needed: READ,
    about: "repository",
    answer: serveSource,
  },
  {
    method: "GET",
    path: at(IN_REPOSITORY, "/deploy-keys"),
    needed: deployKeys("read"),
    ...admin,
    answer: keys.listDeployKeys,
  },
  {
    method: "POST",
    path: at(IN_REPOSITORY, "/deploy-keys"),
    needed: deployKeys("write"),
    ...admin,
    answer: keys.addDeployKey,
  },
  {
    method: "DELETE",
    path: at(IN_REPOSITORY, "/deploy-keys/(?<key>[^/]+)"),
    needed: deployKeys("delete"),
    ...admin,
    answer: keys.removeDeployKey,
  },
  {
    method: "GET",
    path: at(IN_USER, "/?"),
    needed: SSH_KEYS.read,
    about: "account",
    answer: keys.listSshKeys,
  },
  {
    method: "POST",
    path: at(IN_USER, "/?"),
    needed: SSH_KEYS.write,
    about: "account",
    answer: keys.addSshKey,
  },
  {
    method: "DELETE",
    path: at(IN_USER, "/(?<key>[^/]+)"),
    needed: SSH_KEYS.delete,
    about: "account",
    answer: keys.removeSshKey,
  },
];
