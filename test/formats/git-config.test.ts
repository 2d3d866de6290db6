import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Edited } from "../../src/formats/edited.ts";
import {
  agreesWithGit,
  appendSection,
  readConfigText,
  setConfigValue,
  unsetConfig,
} from "../../src/formats/git-config.ts";
import { gitList, latin, temporaryFolder, text } from "./real-git.ts";

const SEED = { seed: 20260728 };

function entriesOf(config: string) {
  const read = readConfigText(latin(config));
  if (!read.ok) throw new Error(read.reason);
  return read.entries;
}

const after = (edited: Edited): string => (edited.ok ? text(edited.bytes) : `cannot: ${edited.reason}`);
const set = (config: string, key: string, to: string, occurrence = 0): string =>
  after(setConfigValue(latin(config), { key, occurrence }, to));
const unset = (config: string, key: string, occurrence = 0): string =>
  after(unsetConfig(latin(config), { key, occurrence }));

describe("reading", () => {
  test("keys, values and lines as Git sees them", () => {
    const config = [
      '\xef\xbb\xbf[Remote "Origin"] URL = https://a/ ; why',
      "\tfetch = a\\",
      " b",
      "[old.Sub]",
      "Flag",
      'q = " x # "  # y\r',
      "",
    ].join("\n");
    expect(entriesOf(config).map(({ key, value, line }) => [key, value, line])).toEqual([
      ["remote.Origin.url", "https://a/", 1],
      ["remote.Origin.fetch", "a b", 2],
      ["old.sub.flag", null, 5],
      ["old.sub.q", " x # ", 6],
    ]);
  });

  test("a secret in a key is masked in its name", () => {
    const [entry] = entriesOf('[url "https://u:hunter2@bitbucket.org/"]\n\tinsteadOf = bb:\n');
    expect(entry?.maskedKey).toBe("url.https://u:‹secret›@bitbucket.org/.insteadof");
  });

  test("a broken file is a failure with its line", () => {
    expect(readConfigText(latin("[a]\nb = c\n= d\n"))).toMatchObject({ ok: false, line: 3 });
    expect(readConfigText(latin("[a\nb = c\n"))).toMatchObject({ ok: false, line: 1 });
    expect(readConfigText(latin("[a]\nb = \0\n"))).toMatchObject({ ok: false });
  });
});

describe("editing", () => {
  test("set changes the value alone", () => {
    expect(set("[a]\r\n\tb =  c  # d\r\n", "a.b", "e")).toBe("[a]\r\n\tb =  e  # d\r\n");
    expect(set("[a] b", "a.b", "e")).toBe("[a] b = e");
    expect(set("[a]\nb =\n", "a.b", "e")).toBe("[a]\nb = e\n");
    expect(set("[a]\nb = 1\nb = 2 \\\n  3\nc = \xff", "a.b", "x;y", 1)).toBe(
      '[a]\nb = 1\nb = "x;y"\nc = \xff',
    );
    expect(
      set('[url "https://u:hunter2@h/"]\ninsteadOf = x', "url.https://u:‹secret›@h/.insteadof", "y"),
    ).toBe('[url "https://u:hunter2@h/"]\ninsteadOf = y');
  });

  test("unset takes the line, and a section nothing is left in", () => {
    expect(unset("[a]\n\tb = c # d\n\te = f\n", "a.b")).toBe("[a]\n\te = f\n");
    expect(unset("[x]\ny = z\n[a] b = c\n[d]\ne = f\n", "a.b")).toBe("[x]\ny = z\n[d]\ne = f\n");
    expect(unset("[a]\n\tb = c\\\n d\n", "a.b")).toBe("");
    expect(unset("[a]\n\tb = c", "a.b")).toBe("");
    expect(unset("[a] b = c\n; mine\n", "a.b")).toBe("[a]\n; mine\n");
    expect(unset("# mine\n[a]\n\tb = c\n", "a.b")).toBe("# mine\n[a]\n");
    expect(unset("[a] [b] c = d\n", "b.c")).toBe("[a]\n");
    expect(unset("\xef\xbb\xbf[a]\nb = c\nd = e\n", "a.b")).toBe("\xef\xbb\xbf[a]\nd = e\n");
  });

  test("append keeps line ends and closes what is open", () => {
    const lines = [
      { name: "helper", value: "" },
      { name: "helper", value: '!x "y" # z\\' },
    ];
    const put = (config: string) => after(appendSection(latin(config), "credential", "https://h", lines));
    const block = '[credential "https://h"]\n\thelper = \n\thelper = "!x \\"y\\" # z\\\\"\n';
    expect(put("")).toBe(block);
    expect(put("[a]\nb = c")).toBe(`[a]\nb = c\n${block}`);
    expect(put("[a]\r\nb = c")).toBe(`[a]\r\nb = c\r\n${block.replaceAll("\n", "\r\n")}`);
    expect(put("[a]\nb = c\\\n")).toBe(`[a]\nb = c\\\n\n${block}`);
    expect(put("[a]\nb = c\\")).toBe(`[a]\nb = c\\\n\n${block}`);
  });

  test("what cannot be said is refused", () => {
    expect(set("[a]\nb = c\n", "a.z", "e")).toBe("cannot: has no entry `a.z` any more");
    expect(set("[a]\nb = c\n", "a.b", "\0")).toStartWith("cannot:");
    expect(after(appendSection(latin(""), "a b", null, []))).toStartWith("cannot:");
    expect(after(appendSection(latin(""), "a", "b\nc", []))).toStartWith("cannot:");
    expect(after(appendSection(latin(""), "a", null, [{ name: "1", value: "" }]))).toStartWith("cannot:");
  });
});

