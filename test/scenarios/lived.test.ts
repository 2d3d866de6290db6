/** Git goes on using, adding to and reordering its store between the fix and the undo: taken back entry by entry. */
import { scenarios } from "./run-scenario.ts";

const lived = true;

scenarios([
  ["app password", "store", "fetch", { lived }],
  ["app password", "store", "push", { lived }],
  ["token expired", "store", "fetch", { lived }],
  ["app password", "store, user in the URL", "fetch", { lived }],
  ["app password", "store, another user in the URL", "fetch", { lived }],
  ["app password", "store --file with a blank", "fetch", { lived }],
  ["app password", "store in XDG", "fetch", { lived }],
  ["app password", "store, by path", "fetch", { lived }],
  ["app password", "store, two accounts", "push", { lived }],
  ["app password", "store, two files, both stale", "fetch", { lived }],
  ["app password", "stale store before an empty one", "fetch", { lived }],
  ["app password", "helpers after a reset", "fetch", { lived }],
  ["app password", "remote URL", "fetch", { lived }],
  ["app password", "insteadOf", "fetch", { lived, flags: ["--store", "git-store"] }],
]);
