/** Git's configuration as the probes read it, compared with git's own listing; and no secret left in it. */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mintAccessToken, mintApiToken } from "../../emulator/tokens.ts";
import { MASK } from "../../src/core/secret.ts";
import { type RawEntry, readConfig } from "../../src/probes/config.ts";
import { readAuthorization } from "../../src/probes/config-mask.ts";
import { Somebody, section } from "../core/real-git.ts";
import { eyesOf } from "./eyes.ts";

const somebody = new Somebody();
afterAll(() => somebody[Symbol.dispose]());

const BASE = { PATH: process.env.PATH ?? "", HOME: somebody.home, GIT_CONFIG_NOSYSTEM: "1" };

async function read(env: Readonly<Record<string, string>> = {}): Promise<RawEntry[]> {
  const cwd = somebody.repository;
  const found = await readConfig(eyesOf({ ...BASE, ...env }, cwd), { cwd, trustArgs: [] });
  if (!Array.isArray(found)) throw new Error(JSON.stringify(found));
  return found as RawEntry[];
}

const OURS =
  /^(remote|branch|url|credential|http|include|includeif|lfs|submodule)\.|^core\.(bare|askpass|sshcommand)$|^extensions\.worktreeconfig$/;

/** `scope origin key value` of each entry that matters, as git lists them. */
function listed(env: Readonly<Record<string, string>>): string[] {
  const args = ["config", "--list", "-z", "--show-scope", "--show-origin"];
  const fields = somebody.ask(args, { env }).stdout.split("\0");
  const found: string[] = [];
  for (let i = 0; i + 2 < fields.length; i += 3) {
    const [scope = "", origin = "", record = ""] = fields.slice(i, i + 3);
    const [key = "", ...value] = record.split("\n");
    if (!OURS.test(key)) continue;
    const file = origin.startsWith("file:") ? absolute(origin.slice(5)) : "-";
    found.push([scope, file, key, record.includes("\n") ? value.join("\n") : "(no value)"].join(" | "));
  }
  return found;
}

const absolute = (file: string): string => (file.startsWith("/") ? file : `${somebody.repository}/${file}`);

afterEach(() => {
  for (const file of [".gitconfig", ".config/git/config", "repository/.git/config.worktree"])
    somebody.write(file, "");
});

