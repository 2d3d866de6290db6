/** The import rule of ARCHITECTURE.md. What a folder may use is a row of this table, and nothing else. */
import { describe, expect, test } from "bun:test";
import { posix } from "node:path";
import { projectFiles, textOf } from "./tree.ts";

/**
 * By folder: what its files may import besides their own siblings. A folder stands for all files in it, a file for
 * itself, anything else for a package. `*` is everything.
 */
const MAY: Readonly<Record<string, readonly string[]>> = {
  "src/core": [],
  "src/checks": ["src/core"],
  "src/report": ["src/core"],
  "src/formats": ["src/core", "yaml", "jsonc-parser", "sax"],
  "src/contracts": ["src/core", "valibot"],
  "src/accounts": ["src/core", "src/world", "node:path"],
  "src/helper": ["src/core", "src/accounts", "src/world"],
  "src/probes": [
    "src/core",
    "src/accounts",
    "src/formats",
    "src/world/ports.ts",
    "src/world/hash.ts",
    "node:path",
  ],
  "src/steps": ["src/core", "src/accounts", "src/formats", "src/world", "node:path"],
  "src/scan": ["src/core", "src/formats", "src/world", "node:path", "ignore"],
  // The body of `git rekey run`, and what a command that was killed leaves.
  "src/run": ["src/core", "src/accounts", "src/probes", "src/world", "node:path"],
  "src/world": ["src/core", "node:*", "bun:ffi"],
  // The body of one command, too long for a file of its own in `cli`.
  "src/demo": [
    "src/core",
    "src/report",
    "src/world",
    "src/cli/exit.ts",
    "src/cli/shell.ts",
    "emulator",
    "node:*",
  ],
  "src/cli": ["*"],
  emulator: ["src/core", "bun", "ssh2", "node:*"],
};

/** Only these touch the machine. */
const MACHINE = ["node:fs", "node:fs/promises", "node:child_process", "node:net", "node:crypto", "node:os"];
const MAY_TOUCH = ["src/world", "src/cli", "src/demo", "emulator"];

const VAGUE = /^(?:utils?|common|shared|helpers|managers?|services?)$/;

interface Import {
  from: string;
  to: string;
}

function folderOf(path: string): string {
  return path.startsWith("src/") ? path.split("/").slice(0, 2).join("/") : (path.split("/")[0] ?? "");
}

const ANY =
  /(?:^(?:import|export)\b[^;'"]*?\bfrom\s*|^import\s*|\bimport\(\s*|\brequire\(\s*)["']([^"']+)["']/gm;

/** What comes along whenever the file is loaded. */
const AT_ONCE = /^(?:import|export)\b(?! type\b)[^;'"]*?\bfrom\s*["']([^"']+)["']/gm;

function matchesIn(path: string, pattern: RegExp): Import[] {
  return [...textOf(path).matchAll(pattern)].map(([, to = ""]) => ({
    from: path,
    to: to.startsWith(".") ? posix.join(posix.dirname(path), to) : to,
  }));
}

function importsOf(path: string): Import[] {
  return matchesIn(path, ANY);
}

function allows(rule: string, to: string): boolean {
  if (rule === "*" || rule === to) return true;
  return rule.endsWith("*") ? to.startsWith(rule.slice(0, -1)) : to.startsWith(`${rule}/`);
}

const sources = projectFiles().filter((path) => /^(?:src|emulator)\/.*\.ts$/.test(path));

describe("a file imports only what its folder may:", () => {
  for (const folder of new Set(sources.map(folderOf))) {
    test(folder, () => {
      const rules = MAY[folder];
      expect(rules, `${folder} has no row in the table`).toBeDefined();
      const wrong = sources
        .filter((path) => folderOf(path) === folder)
        .flatMap(importsOf)
        .filter(({ to }) => ![folder, ...(rules ?? [])].some((rule) => allows(rule, to)));
      expect(wrong).toEqual([]);
    });
  }
});

test("the table has no row for a folder that is gone", () => {
  expect(Object.keys(MAY).filter((folder) => !sources.some((path) => folderOf(path) === folder))).toEqual([]);
});

test("only few folders touch the machine", () => {
  const wrong = sources
    .filter((path) => !MAY_TOUCH.includes(folderOf(path)))
    .flatMap(importsOf)
    .filter(({ to }) => MACHINE.includes(to));
  expect(wrong).toEqual([]);
});

test("the emulator and the product know only the core of each other", () => {
  const wrong = sources
    .filter((path) => !["src/cli", "src/demo", "emulator"].includes(folderOf(path)))
    .flatMap(importsOf)
    .filter(({ to }) => to.startsWith("emulator/"));
  expect(wrong).toEqual([]);
});

test("no name that says nothing", () => {
  // A suite is named after what it tests, and Git's helpers are called just that.
  const names = projectFiles()
    .filter((path) => !path.endsWith(".test.ts"))
    .filter((path) => path.split("/").some((part) => VAGUE.test(part.replace(/\..*$/, ""))));
  expect(names).toEqual([]);
});

test("ssh2 is for tests: the emulator that goes into the executable does without", () => {
  const users = sources.filter((path) => importsOf(path).some(({ to }) => to === "ssh2"));
  expect(users.every((path) => path.startsWith("emulator/ssh"))).toBe(true);
  const others = sources.filter((path) => !path.startsWith("emulator/ssh")).flatMap(importsOf);
  // The sentences and switches of SSH may be known to all, the server only to tests.
  expect(others.filter(({ to }) => to.startsWith("emulator/ssh"))).toEqual([]);
});

test("looking and helping load nothing at once that is slow to load", () => {
  const loaded = new Set(["src/cli/main.ts", "src/cli/app.ts", "src/cli/doctor.ts", "src/helper/main.ts"]);
  // Grows while it is walked.
  for (const path of loaded)
    if (path.endsWith(".ts")) for (const { to } of matchesIn(path, AT_ONCE)) loaded.add(to);
  // What is not in this list brings along Node's streams, or takes as long to load as they do.
  expect([...loaded].filter((path) => !path.endsWith(".ts")).sort()).toEqual([
    "@stricli/core",
    "node:fs",
    "node:os",
    "node:path",
  ]);
  expect([...loaded]).toContain("src/probes/gather.ts");
  expect([...loaded]).not.toContain("src/checks/index.ts");
});

test("valibot and the command table are loaded only by who needs them", () => {
  const users = (name: string) =>
    sources.filter((path) => importsOf(path).some(({ to }) => to === name)).map(folderOf);
  expect(new Set(users("valibot"))).toEqual(new Set(["src/contracts"]));
  expect(
    sources
      .filter((path) => importsOf(path).some(({ to }) => to.startsWith("src/contracts/")))
      .filter((path) => folderOf(path) !== "src/contracts"),
  ).toEqual(["src/cli/apply.ts"]);
  const tables = sources.filter((path) => importsOf(path).some(({ to }) => to === "@stricli/core"));
  expect(tables.sort()).toEqual([
    "src/cli/app.ts",
    "src/cli/hook/routes.ts",
    "src/cli/scan/routes.ts",
    "src/cli/token/routes.ts",
  ]);
});
