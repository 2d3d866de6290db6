import * as v from "valibot";
import type { FileChange, HelperChange, Proof, Receipt } from "../core/receipt.ts";
import { contract } from "./contract.ts";
import { numberFromOne, tool, when } from "./parts.ts";

const text = v.string();
const hash = v.nullable(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)));

const change = contract<FileChange>()(
  v.strictObject({
    file: text,
    before: hash,
    after: hash,
    what: text,
    state: v.picklist(["changed", "restored", "restored-entries", "already-as-before", "left-alone"]),
    reason: v.nullable(text),
  }),
);

const helper = contract<HelperChange>()(
  v.strictObject({
    helper: text,
    what: text,
    state: v.picklist(["stored", "erased", "restored", "not-restored"]),
    reason: v.nullable(text),
  }),
);

const proof = contract<Proof>()(
  v.strictObject({
    direction: v.picklist(["fetch", "push"]),
    remote: v.nullable(text),
    url: text,
    how: v.picklist(["prove", "verify"]),
    result: v.picklist(["succeeded", "failed", "not-run"]),
    detail: v.nullable(text),
    through: v.exactOptional(v.literal("sourcetree")),
  }),
);

/** What `fix`, `apply` and `undo` print with `--json`. */
export const receipt = contract<Receipt>()(
  v.strictObject({
    schema: v.literal("git-rekey/receipt@1"),
    tool,
    id: v.nullable(numberFromOne),
    action: v.picklist(["fix", "apply", "undo", "token", "hook"]),
    undoes: v.nullable(numberFromOne),
    at: when,
    state: v.picklist(["applied", "rolled-back", "incomplete", "undone"]),
    target: text,
    changed: v.array(change),
    helpers: v.array(helper),
    proven: v.array(proof),
    left: v.array(v.strictObject({ what: text, reason: text })),
    todo: v.array(v.strictObject({ what: text, command: v.nullable(text) })),
  }),
);
