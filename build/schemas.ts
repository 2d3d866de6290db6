/** Writes the JSON Schema of every contract into `schemas/`: `npm run schemas`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { toJsonSchema } from "@valibot/to-json-schema";
import type { GenericSchema } from "valibot";
import { advice } from "../src/contracts/advice.ts";
import { baseline } from "../src/contracts/baseline.ts";
import { explanation } from "../src/contracts/explanation.ts";
import { finding } from "../src/contracts/parts.ts";
import { plan } from "../src/contracts/plan.ts";
import { receipt } from "../src/contracts/receipt.ts";
import { report } from "../src/contracts/report.ts";
import { tokenCheck } from "../src/contracts/token-check.ts";
import { tokens } from "../src/contracts/tokens.ts";

export type ContractName =
  | "advice"
  | "baseline"
  | "report"
  | "explanation"
  | "receipt"
  | "plan"
  | "tokens"
  | "token-check";

interface Published {
  schema: GenericSchema;
  title: string;
  description: string;
}

const CONTRACTS: Readonly<Record<ContractName, Published>> = {
  report: {
    schema: report,
    title: "git-rekey report, version 1",
    description:
      "What `git rekey doctor --json` prints: one object. Causes come first, the most certain first. It holds no secret.",
  },
  advice: {
    schema: advice,
    title: "git-rekey advice, version 1",
    description:
      "What `git rekey explain solutions --json` prints: what was seen of this machine, the way that is advised and why, and all ways side by side.",
  },
  baseline: {
    schema: baseline,
    title: "git-rekey baseline, version 1",
    description:
      "What `git rekey scan --write-baseline` writes and `--baseline` reads: findings that are known and not told again. It holds no secret, and of passwords nothing they could be guessed by.",
  },
  explanation: {
    schema: explanation,
    title: "git-rekey explanation, version 1",
    description:
      "What `git rekey explain --json` prints: the findings that a pasted text shows, in the form of a report's. No findings: it is not a Bitbucket authentication message.",
  },
  receipt: {
    schema: receipt,
    title: "git-rekey receipt, version 1",
    description:
      "What `fix`, `apply` and `undo` print with `--json`: what was changed, proven, left alone, and what a person must still do. It holds no secret.",
  },
  plan: {
    schema: plan,
    title: "git-rekey plan, version 1",
    description:
      "What `git rekey fix --plan-out` writes and `git rekey apply` reads: choices and the steps they led to. It holds no secret and no command. `apply` also refuses every host but bitbucket.org.",
  },
  tokens: {
    schema: tokens,
    title: "git-rekey tokens, version 1",
    description:
      "What `git rekey token list` and `git rekey token expiring` print with `--json`: what is known of each token, and what is left to revoke at Bitbucket. It holds neither a token nor anything a token could be recognised by.",
  },
  "token-check": {
    schema: tokenCheck,
    title: "git-rekey token check, version 1",
    description:
      "What `git rekey token check` prints with `--json`: what Bitbucket says to each token, as Git and as REST send it. It holds no token.",
  },
};

export const CONTRACT_NAMES = Object.keys(CONTRACTS) as readonly ContractName[];

/** File names within `schemas/`, also the last part of each `$id`. */
export function schemaFile(name: ContractName): string {
  return `${name}@1.json`;
}

/** The JSON Schema as it is published, with a line end behind it. */
export function schemaText(name: ContractName): string {
  const { schema, title, description } = CONTRACTS[name];
  const definitions = name === "report" || name === "explanation" ? { finding } : {};
  const { $schema, ...rest } = toJsonSchema(schema, { target: "draft-2020-12", definitions });
  const published = {
    $schema,
    $id: `urn:git-rekey:${schemaFile(name).replace(/\.json$/, "")}`,
    title,
    description,
    ...rest,
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}

if (import.meta.main) {
  const folder = join(import.meta.dir, "../schemas");
  mkdirSync(folder, { recursive: true });
  for (const name of CONTRACT_NAMES) writeFileSync(join(folder, schemaFile(name)), schemaText(name));
}
