/** Repositories of every shape, and set-ups of which several files are part. */
import { scenarios } from "./run-scenario.ts";

scenarios([
  ["app password", "store", "fetch", { ground: "bare" }],
  ["app password", "remote URL", "push", { ground: "bare" }],
  ["token expired", "store", "push", { ground: "bare" }],
  ["app password", "store", "fetch", { ground: "worktree" }],
  ["app password", "remote URL", "push", { ground: "worktree" }],
  [
    "app password",
    "header, this repository",
    "fetch",
    { ground: "worktree", flags: ["--store", "git-store"] },
  ],
  ["app password", "store", "fetch", { ground: "odd-path" }],
  ["app password", "remote URL", "push", { ground: "odd-path" }],
  [
    "access token of another repository",
    "remote URL",
    "fetch",
    { ground: "odd-path", token: "repository-token" },
  ],
  ["app password", "store", "fetch", { ground: "crlf" }],
  ["app password", "remote URL", "fetch", { ground: "crlf" }],
  ["app password", "header, all hosts", "push", { ground: "crlf", flags: ["--store", "git-store"] }],
  ["app password", "insteadOf", "fetch", { ground: "crlf", flags: ["--store", "git-store"] }],
  ["app password", "remote URL, no helper", "fetch", { flags: ["--store", "git-store"] }],
  [
    "app password",
    "no credential, no helper",
    "fetch",
    {
      flags: ["--store", "git-store"],
      finding: "no-credential",
      sends: null,
    },
  ],
  [
    "app password",
    "a shell helper",
    "fetch",
    {
      flags: ["--accept", "app-password-sent", "--store", "git-store"],
      finding: "app-password-sent",
    },
  ],
  // Git 2.39 erases by user name alone, whatever the password: the new token must survive its namesake.
  ["token expired", "store, user in the URL", "fetch"],
  ["token revoked", "store, user in the URL", "push"],
  ["token expired", "store, twice the same user", "fetch"],
  ["token expired", "cache", "push"],
  ["token expired", "store, two files, both stale", "push"],
  ["token expired", "stale store before an empty one", "fetch"],
  ["app password", "stale store before a good one", "fetch", { kept: true, token: "api-token-keys" }],
  [
    "token expired",
    "stale store before a good one",
    "push",
    { kept: true, token: "api-token-keys", finding: "helper-shadowed" },
  ],
  // A person who chooses a place wants the new token there.
  ["app password", "stale store before a good one", "push", { flags: ["--store", "git-store"] }],
]);
