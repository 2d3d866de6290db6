/** A small Bitbucket that tests and the demo know by name. */
import { randomUUID } from "node:crypto";
import { SCOPES } from "../src/core/bitbucket.ts";
import { type Issue, issue } from "./issue.ts";
import type { Account, CommitContent, Permission, Repository, Workspace, World } from "./world.ts";

const braced = (): string => `{${randomUUID()}}`;

/** An account; what is not given is made from the name. */
export function makeAccount(username: string, given: Partial<Account> = {}): Account {
  return {
    username,
    email: `${username}@acme.example`,
    displayName: username.charAt(0).toUpperCase() + username.slice(1),
    uuid: braced(),
    accountId: `557058:${randomUUID()}`,
    twoStep: true,
    sshKeys: [],
    ...given,
  };
}

/** A workspace without members, open to all addresses. */
export function makeWorkspace(slug: string, given: Partial<Workspace> = {}): Workspace {
  const base = { slug, name: slug, uuid: braced(), allowedAddresses: null, requiresTwoStep: false };
  return { ...base, members: new Map(), ...given };
}

/** A private repository with one commit, to which only owners of the workspace have access. */
export function makeRepository(fullName: string, given: Partial<Repository> = {}): Repository {
  const [workspace = "", slug = ""] = fullName.split("/");
  return {
    workspace,
    slug,
    uuid: braced(),
    project: "WEB",
    private: true,
    mainBranch: "main",
    permissions: new Map(),
    restrictions: [],
    deployKeys: [],
    history: [{ message: "First", files: { "README.md": `# ${slug}\n` } }],
    ...given,
  };
}

const { read, write, user } = SCOPES.apiToken;
const EVERYDAY = [read, write, user, "read:workspace:bitbucket"];
const SITE = { workspace: "acme", repository: "site" };

/** Every kind of credential, by label. */
const CREDENTIALS: readonly Issue[] = [
  { label: "api-token", kind: "api-token", owner: "ana", scopes: EVERYDAY },
  { label: "api-token-read", kind: "api-token", owner: "ana", scopes: [read] },
  { label: "api-token-write-only", kind: "api-token", owner: "ana", scopes: [write] },
  { label: "api-token-admin-only", kind: "api-token", owner: "ana", scopes: ["admin:repository:bitbucket"] },
  { label: "api-token-user-only", kind: "api-token", owner: "ana", scopes: [user] },
  {
    label: "api-token-keys",
    kind: "api-token",
    owner: "ana",
    scopes: [
      ...EVERYDAY,
      "admin:repository:bitbucket",
      "read:ssh-key:bitbucket",
      "write:ssh-key:bitbucket",
      "delete:ssh-key:bitbucket",
    ],
  },
  { label: "api-token-unscoped", kind: "api-token", owner: "ana", scopes: null },
  { label: "api-token-jira", kind: "api-token", owner: "ana", scopes: ["read:jira-work"], app: "jira" },
  { label: "api-token-expired", kind: "api-token", owner: "ana", scopes: EVERYDAY, expiresInDays: -1 },
  { label: "api-token-expiring", kind: "api-token", owner: "ana", scopes: EVERYDAY, expiresInDays: 5 },
  { label: "api-token-revoked", kind: "api-token", owner: "ana", scopes: EVERYDAY, revoked: true },
  {
    label: "api-token-other-workspace",
    kind: "api-token",
    owner: "ana",
    scopes: EVERYDAY,
    limit: { workspace: "other" },
  },
  { label: "api-token-bob", kind: "api-token", owner: "bob", scopes: EVERYDAY },
  { label: "api-token-eve", kind: "api-token", owner: "eve", scopes: EVERYDAY },
  { label: "app-password", kind: "app-password", owner: "ana", scopes: ["account", "repository:write"] },
  {
    label: "legacy-app-password",
    kind: "app-password",
    owner: "ana",
    scopes: ["repository:write"],
    oldForm: true,
  },
  { label: "app-password-bob", kind: "app-password", owner: "bob", scopes: ["repository:write"] },
  { label: "repository-token", kind: "repository-token", limit: SITE, scopes: ["repository:write"] },
  { label: "repository-token-read", kind: "repository-token", limit: SITE, scopes: ["repository"] },
  {
    label: "repository-token-pullrequest",
    kind: "repository-token",
    limit: SITE,
    scopes: ["pullrequest:write"],
  },
  { label: "repository-token-pipeline", kind: "repository-token", limit: SITE, scopes: ["pipeline:write"] },
  {
    label: "repository-token-expired",
    kind: "repository-token",
    limit: SITE,
    scopes: ["repository"],
    expiresInDays: -1,
  },
  {
    label: "repository-token-revoked",
    kind: "repository-token",
    limit: SITE,
    scopes: ["repository"],
    revoked: true,
  },
  {
    label: "repository-token-docs",
    kind: "repository-token",
    limit: { workspace: "acme", repository: "docs" },
    scopes: ["repository:write"],
  },
  {
    label: "project-token",
    kind: "project-token",
    limit: { workspace: "acme", project: "WEB" },
    scopes: ["repository:write"],
  },
  {
    label: "workspace-token",
    kind: "workspace-token",
    limit: { workspace: "acme" },
    scopes: ["repository:write", "account"],
  },
  { label: "oauth", kind: "oauth", owner: "ana", scopes: ["repository:write", "account"] },
  { label: "oauth-expired", kind: "oauth", owner: "ana", scopes: ["repository:write"], expiresInDays: -1 },
  { label: "account-password", kind: "account-password", owner: "ana" },
  { label: "account-password-bob", kind: "account-password", owner: "bob" },
  { label: "data-center", kind: "data-center", owner: "ana" },
];

