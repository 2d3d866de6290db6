import * as v from "valibot";
import type { CheckedToken, Look, TokenCheck } from "../core/token-look.ts";
import { contract } from "./contract.ts";
import { tool, when } from "./parts.ts";

const text = v.string();

const look = contract<Look>()(
  v.strictObject({
    what: text,
    state: v.picklist(["accepted", "refused", "unknown", "not-asked"]),
    why: v.nullable(text),
  }),
);

const token = contract<CheckedToken>()(
  v.strictObject({
    name: text,
    verdict: v.picklist(["accepted", "refused", "unknown", "not-looked"]),
    looks: v.array(look),
    scopes: v.nullable(v.array(text)),
  }),
);

/** What `git rekey token check` prints with `--json`. */
export const tokenCheck = contract<TokenCheck>()(
  v.strictObject({
    schema: v.literal("git-rekey/token-check@1"),
    tool,
    at: when,
    host: text,
    user: text,
    tokens: v.array(token),
  }),
);