test("the same entries in the same order, through every way in, with their lines", async () => {
  const { home } = somebody;
  const system = somebody.write("etc/gitconfig", "[core]\n\tcompression = 1\n[credential]\n\thelper = sys\n");
  somebody.write(".config/git/config", "[http]\n\tproxy = xdg:1\n");
  somebody.write(
    "inc/plain",
    '# first\n[credential "https://bitbucket.org"]\n\n\thelper = included\n\tusername\t=ana\n',
  );
  somebody.write("inc/gitdir", '[http "https://more.example"] proxy = more:1\n');
  somebody.write("inc/branch", "\n\n[http]\n  extraHeader = X-A: 1\n");
  somebody.write("inc/remote", "[credential]\n\thelper = by-remote\n");
  somebody.write("inc/never", "[credential]\n\thelper = never\n");
  somebody.write(
    ".gitconfig",
    [
      "[Credential]",
      "\thelper = one",
      "[include]\n\tpath = inc/plain",
      "[include]\n\tpath = ~/inc/plain",
      "[include]\n\tpath = inc/missing",
      `[includeIf "gitdir:${home}/repository/"]\n\tpath = inc/gitdir`,
      `[includeIf "gitdir:${home}/elsewhere/"]\n\tpath = inc/never`,
      '[includeIf "onbranch:main"]\n\tpath = inc/branch',
      '[includeIf "onbranch:other"]\n\tpath = inc/never',
      '[includeIf "hasconfig:remote.*.url:https://bitbucket.org/**"]\n\tpath = inc/remote',
      "[credential]\n\thelper = two; comment",
    ].join("\n"),
  );
  somebody.write("repository/.git/config.worktree", "[http]\n\tsslVerify\n");
  somebody.write("repository/.git/HEAD", "ref: refs/heads/main\n");
  const local = [
    "[extensions]\n\tworktreeConfig = true",
    '[remote "origin"]\n\turl = https://bitbucket.org/acme/site.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*',
    '[remote "with.dot and \\"quote\\""]\n\turl = "a\\nb\\tc"\n\turl = d \\\n  e',
    "[credential]\n\tuseHttpPath\n\thelper =",
    '[url "https://ana:geheim@bitbucket.org/"]\n\tinsteadOf = bb:\n\tinsteadOf = b:',
    '[url "https://ana:anders@bitbucket.org/"]\n\tinsteadOf = c:',
    '[branch "main"]\n\tremote = origin\n[user]\n\tname = Ana',
  ].join("\n");
  const env = {
    GIT_CONFIG_NOSYSTEM: "0",
    GIT_CONFIG_SYSTEM: system,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.https://bitbucket.org.extraheader",
    GIT_CONFIG_VALUE_0: "X-B: 2\nmore",
    GIT_CONFIG_PARAMETERS: "'credential.helper'='last'",
  };
  somebody.configure(local, env);
  const entries = await read(env);
  expect(
    entries.map(({ entry, rawSubsection, rawValue }) => {
      const key = [entry.section, ...(rawSubsection === null ? [] : [rawSubsection]), entry.name].join(".");
      return [entry.scope, entry.file ?? "-", key, rawValue ?? "(no value)"].join(" | ");
    }),
  ).toEqual(listed(env));
  for (const scope of ["system", "global", "local", "worktree", "command"]) {
    expect(entries.filter(({ entry }) => entry.scope === scope)).not.toBeEmpty();
  }
  // Each line, asked of the file: it holds the name of the key.
  for (const { entry } of entries) {
    const at = entry.file === null ? "" : somebody.read(entry.file).split("\n")[(entry.line ?? 0) - 1];
    if (entry.file !== null) expect(at?.toLowerCase()).toContain(entry.name);
    expect(entry.fromRepository).toBe(entry.scope === "local" || entry.scope === "worktree");
  }
  const linesOf = (file: string, key: string) =>
    entries
      .filter(({ entry }) => entry.file?.endsWith(file) && entry.key === key)
      .map(({ entry }) => entry.line);
  expect(linesOf("inc/plain", "credential.https://bitbucket.org.helper")).toEqual([4, 4]);
  expect(linesOf(".gitconfig", "credential.helper")).toEqual([2, 20]);
  expect(linesOf(".git/config", `url.https://ana:${MASK}@bitbucket.org/.insteadof`)).toEqual([17, 18, 20]);
});

