/** What a `credential.helper` value means, compared with a shell and with real git. */
import { afterAll, describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  helperExists,
  looksUpOnly,
  readHelperSpec,
  shellWords,
  storeFiles,
} from "../../src/probes/helper-spec.ts";
import type { Eyes } from "../../src/probes/world.ts";
import { FileError } from "../../src/world/ports.ts";
import { SEED, Somebody } from "../core/real-git.ts";
import { eyesOf } from "./eyes.ts";

const somebody = new Somebody();
afterAll(() => somebody[Symbol.dispose]());

/** The words as `sh` sees them. */
function shells(text: string, home: string): string[] | null {
  const argv = ["sh", "-c", `for word in ${text}\ndo printf '%s\\0' "$word"; done`];
  const ran = Bun.spawnSync(argv, { env: { PATH: process.env.PATH ?? "", HOME: home }, cwd: somebody.home });
  return ran.exitCode === 0 ? ran.stdout.toString().split("\0").slice(0, -1) : null;
}

describe("words", () => {
  const PLAIN = [
    "store",
    "store --file ~/.creds",
    "store --file=~/x",
    "store --file '/a b/c'",
    'store --file "/a b/c"',
    "store --file /a\\ b",
    'store --file "$HOME/x"',
    "store --file $HOME/x",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's.
    "store --file ${HOME}x",
    "store --file '$HOME/x'",
    "store --file \\$HOME",
    "store --file a'b'\"c\"d",
    'store --file "a\\"b\\\\c\\$d\\`e\\f"',
    "store '' \"\"",
    "  a \t b  ",
    "a#b a~b ~",
    "a=~/b",
    "it\\'s",
  ];
  for (const text of PLAIN) {
    test(text, () => {
      const words = shellWords(text, "/home/ana");
      expect(words).toEqual(shells(text, "/home/ana"));
      expect(words).not.toBeNull();
    });
  }

  test("a home folder with a blank in it", () => {
    expect(shellWords('a "$HOME/b" ~/c', "/home/a b")).toEqual(shells('a "$HOME/b" ~/c', "/home/a b"));
    expect(shellWords("a $HOME/b", "/home/a b")).toBeNull();
  });

  const CLEVER = [
    "a $(b)",
    "a `b`",
    "a $x",
    "a; b",
    "a && b",
    "a > b",
    "a *",
    "a 'b",
    'a "b',
    "~bob/x",
    "a # b",
    "a\nb",
    "a \\",
  ];
  for (const text of CLEVER)
    test(`not guessed: ${JSON.stringify(text)}`, () => expect(shellWords(text, "/h")).toBeNull());

  test("whatever is taken for plain, a shell reads alike", () => {
    const part = fc.constantFrom(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's.
      ...'a|b| |  |\t|\'|"|\\|$HOME|${HOME}|$HOMEx|~|~/|/|#|=|-|:|,|.|%|@|+|^|é|\u00a0|\n|\\\\|\\"'.split(
        "|",
      ),
    );
    let plain = 0;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 7 }), (parts) => {
        const text = `x${parts.join("")}`;
        const words = shellWords(text, "/home/ana");
        if (words === null) return;
        plain++;
        expect({ text, words }).toEqual({ text, words: shells(text, "/home/ana") ?? [] });
      }),
      { ...SEED, numRuns: 400 },
    );
    expect(plain).toBeGreaterThan(100);
  });
});

