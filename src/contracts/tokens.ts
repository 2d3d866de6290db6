import * as v from "valibot";
import type { Reach, SecretPlace, Unrevoked } from "../core/account.ts";
import type { ReportedToken, TokenReport } from "../core/token-report.ts";
import { contract } from "./contract.ts";
import { count, tool, when } from "./parts.ts";

const text = v.string();

export const day = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/));

export const tokenKind = v.picklist(["api-token", "access-token"]);

export const reach = contract<Reach>()(
  v.nullable(v.strictObject({ workspace: text, repository: v.nullable(text) })),
);

export const rights = v.array(v.picklist(["pull", "push", "rest"]));

export const secretPlace = contract<SecretPlace>()(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("file"), name: text }),
    v.strictObject({ kind: v.literal("keychain"), name: text }),
    v.strictObject({ kind: v.literal("env"), name: text }),
    v.strictObject({ kind: v.literal("command"), argv: v.array(text) }),
  ]),
);

const token = contract<ReportedToken>()(
  v.strictObject({
    name: text,
    kind: tokenKind,
    reach,
    gitUser: text,
    username: v.nullable(text),
    email: v.nullable(text),
    rights,
    expires: v.nullable(day),
    daysLeft: v.nullable(v.pipe(v.number(), v.integer())),
    secret: secretPlace,
    added: when,
    acceptedAt: v.nullable(when),
    refusedAt: v.nullable(when),
    refusals: count,
  }),
);

const unrevoked = contract<Unrevoked>()(
  v.strictObject({
    name: text,
    kind: v.picklist(["api-token", "access-token", "app-password"]),
    page: text,
    since: when,
  }),
);

/** What `git rekey token list` and `token expiring` print with `--json`. */
export const tokens = contract<TokenReport>()(
  v.strictObject({
    schema: v.literal("git-rekey/tokens@1"),
    tool,
    at: when,
    host: text,
    user: text,
    tokens: v.array(token),
    toRevoke: v.array(unrevoked),
  }),
);
