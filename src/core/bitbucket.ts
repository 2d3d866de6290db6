/**
 * Every fact about Bitbucket Cloud, once. Each carries where it comes from; all were checked on 2026-11-23.
 * Marks: [doc] Atlassian's documentation or changelog, [seen] users' transcripts, [inferred] neither.
 */

/** The only host that serves Git over HTTPS. [doc] */
export const GIT_HOST = "bitbucket.org";

/** The only host that serves REST to tokens since 2026-05-04 (CHANGE-3052). [doc] */
export const REST_HOST = "api.bitbucket.org";

/** The SSH host for networks that block port 22 (it listens on 443). [doc] */
export const SSH_ALT_HOST = "altssh.bitbucket.org";

/** The only user of Bitbucket's SSH hosts. [doc] */
export const SSH_USER = "git";

/** A host key in the two parts that a known_hosts line has, with its fingerprint. */
export interface HostKey {
  type: string;
  /** Base64. */
  key: string;
  /** SHA-256, as ssh prints it; computed from the key. */
  fingerprint: string;
}

/** The keys by which Bitbucket's SSH hosts show themselves; also at https://bitbucket.org/site/ssh. [doc] */
export const SSH_HOST_KEYS: readonly HostKey[] = [
  {
    type: "ssh-ed25519",
    key: "AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO",
    fingerprint: "SHA256:ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM",
  },
  {
    type: "ecdsa-sha2-nistp256",
    key: "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPIQmuzMBuKdWeF4+a2sjSSpBK0iqitSQ+5BM9KhpexuGt20JpTVM7u5BDZngncgrqDMbWdxMWWOGtZ9UgbqgZE=",
    fingerprint: "SHA256:FC73VB6C4OQLSCrjEayhMp9UMxS97caD/Yyi2bhW/J0",
  },
  {
    type: "ssh-rsa",
    key: "AAAAB3NzaC1yc2EAAAADAQABAAABgQDQeJzhupRu0u0cdegZIa8e86EG2qOCsIsD1Xw0xSeiPDlCr7kq97NLmMbpKTX6Esc30NuoqEEHCuc7yWtwp8dI76EEEB1VqY9QJq6vk+aySyboD5QF61I/1WeTwu+deCbgKMGbUijeXhtfbxSxm6JwGrXrhBdofTsbKRUsrN1WoNgUa8uqN1Vx6WAJw1JHPhglEGGHea6QICwJOAr/6mrui/oB7pkaWKHj3z7d1IC4KWLtY47elvjbaTlkN04Kc/5LFEirorGYVbt15kAUlqGM65pk6ZBxtaO3+30LVlORZkxOh+LKL/BvbZ/iRNhItLqNyieoQj/uh/7Iv4uyH/cV/0b4WDSd3DptigWq84lJubb9t/DnZlrJazxyDCulTmKdOR7vs9gMTo+uoIrPSb8ScTtvw65+odKAlBj59dhnVp9zd7QUojOpXlL62Aw56U4oO+FALuevvMjiWeavKhJqlR7i5n9srYcrNV7ttmDw7kf/97P5zauIhxcjX+xHv4M=",
    fingerprint: "SHA256:46OSHA1Rmj8E8ERTC6xkNcmGOw9oFxYr0WF6zWW8l1E",
  },
];

/** The RSA key that Bitbucket gave up on 2023-06-20, because it may have been seen. Whoever shows it is not Bitbucket. [doc] */
export const SSH_RETIRED_HOST_KEY: HostKey = {
  type: "ssh-rsa",
  key: "AAAAB3NzaC1yc2EAAAABIwAAAQEAubiN81eDcafrgMeLzaFPsw2kNvEcqTKl/VqLat/MaB33pZy0y3rJZtnqwR2qOOvbwKZYKiEO1O6VqNEBxKvJJelCq0dTXWT5pbO2gDXC6h6QDXCaHo6pOHGPUy+YBaGQRGuSusMEASYiWunYN0vCAI8QaXnWMXNMdFP3jHAJH0eDsoiGnLPBlBp4TNm6rYI74nMzgz3B9IikW4WVK+dc8KZJZWYjAuORU3jc1c/NPskD2ASinf8v3xnfXeukU0sJ5N6m5E8VLjObPEO+mN2t/FZTMZLiFqPWc/ALSqnMnnhwrNi2rbfg/rd/IpL8Le3pSBne8+seeFVBoGqzHM9yXw==",
  fingerprint: "SHA256:zzXQOXSRBEiUtuE8AikJYKwbHaxvSc0ojez9YXaGp1A",
};

/** The port of `SSH_ALT_HOST`. [doc] */
export const SSH_ALT_PORT = 443;

/** Where the proxy of a Pipelines step listens, which signs in what comes over plain HTTP. [doc] */
export const PIPELINES_PROXY_PORT = 29418;

/** Days that changed how Bitbucket answers, ISO 8601, UTC. */
export const DATES = {
  /** Last day on which app passwords could be made. [doc] */
  appPasswordsNoLongerCreated: "2025-09-09",
  /** App passwords begin to be refused for some hours a day. [doc] */
  brownoutsBegin: "2026-06-09",
  /** App passwords are refused for good (CHANGE-3222). [doc] */
  appPasswordsRemoved: "2026-07-28",
  /** Account passwords stop working for Git. [inferred from the name of the announcement] */
  accountPasswordsRemoved: "2022-03-01",
} as const;

/** The user name Git may send with any API token that has scopes. [doc] */
export const API_TOKEN_USER = "x-bitbucket-api-token-auth";

