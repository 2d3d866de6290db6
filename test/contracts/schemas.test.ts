import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CONTRACT_NAMES, type ContractName, schemaFile, schemaText } from "../../build/schemas.ts";
import {
  exampleAdvice,
  exampleBaseline,
  exampleExplanation,
  examplePlan,
  exampleReceipt,
  exampleReport,
  exampleTokenCheck,
  exampleTokens,
} from "./examples.ts";
import { assertValid, problemsOf } from "./validate.ts";

const FOLDER = join(import.meta.dir, "../../schemas");

const EXAMPLES: Readonly<Record<ContractName, object>> = {
  advice: exampleAdvice,
  baseline: exampleBaseline,
  report: exampleReport,
  explanation: exampleExplanation,
  receipt: exampleReceipt,
  plan: examplePlan,
  tokens: exampleTokens,
  "token-check": exampleTokenCheck,
};

test("there is a schema for every contract, and no other file", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(CONTRACT_NAMES.map(schemaFile).sort());
});

for (const name of CONTRACT_NAMES) {
  describe(name, () => {
    test("the schema in the repository is what `npm run schemas` writes", () => {
      expect(readFileSync(join(FOLDER, schemaFile(name)), "utf8")).toBe(schemaText(name));
    });

    test("takes a whole example", () => {
      assertValid(name, JSON.stringify(EXAMPLES[name]));
    });

    test("takes nothing that it does not know, and nothing less than it knows", () => {
      expect(problemsOf(name, { ...EXAMPLES[name], more: 1 })).not.toEqual([]);
      for (const key of Object.keys(EXAMPLES[name])) {
        const { [key]: _, ...less } = EXAMPLES[name] as Record<string, unknown>;
        expect(problemsOf(name, less), key).not.toEqual([]);
      }
    });

    test("takes no other version", () => {
      expect(() => assertValid(name, { ...EXAMPLES[name], schema: `git-rekey/${name}@2` })).toThrow(
        "/schema",
      );
    });
  });
}