describe("secrets", () => {
  const HUSH = "Geheim-7";
  const basic = Buffer.from(`ana:${HUSH}`).toString("base64");
  const PLACES: Readonly<Record<string, string>> = {
    "remote URL": section("remote", "o", [["url", `https://ana:${HUSH}@bitbucket.org/x`]]),
    "remote URL with a slash in the password": section("remote", "o", [
      ["url", `https://ana:${HUSH}/b@bitbucket.org/x`],
    ]),
    "remote URL with blanks and quotes": section("remote", "o", [
      ["url", `https://ana:"${HUSH} b'@git.example/x`],
    ]),
    pushurl: section("remote", "o", [["pushurl", `https://ana:${HUSH}@bitbucket.org/x`]]),
    "base of insteadOf": section("url", `https://ana:${HUSH}@bitbucket.org/`, [["insteadOf", "bb:"]]),
    "value of insteadOf": section("url", "https://x/", [["insteadOf", `https://ana:${HUSH}@bitbucket.org/`]]),
    "basic header": section("http", null, [["extraHeader", `Authorization: Basic ${basic}`]]),
    "bearer header": section("http", null, [["extraHeader", `AUTHORIZATION:bearer ${HUSH}`]]),
    "header without a scheme": section("http", null, [["extraHeader", `Authorization: ${HUSH}`]]),
    "header of an unknown scheme": section("http", null, [
      ["extraHeader", `Authorization: Odd ${HUSH} ${HUSH}`],
    ]),
    "another header": section("http", null, [["extraHeader", `Private-Token: ${HUSH} x`]]),
    cookie: section("http", null, [["extraHeader", `Cookie: a=${HUSH}; b=${HUSH}`]]),
    "not even a header": section("http", null, [["extraHeader", HUSH]]),
    proxy: section("http", null, [["proxy", `http://ana:${HUSH}@127.0.0.1:3128`]]),
    "proxy without a scheme": section("http", null, [["proxy", `ana:${HUSH}@127.0.0.1:3128`]]),
    "section of http": section("http", `https://ana:${HUSH}@bitbucket.org`, [["sslVerify", "true"]]),
    "shell helper": section("credential", null, [["helper", `!echo password=${HUSH}`]]),
    "quoted shell helper": section("credential", null, [["helper", `!f() { echo "password=${HUSH}"; }; f`]]),
    "printf in a helper": section("credential", null, [
      ["helper", `!printf 'username=%s\\npassword=%s\\n' ana ${HUSH}`],
    ]),
    "curl in a helper": section("credential", null, [["helper", `!curl -u ana:${HUSH} https://x.example`]]),
    lfs: section("lfs", null, [["url", `https://ana:${HUSH}@bitbucket.org/x`]]),
    branch: section("branch", "main", [["remote", `https://ana:${HUSH}@bitbucket.org/x`]]),
    submodule: section("submodule", "m", [["url", `https://ana:${HUSH}@bitbucket.org/x`]]),
  };
  for (const [place, config] of Object.entries(PLACES)) {
    test(`${place}: masked in key and value`, async () => {
      somebody.configure(config);
      const entries = (await read()).map(({ entry }) => entry);
      expect(JSON.stringify(entries)).not.toContain(HUSH);
      expect(JSON.stringify(entries)).not.toContain(basic);
      expect(JSON.stringify(entries)).toContain(MASK);
    });
  }

  test("a token where the user name belongs", async () => {
    const token = mintApiToken();
    somebody.configure(
      section("remote", "o", [["url", `https://${encodeURIComponent(token)}:x@bitbucket.org/x`]]),
    );
    expect(JSON.stringify((await read()).map(({ entry }) => entry))).not.toContain(token.slice(8, 40));
  });

  test("what is shown of what is no secret stays", async () => {
    const config =
      section("credential", null, [["helper", "!f() { echo password=$TOKEN; }; f"]]) +
      section("http", null, [
        ["proxy", "proxy.acme.example:3128"],
        ["extraHeader", ""],
      ]);
    somebody.configure(config);
    const values = (await read()).map(({ entry }) => entry.value);
    expect(values).toEqual(["false", "!f() { echo password=$TOKEN; }; f", "proxy.acme.example:3128", ""]);
  });

  test("Authorization headers", () => {
    const token = mintAccessToken();
    const pair = Buffer.from(`x-token-auth:${token}`).toString("base64");
    expect(readAuthorization(`authorization:  basic ${pair} `)).toEqual({
      user: "x-token-auth",
      secret: token,
      scheme: "basic",
    });
    expect(readAuthorization(`Authorization: Bearer ${token}`)).toEqual({
      user: null,
      secret: token,
      scheme: "bearer",
    });
    expect(readAuthorization("Authorization: Digest a, b")?.scheme).toBe("other");
    expect(readAuthorization(`Authorization: Basic ${Buffer.from("none").toString("base64")}`)?.scheme).toBe(
      "other",
    );
    for (const no of [
      "",
      "X-Authorization: Basic x",
      "Cookie: a",
      "Authorization:",
      "Authorization: Basic",
    ]) {
      expect(readAuthorization(no)).toBeNull();
    }
  });
});

test("a broken file is named with its line; no git at all is said", async () => {
  somebody.write(".gitconfig", "[a]\n\tb = c\n= d\n");
  const cwd = somebody.repository;
  const found = await readConfig(eyesOf(BASE, cwd), { cwd, trustArgs: [] });
  expect(found).toMatchObject({ file: `${somebody.home}/.gitconfig`, line: 3 });
  somebody.write(".gitconfig", "");
  const nothing = await readConfig(eyesOf({ ...BASE, PATH: "/nowhere" }, cwd), { cwd, trustArgs: [] });
  expect(nothing).toEqual(expect.objectContaining({ reason: "`git` was not found on PATH" }));
});
