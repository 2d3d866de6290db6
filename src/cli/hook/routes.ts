/** `git rekey hook …`: its part of the command table. */
import { buildCommand, buildRouteMap } from "@stricli/core";
import { formatFlags, text, yesFlags } from "../flags.ts";

const none = { kind: "tuple", parameters: [] } as const;

const install = buildCommand({
  docs: { brief: "Stop commits and pushes here that hold a credential for Bitbucket" },
  parameters: { positional: none, flags: { ...yesFlags, ...formatFlags } },
  loader: async () => (await import("./change.ts")).install,
});

const remove = buildCommand({
  docs: { brief: "Take that out of the hooks again" },
  parameters: { positional: none, flags: { ...yesFlags, ...formatFlags } },
  loader: async () => (await import("./change.ts")).remove,
});

const runHook = buildCommand({
  docs: { brief: "What the hooks call; exit 1 if there is a credential" },
  parameters: {
    positional: {
      kind: "array",
      parameter: { brief: "`pre-commit`, or `pre-push` and the remote", parse: text, placeholder: "hook" },
    },
    flags: {},
  },
  loader: async () => (await import("./run.ts")).run,
});

export const hook = buildRouteMap({
  routes: { install, remove, run: runHook },
  docs: { brief: "Keep credentials out of commits and pushes, beside the hooks that are there" },
});
