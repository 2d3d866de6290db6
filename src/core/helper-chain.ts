/** Which helpers Git asks for Bitbucket, and the lines that make it ask ours alone. Pure. */
import { GIT_HOST } from "./bitbucket.ts";
import { credentialRules, type RuleEntry } from "./git-rules.ts";
import type { ConfigLine, FileStep } from "./plan.ts";
import type { ConfigEntry, Scope } from "./setup.ts";

type Rule = RuleEntry<ConfigEntry | null>;

/** The files lines can go to, in Git's order. */
const LAYERS = ["global", "local", "worktree"] as const;

export type Layer = (typeof LAYERS)[number];

/** By layer the file of its lines; null where there is none. */
export type LayerFiles = Readonly<Record<Layer, string | null>>;

/** What Git reads after a layer. All else comes before it or belongs to it: includes stand in the middle of a file. */
const LATER: Readonly<Record<Layer, readonly Scope[]>> = {
  global: ["local", "worktree", "command"],
  local: ["worktree", "command"],
  worktree: ["command"],
};

const EVERYWHERE = [`https://${GIT_HOST}`];

function rulesOf(config: readonly ConfigEntry[]): Rule[] {
  return config.map((of) => ({ ...of, of }));
}

const scopeOf = ({ of }: Rule): Scope => of?.scope ?? "unknown";

function upTo(layer: Layer, rules: readonly Rule[]): Rule[] {
  return rules.filter((rule) => !LATER[layer].includes(scopeOf(rule)));
}

/** As Git will read it once the lines stand at the end of a layer's file. */
function withLines(
  rules: readonly Rule[],
  layer: Layer,
  sections: readonly string[],
  lines: readonly ConfigLine[],
): Rule[] {
  const found = rules.findIndex((rule) => LATER[layer].includes(scopeOf(rule)));
  const added = sections.flatMap((subsection) =>
    lines.map(({ name, value }) => ({
      section: "credential",
      subsection,
      name: name.toLowerCase(),
      value,
      of: null,
    })),
  );
  return rules.toSpliced(found < 0 ? rules.length : found, 0, ...added);
}

/** What is wanted of the chain for some URLs. */
export interface WantedChain {
  /** Ours, as `credential.helper` takes it. */
  helper: string;
  urls: readonly string[];
  /** Whether Git must say which repository it means. */
  needsPath: boolean;
  /** The sections that are about one repository alone, so that the others keep their helpers; null for all. */
  bound: readonly string[] | null;
}

function isOurs(rules: readonly Rule[], { helper, urls, needsPath }: WantedChain): boolean {
  return urls.every((url) => {
    const { helpers, useHttpPath } = credentialRules(rules, url);
    const [only, ...others] = helpers;
    return only?.value === helper && others.length === 0 && (useHttpPath || !needsPath);
  });
}

function linesFor({ helper, needsPath }: WantedChain): ConfigLine[] {
  const two = [
    { name: "helper", value: "" },
    { name: "helper", value: helper },
  ];
  return needsPath ? [...two, { name: "useHttpPath", value: "true" }] : two;
}

/**
 * The lines that are still missing for Git to ask our helper alone: in the person's own file, and in those read after
 * it where they name other helpers. Null where something that no file holds comes last.
 */
export function chainSteps(
  config: readonly ConfigEntry[],
  wanted: WantedChain,
  files: LayerFiles,
): FileStep[] | null {
  const lines = linesFor(wanted);
  const sections = wanted.bound ?? EVERYWHERE;
  const steps: FileStep[] = [];
  let rules = rulesOf(config);
  for (const layer of LAYERS) {
    const file = files[layer];
    if (file === null || isOurs(upTo(layer, rules), wanted)) continue;
    rules = withLines(rules, layer, sections, lines);
    for (const subsection of sections)
      steps.push({ kind: "add-config", file, section: "credential", subsection, lines });
  }
  return isOurs(rules, wanted) ? steps : null;
}
