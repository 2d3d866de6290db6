/** `demo-token`: the emulator's tokens by name. They are worth nothing anywhere else. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quoted } from "./own-command.ts";
import type { Stage } from "./stage.ts";

/** By their label in the emulator's world. */
const TOKENS: readonly (readonly [label: string, says: string])[] = [
  ["api-token", "ana's API token: reads and writes"],
  ["api-token-read", "ana's API token: reads"],
  ["api-token-unscoped", "ana's API token without scopes: opens nothing"],
  ["api-token-expired", "ana's API token, expired yesterday"],
  ["api-token-revoked", "ana's API token, revoked"],
  ["api-token-bob", "bob's API token: all scopes, but bob may only read acme/site"],
  ["repository-token", "access token of acme/site: reads and writes"],
  ["repository-token-docs", "access token of acme/docs"],
  ["workspace-token", "access token of the workspace acme"],
  ["app-password", "ana's app password: refused with 410"],
];

/** Lists names with a sentence each. */
export function table(rows: readonly (readonly [name: string, says: string])[]): string {
  const column = Math.max(...rows.map(([name]) => name.length)) + 2;
  return rows.map(([name, says]) => `${name.padEnd(column)}${says}\n`).join("");
}

/** Writes the tokens into files and puts the command on PATH. */
export function layOutTokens({ sandbox, emulator }: Stage): void {
  const folder = join(sandbox.root, "tokens");
  mkdirSync(folder, { mode: 0o700 });
  for (const [label] of TOKENS)
    writeFileSync(join(folder, label), `${emulator.secret(label)}\n`, { mode: 0o600 });
  const list = join(sandbox.root, "tokens.txt");
  writeFileSync(list, table(TOKENS));
  sandbox.addProgram(
    "demo-token",
    `#!/bin/sh
# Prints one of the demo's tokens, or lists them.
[ $# -eq 0 ] && exec cat ${quoted(list)}
case $1 in
  */* | .*) ;;
  *) [ -f ${quoted(folder)}/"$1" ] && exec cat ${quoted(folder)}/"$1" ;;
esac
echo "demo-token: there is no token \\\`$1\\\`; \\\`demo-token\\\` lists them" >&2
exit 2
`,
  );
}