describe("helpers", () => {
  test("their kind, as Git decides it", () => {
    const kinds = (raw: string) => {
      const { name, kind, args } = readHelperSpec(raw, "/home/ana");
      return [kind, name, args];
    };
    expect(kinds("store")).toEqual(["builtin", "store", []]);
    expect(kinds("store --file '/a b'")).toEqual(["builtin", "store", ["--file", "/a b"]]);
    expect(kinds("cache --timeout=900")).toEqual(["builtin", "cache", ["--timeout=900"]]);
    expect(kinds("manager")).toEqual(["named", "manager", []]);
    expect(kinds("/opt/git-credential-manager.exe x")).toEqual(["path", "manager", ["x"]]);
    expect(kinds("/opt/a\\ b/git-credential-libsecret")).toEqual(["path", "libsecret", []]);
    expect(kinds("!f() { :; }; f")).toEqual(["shell", "shell", null]);
    expect(kinds("store --file $(x)")).toEqual(["builtin", "store", null]);
    expect(kinds("~/bin/helper")).toEqual(["named", "~/bin/helper", []]);
    expect(kinds("$HOME/bin/helper")).toEqual(["named", "/home/ana/bin/helper", []]);
    expect(
      ["store", "/usr/bin/git-credential-libsecret", "manager", "!store"].map((raw) =>
        looksUpOnly(readHelperSpec(raw, null)),
      ),
    ).toEqual([true, true, false, false]);
  });

  test("Git finds the same programs", () => {
    const script = `#!/bin/sh\necho asked >>"$HOME/asked.log"\n`;
    for (const file of ["bin/git-credential-there", "bin/own", "a b/own"]) {
      Bun.spawnSync(["chmod", "+x", somebody.write(file, script)]);
    }
    const env = { PATH: `${somebody.home}/bin:${process.env.PATH}` };
    const eyes = eyesOf({ ...env, HOME: somebody.home });
    const execPath = somebody.ask(["--exec-path"]).stdout.trim();
    const HELPERS = [
      "there",
      "gone",
      `${somebody.home}/bin/own`,
      `${somebody.home}/gone`,
      `${somebody.home}/a\\ b/own`,
      `${somebody.home}/a b/own`,
      "~/bin/own",
      "$HOME/bin/own",
      '"$HOME/bin/own"',
      "there --with words",
    ];
    for (const helper of HELPERS) {
      somebody.write("asked.log", "");
      const args = ["-c", "credential.helper=", "-c", `credential.helper=${helper}`, "credential", "fill"];
      somebody.ask(args, { stdin: "url=https://bitbucket.org\n\n", env });
      const asked = somebody.read("asked.log") !== "";
      const spec = readHelperSpec(helper, somebody.home);
      expect({ helper, found: helperExists(eyes, spec, execPath) }).toEqual({ helper, found: asked });
    }
  });

  test("a folder on PATH that is closed to this user is passed over", () => {
    const eyes = eyesOf({ PATH: "" });
    const closed: Eyes["files"] = {
      ...eyes.files,
      resolve(path) {
        if (path.startsWith("/closed/")) throw new FileError("EACCES", path, "closed");
        return path === "/open/git-credential-mine" ? path : null;
      },
    };
    const self = { ...eyes.self, env: { PATH: "/closed:/open" } };
    const look = (name: string) =>
      helperExists({ ...eyes, files: closed, self }, readHelperSpec(name, null), null);
    expect([look("mine"), look("other")]).toEqual([true, false]);
  });

  test("the files of a `store` helper", () => {
    const line = (user: string) => `https://${user}:pw-${user}@bitbucket.org\n`;
    const { home } = somebody;
    for (const [file, user] of [
      [".git-credentials", "home"],
      [".config/git/credentials", "xdg"],
      ["c d", "blank"],
      ["one", "one"],
      ["repository/one", "here"],
      ["repository/~/t", "tilde"],
    ] as const) {
      somebody.write(file, line(user));
    }
    const eyes = eyesOf({ HOME: home });
    const HELPERS = [
      "store",
      "store --file ~/one",
      "store --file=one",
      `store --file='${home}/c d'`,
      "store --file one --file ~/one",
      "store --fil=one",
      "store --file=~/t",
      'store --file "$HOME/one"',
    ];
    for (const helper of HELPERS) {
      const args = ["-c", "credential.helper=", "-c", `credential.helper=${helper}`, "credential", "fill"];
      const told = somebody.ask(args, { stdin: "url=https://bitbucket.org\n\n" }).stdout;
      const user = /^username=(.*)$/m.exec(told)?.[1] ?? "none";
      const files = storeFiles(eyes, readHelperSpec(helper, home), somebody.repository) ?? [];
      const first = files.map((file) => somebody.read(file)).find((text) => text !== "");
      expect({ helper, first }).toEqual({ helper, first: line(user) });
    }
    expect(storeFiles(eyes, readHelperSpec("store", home), "/")).toEqual([
      `${home}/.git-credentials`,
      `${home}/.config/git/credentials`,
    ]);
    expect(
      storeFiles(eyesOf({ HOME: home, XDG_CONFIG_HOME: "/x" }), readHelperSpec("store", home), "/")?.[1],
    ).toBe("/x/git/credentials");
    expect(storeFiles(eyes, readHelperSpec("store --file $(x)", home), "/")).toBeNull();
  });
});
