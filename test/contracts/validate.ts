import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { type ContractName, schemaFile } from "../../build/schemas.ts";

const ajv = new Ajv2020({
  allErrors: true,
  formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/ },
});

const compiled = new Map<ContractName, ValidateFunction>();

function validatorOf(name: ContractName): ValidateFunction {
  const known = compiled.get(name);
  if (known) return known;
  const text = readFileSync(join(import.meta.dir, "../../schemas", schemaFile(name)), "utf8");
  const made = ajv.compile(JSON.parse(text));
  compiled.set(name, made);
  return made;
}

/** What the published JSON Schema says against the document; empty where it is valid. */
export function problemsOf(name: ContractName, document: unknown): string[] {
  const validate = validatorOf(name);
  if (validate(document)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath || "/"} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

/** Throws unless the document, or the JSON text of it, is valid by the schema in `schemas/`. */
export function assertValid(name: ContractName, document: unknown): void {
  const value: unknown = typeof document === "string" ? JSON.parse(document) : document;
  const problems = problemsOf(name, value);
  if (problems.length > 0) throw new Error(`this is no valid ${name}:\n  ${problems.join("\n  ")}`);
}
