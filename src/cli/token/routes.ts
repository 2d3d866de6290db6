/** The part of the command table below `git rekey token`. */
import { buildCommand, buildRouteMap } from "@stricli/core";
import { changeFlags, formatFlags, one, text, yesFlags } from "../flags.ts";

const optional = (placeholder: string, brief: string) =>
  ({ kind: "parsed", parse: text, optional: true, placeholder, brief }) as const;

const whether = (brief: string) => ({ kind: "boolean", default: false, withNegated: false, brief }) as const;

const repository = {
  kind: "parsed",
  parse: text,
  optional: true,
  variadic: true,
  placeholder: "repository",
  brief: "Where it is tried: WORKSPACE/REPO or a URL; may be given several times",
} as const;

const placeFlags = {
  store: optional("place", "Where it is kept: keychain, file, env:NAME or command:PROGRAM …"),
  expires: optional("day", "Its last day: 2027-05-31, 90d or unknown"),
  open: whether("Open the page where it is made"),
} as const;

const whose = {
  username: optional("user", "Bitbucket user name it belongs to, if REST is not to be asked"),
  email: optional("address", "Atlassian account's e-mail, which REST wants"),
} as const;

const purpose = {
  pull: whether("It is for fetching (also if nothing is said)"),
  push: whether("It is for pushing as well"),
  rest: whether("Programs will use it for Bitbucket's REST API as well"),
} as const;

const none = { kind: "tuple", parameters: [] } as const;

const NAME = one("The token's name, as `git rekey token list` shows it", "name");

const add = buildCommand({
  docs: { brief: "Make a token, try it and keep it" },
  parameters: {
    positional: none,
    flags: {
      for: optional("workspace", "Answer for this WORKSPACE or WORKSPACE/REPO alone"),
      name: optional("name", "What to call it"),
      ...whose,
      ...purpose,
      ...placeFlags,
      repository,
      ...changeFlags,
      ...formatFlags,
    },
  },
  loader: async () => (await import("./add.ts")).add,
});

const list = buildCommand({
  docs: { brief: "The tokens, when they expire, and what is left to revoke" },
  parameters: { positional: none, flags: { ...formatFlags } },
  loader: async () => (await import("./list.ts")).list,
});

const check = buildCommand({
  docs: { brief: "Ask Bitbucket whether it still accepts them, or one of them" },
  parameters: { positional: NAME, flags: { repository, ...formatFlags } },
  loader: async () => (await import("./check.ts")).check,
});

const rotate = buildCommand({
  docs: { brief: "Try a new token everywhere the old one is used, then replace it" },
  parameters: {
    positional: NAME,
    flags: {
      ...placeFlags,
      repository,
      unverified: whether("Do without asking Bitbucket about the new one"),
      ...changeFlags,
      ...formatFlags,
    },
  },
  loader: async () => (await import("./rotate.ts")).rotate,
});

const set = buildCommand({
  docs: { brief: "Note what is known of a token: its last day, whose it is, what it is for" },
  parameters: {
    positional: NAME,
    flags: {
      expires: placeFlags.expires,
      ...whose,
      ...purpose,
      ...yesFlags,
      ...formatFlags,
    },
  },
  loader: async () => (await import("./set.ts")).set,
});

const remove = buildCommand({
  docs: { brief: "Forget a token here; it works on until you revoke it at Bitbucket" },
  parameters: { positional: NAME, flags: { ...yesFlags, ...formatFlags } },
  loader: async () => (await import("./remove.ts")).remove,
});

const revoked = buildCommand({
  docs: { brief: "Tick off what you have revoked at Bitbucket" },
  parameters: { positional: NAME, flags: { ...yesFlags, ...formatFlags } },
  loader: async () => (await import("./revoked.ts")).revoked,
});

const expiring = buildCommand({
  docs: { brief: "List tokens that have expired or soon will; exit 1 if any" },
  parameters: {
    positional: none,
    flags: {
      within: {
        kind: "parsed",
        parse: text,
        default: "30d",
        placeholder: "days",
        brief: "How soon, such as 14d",
      },
      format: {
        kind: "enum",
        values: ["text", "json", "prometheus"],
        default: "text",
        brief: "How results are written",
      },
      json: formatFlags.json,
      output: optional("file", "Write to this file instead, in one step"),
      installTimer: {
        kind: "enum",
        values: ["systemd", "launchd", "cron"],
        optional: true,
        brief: "Have the system run it every day, with the options given",
      },
      removeTimer: whether("Take that out again"),
      yes: whether("Agree to the timer as it is shown"),
    },
  },
  loader: async () => (await import("./expiring.ts")).expiring,
});

export const token = buildRouteMap({
  routes: { add, list, check, rotate, set, remove, revoked, expiring },
  docs: { brief: "The tokens that git-rekey keeps, and gives to Git" },
});
