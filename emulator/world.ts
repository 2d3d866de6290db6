/** What exists on the emulated Bitbucket: plain data, free to be changed while it runs. */

export type Permission = "none" | "read" | "write" | "admin";

export interface SshKey {
  id: number;
  label: string;
  /** Type and key, without what follows them. */
  key: string;
  /** What followed them. */
  comment?: string;
}

export interface Account {
  username: string;
  email: string;
  displayName: string;
  /** With braces, as REST writes it. */
  uuid: string;
  /** The Atlassian account, which owns the API tokens. */
  accountId: string;
  twoStep: boolean;
  sshKeys: SshKey[];
}

export interface Workspace {
  slug: string;
  name: string;
  uuid: string;
  /** User names; `owner` administers. */
  members: Map<string, "owner" | "member">;
  /** Addresses or IPv4 ranges (`203.0.113.0/24`) that may reach private repositories; null: all. */
  allowedAddresses: string[] | null;
  requiresTwoStep: boolean;
}

/** A branch that only these user names may push to. Access tokens never may. [seen] */
interface BranchRestriction {
  branch: string;
  allowed: string[];
}

/** What a commit adds: path to text. */
export interface CommitContent {
  branch?: string;
  message?: string;
  files: Readonly<Record<string, string>>;
}

export interface Repository {
  workspace: string;
  slug: string;
  uuid: string;
  project: string;
  private: boolean;
  mainBranch: string;
  /** By user name; who is absent has `none`. */
  permissions: Map<string, Permission>;
  restrictions: BranchRestriction[];
  deployKeys: SshKey[];
  /** The commits it is created with, oldest first, when it is first touched. */
  history: CommitContent[];
}

export type CredentialKind =
  | "api-token"
  | "app-password"
  | "repository-token"
  | "project-token"
  | "workspace-token"
  | "oauth"
  | "account-password"
  | "data-center";

/** Where a secret may be used, if not everywhere that its owner may go. */
export interface Limit {
  workspace: string;
  project?: string;
  repository?: string;
}

export interface Credential {
  /** How tests and logs speak of it. */
  label: string;
  kind: CredentialKind;
  secret: string;
  /** A user name; null for access tokens, which belong to no account. */
  owner: string | null;
  /** New vocabulary for API tokens, legacy for all others; null: an API token made without scopes. */
  scopes: string[] | null;
  /** The Atlassian app an API token was made for. */
  app: "bitbucket" | "jira" | "confluence";
  limit: Limit | null;
  expiresAt: Date | null;
  revoked: boolean;
  /** What REST tells in `x-token-id`. */
  id: string;
}

export interface World {
  accounts: Map<string, Account>;
  workspaces: Map<string, Workspace>;
  /** By `workspace/slug`. */
  repositories: Map<string, Repository>;
  credentials: Credential[];
}

/** The account behind a credential; null for access tokens. */
export function ownerOf(world: World, credential: Credential | null): Account | null {
  return credential?.owner ? (world.accounts.get(credential.owner) ?? null) : null;
}

/** `workspace/slug`: how a repository is keyed and named. */
export function fullNameOf(repository: Repository): string {
  return `${repository.workspace}/${repository.slug}`;
}

/** Names are matched in any case, as their lower-case slugs. [inferred] */
export function repositoryNamed(world: World, workspace: string, slug: string): Repository | null {
  return world.repositories.get(`${workspace}/${slug}`.toLowerCase()) ?? null;
}

/** Whether an access token, or a token limited to a workspace, covers the repository. */
export function covers(limit: Limit | null, repository: Repository): boolean {
  if (limit === null) return true;
  if (limit.workspace !== repository.workspace) return false;
  if (limit.project !== undefined && limit.project !== repository.project) return false;
  return limit.repository === undefined || limit.repository === repository.slug;
}