const SITE_HISTORY: readonly CommitContent[] = [
  { message: "First", files: { "README.md": "# site\n", "src/index.html": "<h1>site</h1>\n" } },
  { message: "Draft", branch: "draft", files: { "draft.txt": "not yet\n" } },
];

const people = (of: Record<string, Permission>): Map<string, Permission> => new Map(Object.entries(of));

/**
 * Workspace `acme` with `site` (private, branches main and draft), `docs` (public), `guarded` (nobody may push to
 * main), `empty` (no commit), and one repository per fault by name; workspace `other` with `tools`. `ana` owns
 * both workspaces, `bob` may read `site` and `guarded` and write `docs`, `eve` is a stranger.
 */
export function defaultWorld(now: Date): World {
  const repositories = [
    makeRepository("acme/site", { permissions: people({ bob: "read" }), history: [...SITE_HISTORY] }),
    makeRepository("acme/docs", { private: false, project: "DOCS", permissions: people({ bob: "write" }) }),
    makeRepository("acme/guarded", {
      project: "OPS",
      permissions: people({ bob: "read" }),
      restrictions: [{ branch: "main", allowed: [] }],
    }),
    makeRepository("acme/empty", { project: "OPS", history: [] }),
    makeRepository("acme/fault-rate-limited"),
    makeRepository("acme/fault-unavailable"),
    makeRepository("acme/fault-cut"),
    makeRepository("acme/fault-slow"),
    makeRepository("other/tools"),
  ];
  const members = (...names: string[]): Workspace["members"] =>
    new Map([["ana", "owner" as const], ...names.map((each) => [each, "member"] as const)]);
  const world: World = {
    accounts: new Map(
      [
        makeAccount("ana"),
        makeAccount("bob", { twoStep: false }),
        makeAccount("eve", { email: "eve@else.example" }),
      ].map((each) => [each.username, each]),
    ),
    workspaces: new Map([
      ["acme", makeWorkspace("acme", { name: "Acme", members: members("bob") })],
      ["other", makeWorkspace("other", { name: "Other", members: members() })],
    ]),
    repositories: new Map(repositories.map((each) => [`${each.workspace}/${each.slug}`, each])),
    credentials: [],
  };
  for (const each of CREDENTIALS) issue(world, each, now);
  return world;
}
