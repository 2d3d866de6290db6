/** The lines that make Git ask our helper alone: which are missing, and where. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { configEntry } from "../../src/checks/example.ts";
import { credentialRules } from "../../src/core/git-rules.ts";
import { chainSteps, type LayerFiles, type WantedChain } from "../../src/core/helper-chain.ts";
import type { ConfigEntry, Scope } from "../../src/core/setup.ts";

const OURS = "/opt/git-rekey/bin/git-credential-rekey";
const URL = "https://bitbucket.org/acme/site.git";
const FILES: LayerFiles = { global: "/g", local: "/l", worktree: "/w" };
const SECTION = "credential.https://bitbucket.org.helper";

const at = (scope: Scope, value: string, key = "credential.helper"): ConfigEntry =>
  configEntry(key, value, { scope });

const wanted = (more: Partial<WantedChain> = {}): WantedChain => ({
  helper: OURS,
  urls: [URL],
  needsPath: false,
  bound: null,
  ...more,
});

/** The files that get lines, in order; null where nothing helps. */
function filesFor(config: readonly ConfigEntry[], more: Partial<WantedChain> = {}, files = FILES) {
  return chainSteps(config, wanted(more), files)?.map(({ file }) => file) ?? null;
}

const ownLines = (scope: Scope): ConfigEntry[] => [at(scope, "", SECTION), at(scope, OURS, SECTION)];

describe("where lines are missing", () => {
  test.each<[string, ConfigEntry[], string[] | null]>([
    ["nothing at all", [], ["/g"]],
    ["helpers of the system and one's own", [at("system", "osxkeychain"), at("global", "store")], ["/g"]],
    ["ours already", ownLines("global"), []],
    ["ours without the reset, alone", [at("global", OURS)], []],
    ["ours, and then another", [...ownLines("global"), at("global", "store")], ["/g"]],
    ["a helper of the repository's", [at("local", "store")], ["/g", "/l"]],
    ["ours, and one of the repository's", [...ownLines("global"), at("local", "store")], ["/l"]],
    ["a reset by the repository", [...ownLines("global"), at("local", "")], ["/l"]],
    ["one of the work tree's", [at("global", "store"), at("worktree", "cache")], ["/g", "/w"]],
    ["in all of them", [at("global", "a"), at("local", "b"), at("worktree", "c")], ["/g", "/l", "/w"]],
    ["another host's", [at("global", "store", "credential.https://github.com.helper")], ["/g"]],
    ["a variable's", [at("command", "store")], null],
    ["a variable's for another host", [at("command", "x", "credential.https://github.com.helper")], ["/g"]],
  ])("%s", (_, config, files) => expect(filesFor(config)).toEqual(files));

  test("a URL has no repository", () => {
    const files = { ...FILES, local: null, worktree: null };
    expect(filesFor([at("global", "store")], {}, files)).toEqual(["/g"]);
  });

  test("Git says which repository it means where that decides", () => {
    const steps = chainSteps(ownLines("global"), wanted({ needsPath: true }), FILES);
    expect(steps).toMatchObject([
      { file: "/g", lines: [{ value: "" }, { value: OURS }, { name: "useHttpPath", value: "true" }] },
    ]);
    const said = at("global", "true", "credential.https://bitbucket.org.usehttppath");
    expect(filesFor([...ownLines("global"), said], { needsPath: true })).toEqual([]);
  });

  test("a token for one repository leaves others their helpers", () => {
    const bound = [URL, URL.replace(".git", "")];
    const one = { needsPath: true, bound };
    for (const config of [[], [at("global", "store")]]) {
      const steps = chainSteps(config, wanted(one), { ...FILES, local: null, worktree: null });
      expect(steps).toMatchObject(bound.map((subsection) => ({ file: "/g", subsection })));
    }
    expect(filesFor([at("local", "store")], one)).toEqual(["/g", "/g", "/l", "/l"]);
  });
});

test("whatever is configured: ours alone is asked afterwards, and no line is added twice", () => {
  const scope = fc.constantFrom<Scope>("system", "global", "local", "worktree");
  const key = fc.constantFrom("credential.helper", SECTION, "credential.https://bitbucket.org/acme.helper");
  const entry = fc.tuple(scope, fc.constantFrom("", "store", "cache", OURS), key);
  const order: readonly Scope[] = ["system", "global", "local", "worktree"];
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 8 }), (drawn) => {
      const config = drawn
        .map(([where, value, name]) => at(where, value, name))
        .toSorted((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope));
      const steps = chainSteps(config, wanted(), FILES) ?? [];
      const layers: Record<string, Scope> = { "/g": "global", "/l": "local", "/w": "worktree" };
      const added = steps.flatMap((step) =>
        step.kind === "add-config"
          ? step.lines.map(({ value }) => at(layers[step.file] ?? "unknown", value, SECTION))
          : [],
      );
      const after = [...config, ...added].toSorted((a, b) => order.indexOf(a.scope) - order.indexOf(b.scope));
      const { helpers } = credentialRules(
        after.map((of) => ({ ...of, of })),
        URL,
      );
      expect(helpers.map(({ value }) => value)).toEqual([OURS]);
      expect(chainSteps(after, wanted(), FILES)).toEqual([]);
    }),
  );
});
