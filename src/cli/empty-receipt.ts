import type { Receipt } from "../core/receipt.ts";
import { TOOL } from "../core/version.ts";
import type { Diagnosed } from "./diagnosis.ts";
import type { Shell } from "./shell.ts";

/** Of a fix that had nothing to do. */
export function emptyReceipt(shell: Shell, diagnosed: Diagnosed): Receipt {
  return {
    schema: "git-rekey/receipt@1",
    tool: TOOL,
    id: null,
    action: "fix",
    undoes: null,
    at: new Date(shell.self.now()).toISOString(),
    state: "applied",
    target: diagnosed.repository?.path ?? "",
    changed: [],
    helpers: [],
    proven: [],
    left: [],
    todo: [],
  };
}