/** The user name Git must send with repository, project and workspace access tokens, and with OAuth. [doc] */
export const ACCESS_TOKEN_USER = "x-token-auth";

/** What a person opens in a browser. [doc] */
export const PAGES = {
  apiTokens: "https://id.atlassian.com/manage-profile/security/api-tokens",
  appPasswords: "https://bitbucket.org/account/settings/app-passwords/",
  accountSettings: "https://bitbucket.org/account/settings/",
  email: "https://bitbucket.org/account/settings/email/",
  sshKeys: "https://bitbucket.org/account/settings/ssh-keys/",
  changelog: "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222",
  status: "https://bitbucket.status.atlassian.com/",
  sourcetree: "https://www.sourcetreeapp.com/",
} as const;

/**
 * The first Sourcetree that signs in with API tokens; those before it say "couldn't connect" (SRCTREE-8218). [seen,
 * Atlassian community, 2025-11-07; staff have also named 4.2.14 for macOS]
 */
export const SOURCETREE_WITH_API_TOKENS = { windows: [3, 4, 24], macos: [4, 2, 13] } as const;

/** What an API token for Sourcetree must be allowed, beside pull requests: it asks REST who and where it is. [doc] */
export const SOURCETREE_SCOPES = [
  "read:user:bitbucket",
  "read:workspace:bitbucket",
  "read:repository:bitbucket",
  "write:repository:bitbucket",
] as const;

/** The page where an administrator of one repository makes an access token for it. [doc] */
export function accessTokenPage(workspace: string, repository: string): string {
  return `https://bitbucket.org/${workspace}/${repository}/admin/access-tokens`;
}

/** The page where an administrator of one repository adds an access key to it. [seen, one source] */
export function accessKeysPage(workspace: string, repository: string): string {
  return `https://bitbucket.org/${workspace}/${repository}/admin/access-keys/`;
}

/** Where an administrator finds a workspace's access tokens; their own address is not known. [seen, one source] */
export function workspaceSettingsPage(workspace: string): string {
  return `https://bitbucket.org/${workspace}/workspace/settings/`;
}

/** What an access token is for, by what REST calls its kind in `x-credential-type`. [seen, trufflehog's analyzer; the first: doc] */
const ACCESS_TOKEN_OF: Readonly<Record<string, "repository" | "project" | "workspace">> = {
  repo_access_token: "repository",
  project_access_token: "project",
  workspace_access_token: "workspace",
};

/** What kind of access token REST says that it is; null where it does not say, or names no such kind. */
export function accessTokenOf(credentialType: string | null): "repository" | "project" | "workspace" | null {
  return credentialType !== null && Object.hasOwn(ACCESS_TOKEN_OF, credentialType)
    ? (ACCESS_TOKEN_OF[credentialType] ?? null)
    : null;
}

/** Scopes by what they are needed for: new names for API tokens, legacy names for access tokens. [doc] */
export const SCOPES = {
  apiToken: {
    read: "read:repository:bitbucket",
    write: "write:repository:bitbucket",
    user: "read:user:bitbucket",
  },
  accessToken: { read: "repository", write: "repository:write" },
} as const;

/** Whether a scope gives more than Git or reading ever needs. Both vocabularies. */
export function isExcessiveScope(scope: string): boolean {
  return /^(admin|delete|manage):/.test(scope) || /:(admin|delete)$/.test(scope);
}

/** What a secret is, as far as its text tells. */
export const SECRET_KINDS = [
  "app-password",
  "legacy-app-password",
  "api-token",
  "access-token",
  "oauth",
  "data-center",
  "unknown",
] as const;

export type SecretKind = (typeof SECRET_KINDS)[number];

/** The words for a kind in a sentence, with their article. */
export const KIND_WORDS: Readonly<Record<SecretKind, string>> = {
  "app-password": "an app password",
  "legacy-app-password": "an app password of the oldest form",
  "api-token": "an API token",
  "access-token": "an access token",
  oauth: "an OAuth token",
  "data-center": "a Bitbucket Data Center token",
  unknown: "a password",
};

/** How a token of each prefixed kind begins. API tokens with and without scopes begin alike. [seen, Atlassian staff 2025-08-25] */
export const PREFIX = {
  appPassword: "ATBB",
  apiToken: "ATATT",
  apiTokenFull: "ATATT3xFfGF0",
  accessToken: "ATCTT",
  accessTokenFull: "ATCTT3xFfGN0",
  dataCenter: "BBDC-",
  jwt: "eyJ",
} as const;

/** The user name Git must send with a secret of this kind; null where it depends on the account. */
export function gitUserFor(kind: SecretKind): string | null {
  if (kind === "api-token") return API_TOKEN_USER;
  if (kind === "access-token" || kind === "oauth") return ACCESS_TOKEN_USER;
  return null;
}

/** A repository on Bitbucket Cloud. */
export interface RepositoryName {
  workspace: string;
  repository: string;
}

/** `workspace/repository`, as people say it. */
export function fullNameOf({ workspace, repository }: RepositoryName): string {
  return `${workspace}/${repository}`;
}

/** The same for sets and comparisons: Bitbucket does not tell capital letters from small ones. */
export function repositoryKey(name: RepositoryName): string {
  return fullNameOf(name).toLowerCase();
}

/** Reads `/ws/repo(.git)` and what Git or LFS may append; null where the path names no repository. */
export function repositoryOf(path: string): RepositoryName | null {
  const found = /^\/?([^/?#]+)\/([^/?#]+?)(?:\.git)?(?:\/.*)?$/.exec(path);
  const [, workspace, repository] = found ?? [];
  return workspace && repository ? { workspace, repository } : null;
}
