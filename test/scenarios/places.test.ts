/** The app password and the expired token, in every hiding place. */
import { scenarios } from "./run-scenario.ts";

scenarios([
  ["app password", "store, user in the URL", "fetch"],
  ["app password", "store, user in the URL", "push"],
  ["app password", "store, another user in the URL", "fetch"],
  ["app password", "store --file with a blank", "fetch"],
  ["app password", "store --file under ~", "push"],
  ["app password", "store in XDG", "fetch"],
  ["token expired", "store in XDG", "push"],
  ["app password", "store for Bitbucket alone", "fetch"],
  ["app password", "store, by path", "fetch"],
  ["token expired", "store, by path", "push"],
  ["app password", "store, twice the same user", "fetch"],
  ["app password", "store, two accounts", "fetch"],
  ["app password", "store, two files, both stale", "fetch"],
  ["app password", "stale store before an empty one", "fetch"],
  ["app password", "helpers after a reset", "fetch"],
  ["app password", "cache", "fetch"],
  ["app password", "cache", "push"],
  ["token expired", "cache", "fetch"],
  ["app password", "remote URL", "fetch"],
  ["app password", "remote URL", "push"],
  ["token revoked", "remote URL", "fetch", {}],
  ["app password", "pushurl alone", "push"],
  ["app password", "several URLs", "push"],
]);
