/** `--with helper`: each hiding place, and what Git asks afterwards. */
import { type Line, scenarios } from "./run-scenario.ts";

const FLAGS = ["--with", "helper", "--store", "file"];
const OWN = { flags: FLAGS };
const UNSENT = { flags: FLAGS, sends: null, finding: "no-credential" } as const;

const ROWS: readonly Line[] = [
  ["app password", "store", "fetch", OWN],
  ["app password", "store", "push", OWN],
  ["token expired", "store", "push", OWN],
  ["app password", "store, user in the URL", "fetch", OWN],
  ["token revoked", "store, user in the URL", "push", OWN],
  ["app password", "store, another user in the URL", "fetch", OWN],
  ["app password", "store, user name pinned to an e-mail", "fetch", { ...OWN, ...UNSENT }],
  ["app password", "store for Bitbucket alone", "fetch", OWN],
  ["app password", "store, two files, both stale", "push", OWN],
  ["app password", "useHttpPath", "fetch", OWN],
  ["app password", "useHttpPath", "push", OWN],
  ["app password", "cache", "fetch", OWN],
  ["token expired", "cache", "push", OWN],
  ["app password", "remote URL", "fetch", OWN],
  ["app password", "remote URL", "push", OWN],
  ["app password", "remote URL, no helper", "fetch", OWN],
  ["app password", "pushurl alone", "push", OWN],
  ["app password", "netrc, several lines", "fetch", OWN],
  ["app password", "netrc before a helper", "push", OWN],
  ["token expired", "netrc, one line", "fetch", OWN],
  ["app password", "netrc under the URL's user", "fetch", OWN],
  ["app password", "header, Bitbucket", "fetch", OWN],
  ["app password", "header, this repository", "push", OWN],
  ["app password", "header among others", "fetch", OWN],
  ["app password", "insteadOf", "fetch", OWN],
  ["app password", "insteadOf with a short name", "push", OWN],
  ["app password", "included by folder", "fetch", OWN],
  ["app password", "a helper by folder", "fetch", OWN],
  ["app password", "a helper of the repository's own", "fetch", OWN],
  ["app password", "a helper of the repository's own", "push", OWN],
  ["app password", "a helper in a local include", "fetch", OWN],
  ["app password", "helpers after a reset", "push", OWN],
  ["app password", "a helper of the work tree's own", "fetch", OWN],
  ["app password", "a helper of the repository's own", "fetch", { ...OWN, ground: "worktree" }],
  ["app password", "remote URL", "push", { ...OWN, ground: "worktree" }],
  ["app password", "store", "fetch", { ...OWN, ground: "bare" }],
  ["app password", "store", "push", { ...OWN, ground: "odd-path" }],
  ["app password", "store", "fetch", { ...OWN, ground: "crlf" }],
  ["app password", "no credential, no helper", "fetch", UNSENT],
  ["app password", "no credential, store is empty", "push", UNSENT],
  ["access token expired", "store", "fetch", { ...OWN, token: "repository-token" }],
  ["access token expired", "remote URL, no helper", "push", { ...OWN, token: "repository-token" }],
  ["e-mail as user", "store", "fetch", OWN],
  ["e-mail as user", "store", "push", { ...OWN, kept: true, token: "api-token-expiring" }],
  ["e-mail as user", "store, user in the URL", "fetch", { ...OWN, kept: true, token: "api-token-expiring" }],
  ["token expired", "stale store before a good one", "fetch", { ...OWN, finding: "helper-shadowed" }],
  ["app password", "a shell helper", "fetch", { ...OWN, flags: [...FLAGS, "--accept", "app-password-sent"] }],
];

scenarios(ROWS);
