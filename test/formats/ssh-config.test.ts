/** A `Host` block of ours in ssh's configuration: `ssh -G` has the word, wherever it is installed. */
import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { SshHostBlock } from "../../src/core/plan.ts";
import { addSshHost, sshConfigOf, sshConfigPieces } from "../../src/formats/ssh-config.ts";
import { latin, temporaryFolder, text } from "./real-git.ts";

const SEED = { seed: 20260728 };
const HOST = "bitbucket.org";

const KEY: SshHostBlock = {
  host: HOST,
  hostname: null,
  port: null,
  user: null,
  identityFile: "/home/ana/.ssh/id_ed25519_bitbucket",
  hostKeyAlias: null,
};

const ALIAS: SshHostBlock = {
  host: "bitbucket.org-acme-site",
  hostname: "altssh.bitbucket.org",
  port: 443,
  user: "git",
  identityFile: "/home/ana/my keys/50%/#1=é",
  hostKeyAlias: HOST,
};

function added(file: string, block = KEY): string {
  const edited = addSshHost(latin(file), block);
  return edited.ok ? text(edited.bytes) : `refused: it ${edited.reason}`;
}

const BLOCK =
  "# Added by git-rekey; `git rekey undo` takes it out again.\nHost bitbucket.org\n" +
  "  IdentityFile /home/ana/.ssh/id_ed25519_bitbucket\n  IdentitiesOnly yes\n";
const FOR_ALL = "# What follows is for all hosts again.\nHost *\n";

describe("where it goes", () => {
  test.each([
    ["into nothing", "", `${BLOCK}\n`],
    ["before a block", "Host x\n\tUser \xff", `${BLOCK}\nHost x\n\tUser \xff`],
    ["before `Match`", "# c\n\nMatch all\n", `${BLOCK}\n# c\n\nMatch all\n`],
    [
      "before options for all",
      "Include conf.d/*\nHost x\n",
      `${BLOCK}${FOR_ALL}\nInclude conf.d/*\nHost x\n`,
    ],
    ["into a file of Windows", "Host x\r\n", `${BLOCK}\nHost x\n`.replaceAll("\n", "\r\n")],
  ])("%s", (_, before, after) => expect(added(before)).toBe(after));

  test("a second one keeps by itself, with or without the first", () => {
    const first = added("User x\n");
    const second = added(first, { ...KEY, host: "bitbucket.org-b" });
    const own = BLOCK.replace(`Host ${HOST}`, `Host ${HOST}-b`);
    expect(second).toBe(`${own}${FOR_ALL}\n${first}`);
  });
});

describe("what is there already", () => {
  test("the same, however it is written", () => {
    const same = [
      added(""),
      added("User x\n"),
      'Host x\nhost = "bitbucket.org"\nidentitiesonly=yes\n# c\nIdentityFile "/home/ana/.ssh/id_ed25519_bitbucket"\nHost *\n',
    ];
    for (const file of same) expect(added(file)).toBe(file);
    const spaced = added("", ALIAS);
    expect(added(spaced, ALIAS)).toBe(spaced);
  });

  test("something else is refused", () => {
    const others = [
      `Host ${HOST}\n`,
      "Host x BitBucket.org y\nUser git\n",
      added("").replace("IdentitiesOnly yes", "IdentitiesOnly no"),
      added("").replace(HOST, `${HOST} x`),
    ];
    for (const file of others)
      expect(added(file)).toBe("refused: it has a `Host bitbucket.org` block that says otherwise");
  });

  test("a pattern is no block of that name", () => {
    for (const file of ["Host *\n", "Host *.org\n", "Match host bitbucket.org\n"])
      expect(added(file)).toBe(`${BLOCK}\n${file}`);
  });
});

test("what ssh would read otherwise is refused", () => {
  const bad: Partial<SshHostBlock>[] = [
    { host: "a b" },
    { host: "*" },
    { host: "" },
    { identityFile: 'a"b' },
    { identityFile: "a\nProxyCommand id" },
    { identityFile: "/$" + "{HOME}/x" },
    { identityFile: "a\\b" },
    { user: "" },
  ];
  for (const change of bad) expect(added("", { ...KEY, ...change })).toStartWith("refused");
});

test("pieces come back as they were, and ours is one of them", () => {
  const file = `User a\r\n\n${added("Port 1\n")}\nlast`;
  const pieces = sshConfigPieces(latin(file));
  expect(text(sshConfigOf(pieces))).toBe(file);
  expect(pieces).toContain(`${BLOCK}${FOR_ALL}\n`);
  expect(pieces).toHaveLength(6);
});

const option = fc.constantFrom(
  "User bob",
  "Port 2222",
  "\tIdentityFile ~/.ssh/other",
  "ServerAliveInterval=7",
  "# a comment",
  "",
  'HostName "1.2.3.4"',
  "Compression yes",
);
const head = fc.constantFrom("Host *", "Host other.example", "Host *.example !other.example", "Match all");
const config = fc.array(fc.oneof({ weight: 3, arbitrary: option }, { weight: 1, arbitrary: head }), {
  maxLength: 8,
});

test.skipIf(Bun.which("ssh") === null)(
  "ssh takes our word for our host, and nobody else's host changes",
  () => {
    using folder = temporaryFolder();
    const path = join(folder.path, "config");
    const asked = (file: string, host: string): Map<string, string[]> => {
      writeFileSync(path, latin(file));
      const { stdout, status, stderr } = spawnSync("ssh", ["-G", "-F", path, host], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      });
      expect(status, stderr).toBe(0);
      const words = stdout.split("\n").map((line) => [line.split(" ", 1)[0] ?? "", line] as const);
      return new Map(
        [...Map.groupBy(words, ([name]) => name)].map(([name, all]) => [name, all.map(([, l]) => l)]),
      );
    };
    fc.assert(
      fc.property(config, fc.constantFrom("\n", "\r\n"), (lines, end) => {
        const before = lines.join(end);
        const after = added(before, ALIAS);
        for (const other of ["other.example", "x.example", HOST])
          expect(asked(after, other)).toEqual(asked(before, other));
        const ours = asked(after, ALIAS.host);
        expect(ours.get("hostname")).toEqual(["hostname altssh.bitbucket.org"]);
        expect(ours.get("port")).toEqual(["port 443"]);
        expect(ours.get("user")).toEqual(["user git"]);
        expect(ours.get("hostkeyalias")).toEqual([`hostkeyalias ${HOST}`]);
        expect(ours.get("identitiesonly")).toEqual(["identitiesonly yes"]);
        expect(ours.get("identityfile")?.[0]).toBe("identityfile /home/ana/my keys/50%%/#1=é");
      }),
      { ...SEED, numRuns: 40 },
    );
  },
);
