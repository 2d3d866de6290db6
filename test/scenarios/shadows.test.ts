/** What goes before every helper: netrc, headers, rewriting rules, includes. */
import { scenarios } from "./run-scenario.ts";

scenarios([
  ["app password", "header before a good store", "fetch", { kept: true, token: "api-token-keys" }],
  ["app password", "header before a good store", "push"],
  ["app password", "netrc before a good store", "fetch", { kept: true, token: "api-token-keys" }],
  ["app password", "netrc before a good store", "push"],
  ["app password", "netrc, default entry", "fetch", { flags: ["--accept", "netrc-shadows"] }],
  ["app password", "netrc, one line", "fetch"],
  ["app password", "netrc, several lines", "push"],
  ["app password", "netrc before a helper", "fetch"],
  ["token expired", "netrc, several lines", "fetch"],
  ["app password", "netrc under the URL's user", "fetch"],
  ["app password", "header, all hosts", "fetch", { flags: ["--store", "git-store"] }],
  ["app password", "header, Bitbucket", "fetch", { flags: ["--store", "git-store"] }],
  ["app password", "header, Bitbucket", "push", { flags: ["--store", "git-store"] }],
  ["token expired", "header, this repository", "fetch", { flags: ["--store", "git-store"] }],
  ["app password", "header among others", "fetch", { flags: ["--store", "git-store"] }],
  [
    "access token expired",
    "header, Bearer",
    "fetch",
    { flags: ["--store", "git-store"], token: "repository-token" },
  ],
  ["app password", "insteadOf", "fetch", { flags: ["--store", "git-store"] }],
  ["app password", "insteadOf", "push", { flags: ["--store", "git-store"] }],
  ["app password", "insteadOf with a short name", "fetch", { flags: ["--store", "git-store"] }],
  ["app password", "pushInsteadOf", "push"],
  ["app password", "included header", "fetch", { flags: ["--store", "git-store"] }],
  ["app password", "included by folder", "fetch", { flags: ["--store", "git-store"] }],
  ["token expired", "included by folder", "push", { flags: ["--store", "git-store"] }],
]);