const eol = fc.constantFrom("\n", "\n", "\n", "\r\n", " \n", "\\\n", "");
const blank = fc.constantFrom("", " ", "\t", "  \t ");
const word = fc.constantFrom("a", "url", "Helper", "x-1", "insteadOf");
const chunk = fc.constantFrom(
  ...'a|b|\xe9|\xff|=|.|[|]|:|/|@| |  |\t|#|;|\\\\|\\"|\\n|\\t|\\b|\\q|"|\\\n|\\\r\n|\r|\'|!'.split("|"),
);
const value = fc.array(chunk, { maxLength: 8 }).map((parts) => parts.join(""));
const header = fc.oneof(
  fc.constantFrom(
    "[a]",
    "[Remote.Origin]",
    '[remote  "O\\"r\\\\i"]',
    '[url "https://u:p@h/"]',
    "[]",
    "[a b]",
  ),
  word.map((name) => `[${name} "${name}"]`),
);
const entry = fc.tuple(blank, word, blank, fc.constantFrom("=", "=", "=", ""), blank, value, eol);
const line = fc.oneof(
  { weight: 6, arbitrary: entry.map((parts) => parts.join("")) },
  { weight: 3, arbitrary: fc.tuple(blank, header, blank, eol).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.tuple(blank, fc.constantFrom("# c", "; d \\", ""), eol).map((p) => p.join("")) },
  { weight: 1, arbitrary: fc.constantFrom("?", "1a = b\n", "\xef\xbb\xbf") },
);
const config = fc
  .tuple(fc.constantFrom("", "", "", "\xef\xbb\xbf", "\xef\xbb"), fc.array(line, { maxLength: 9 }))
  .map(([start, lines]) => start + lines.join(""));

describe("real git", () => {
  test("reads the same entries, and refuses the same files", () => {
    using home = temporaryFolder();
    let understood = 0;
    fc.assert(
      fc.property(config, (source) => {
        const listing = gitList(home.path, latin(source));
        const read = readConfigText(latin(source));
        expect(read.ok).toBe(listing !== null);
        if (!read.ok || listing === null) return;
        understood++;
        expect(agreesWithGit(read.entries, listing)).toBe(true);
      }),
      { ...SEED, numRuns: 400 },
    );
    expect(understood).toBeGreaterThan(60);
  });

  const tame = fc.array(line, { maxLength: 9 }).map((lines) => lines.join(""));
  const spoken = fc.constantFrom(
    "x",
    "",
    " y ",
    "a # b",
    'q"r\\s',
    "\té",
    "l1\nl2",
    "c;d",
    "e\r",
    "https://b/r.git",
  );

  test("sees exactly the one change of every edit", () => {
    using home = temporaryFolder();
    const list = (bytes: Uint8Array) => {
      const listing = gitList(home.path, bytes);
      return listing === null ? null : Buffer.from(listing).toString("latin1").split("\0").slice(0, -1);
    };
    fc.assert(
      fc.property(tame, fc.nat(), spoken, (source, pick, to) => {
        const bytes = latin(source);
        const before = list(bytes);
        const read = readConfigText(bytes);
        if (before === null || !read.ok || before.length === 0) return;
        const at = pick % before.length;
        const chosen = read.entries[at];
        if (!chosen) throw new Error("entries are missing");
        const occurrence = read.entries.slice(0, at).filter((e) => e.maskedKey === chosen.maskedKey).length;
        const name = { key: chosen.maskedKey, occurrence };
        const wanted = Buffer.from(`${chosen.key}\n${to}`).toString("latin1");
        const changed = setConfigValue(bytes, name, to);
        expect(changed.ok && list(changed.bytes)).toEqual(
          before.with(at, keyOf(before[at]) + wanted.slice(wanted.indexOf("\n"))),
        );
        const removed = unsetConfig(bytes, name);
        expect(removed.ok && list(removed.bytes)).toEqual(before.toSpliced(at, 1));
        const added = appendSection(bytes, "new", 'S"\\', [{ name: "n", value: to }]);
        expect(added.ok && list(added.bytes)).toEqual([
          ...before,
          `new.S"\\.n${wanted.slice(wanted.indexOf("\n"))}`,
        ]);
      }),
      { ...SEED, numRuns: 150 },
    );
  });
});

function keyOf(record = ""): string {
  return record.split("\n", 1)[0] ?? "";
}
