/** Lists of hosts as ssh reads them: `ssh-keygen -F` has the word, wherever it is installed. */
import { describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SSH_HOST_KEYS, SSH_RETIRED_HOST_KEY } from "../../src/core/bitbucket.ts";
import {
  addKnownHosts,
  dropKnownHost,
  type HostHashes,
  knownHostLines,
  knownHostsFile,
  linesOfHost,
  readKnownHosts,
} from "../../src/formats/known-hosts.ts";
import { fingerprint, saltedHash } from "../../src/world/hash.ts";
import { latin, temporaryFolder, text } from "./real-git.ts";

const SEED = { seed: 20260728 };
const HASHES: HostHashes = { hmacSha1: saltedHash, fingerprint };
const HOST = "bitbucket.org";
const ALT = "[altssh.bitbucket.org]:443";

const [ED, EC, RSA] = SSH_HOST_KEYS.map(({ type, key }) => `${type} ${key}`);
const RETIRED = `ssh-rsa ${SSH_RETIRED_HOST_KEY.key}`;

const hashed = (host: string, salt = Buffer.from("twenty bytes of salt").toString("base64")) =>
  `|1|${salt}|${saltedHash(salt, host)}`;

function added(file: string, host = HOST, keys = SSH_HOST_KEYS): string {
  const edited = addKnownHosts(latin(file), host, keys, HASHES);
  return edited.ok ? text(edited.bytes) : `refused: it ${edited.reason}`;
}

function dropped(file: string, host = HOST, occurrence = 0, of = SSH_RETIRED_HOST_KEY.fingerprint): string {
  const edited = dropKnownHost(latin(file), { host, fingerprint: of, occurrence }, HASHES);
  return edited.ok ? text(edited.bytes) : `refused: it ${edited.reason}`;
}

test("the published keys have the published fingerprints", () => {
  for (const key of [...SSH_HOST_KEYS, SSH_RETIRED_HOST_KEY])
    expect(fingerprint(key.key)).toBe(key.fingerprint);
});

describe("adding", () => {
  const all = `${HOST} ${ED}\n${HOST} ${EC}\n${HOST} ${RSA}\n`;

  test.each([
    ["to nothing", "", all],
    ["to a file", "github.com ssh-rsa AAAA\n", `github.com ssh-rsa AAAA\n${all}`],
    ["to a last line without an end", "# \xff", `# \xff\n${all}`],
    ["to a file of Windows", "# x\r\n", `# x\r\n${all.replaceAll("\n", "\r\n")}`],
    ["to one that has the retired key", `${HOST} ${RETIRED}\n`, `${HOST} ${RETIRED}\n${all}`],
  ])("%s", (_, before, after) => expect(added(before)).toBe(after));

  test("only what is missing, however it is written", () => {
    const there = [
      `${hashed(HOST)} ${ED} some words`,
      `BitBucket.org,104.192.143.1   ${EC}`,
      `\t*.org,!x.org\t${RSA}\r`,
    ].join("\n");
    expect(added(there)).toBe(there);
    expect(added(there.replace("!x.org", "!bitbucket.org"))).toBe(
      `${there.replace("!x.org", "!bitbucket.org")}\n${HOST} ${RSA}\n`,
    );
  });

  test("for a port of its own", () => {
    expect(added(all, ALT)).toBe(all + all.replaceAll(HOST, ALT));
  });

  test("marks are no entries", () => {
    const authority = `@cert-authority ${HOST} ${ED}\n`;
    expect(added(authority)).toBe(authority + all);
    const revoked = `@revoked * ${RETIRED}\n`;
    expect(added(revoked)).toBe(revoked + all);
    expect(added(`@revoked * ${ED}`)).toBe("refused: it marks a published host key of Bitbucket as revoked");
    expect(added("", HOST, [])).toBe("refused: it was to get host keys, and none are known");
  });
});

describe("dropping", () => {
  test.each([
    ["a line", `a\r\n${HOST} ${RETIRED} \xff\r\nb`, "a\r\nb"],
    ["the last line", `a\n${HOST} ${RETIRED}`, "a\n"],
    ["a hashed line", `${hashed(HOST)} ${RETIRED}\nb\n`, "b\n"],
    ["one of several names", `x,${HOST},1.2.3.4 ${RETIRED} me\n`, `x,1.2.3.4 ${RETIRED} me\n`],
    ["the only name, twice", `${HOST},BITBUCKET.ORG ${RETIRED}\n`, ""],
    ["a name beside exceptions", `${HOST},!x ${RETIRED}\n`, ""],
    ["what a pattern means", `*.org ${RETIRED}\n`, `*.org,!${HOST} ${RETIRED}\n`],
    ["a name and a pattern", `${HOST},b*  ${RETIRED}\n`, `b*,!${HOST}  ${RETIRED}\n`],
    ["a marked line", `@revoked ${HOST} ${RETIRED}\n`, ""],
    ["one with tabs alone", `@revoked\t${HOST}\t${RETIRED.replace(" ", "\t")}\n`, ""],
    ["a shared marked line", `@revoked x,${HOST} ${RETIRED}\n`, `@revoked x ${RETIRED}\n`],
  ])("%s", (_, before, after) => expect(dropped(before)).toBe(after));

  test("the one that is meant", () => {
    const file = `${HOST} ${ED}\n${HOST} ${RETIRED} 1\nx ${RETIRED}\n${hashed(HOST)} ${RETIRED} 2\n`;
    expect(dropped(file, HOST, 1)).toBe(file.slice(0, file.indexOf("|1|")));
    expect(dropped(file, HOST, 2)).toMatch(
      /^refused: it has no host key SHA256:\S+ of `bitbucket.org` any more$/,
    );
    expect(dropped(file, ALT)).toStartWith("refused");
  });
});

test("what is no line of a host is passed over", () => {
  const lines = [
    "",
    "#",
    "bitbucket.org",
    "bitbucket.org 2048 35 1234",
    "@new bitbucket.org ssh-rsa AAAA",
    "x",
  ];
  expect(readKnownHosts(latin(lines.join("\n")))).toEqual([]);
});

test("lines come back as they were, but for the end of the last one", () => {
  for (const file of ["", "a\r\n\n# b\xff\n", "a\nb"]) {
    const end = file === "" || file.endsWith("\n") ? "" : "\n";
    expect(text(knownHostsFile(knownHostLines(latin(file))))).toBe(file + end);
  }
});

const names = fc.oneof(
  fc
    .array(fc.stringMatching(/^!?[bit.*?o]{1,6}$|^!?bitbucket\.org$|^BITBUCKET\.\*$/), {
      minLength: 1,
      maxLength: 3,
    })
    .map((list) => list.join(",")),
  fc.constantFrom(HOST, ALT, "other.example").map((host) => hashed(host)),
);
const line = fc
  .tuple(
    fc.constantFrom("", " ", "@revoked ", "@cert-authority\t"),
    names,
    fc.constantFrom(ED, EC, RSA, RETIRED),
  )
  .map(([mark, who, key]) => `${mark}${who} ${key}`);
const file = fc.array(fc.oneof(line, fc.constantFrom("", "# bitbucket.org", "bitbucket.org")), {
  maxLength: 6,
});

test.skipIf(Bun.which("ssh-keygen") === null)("ssh finds the same lines, before and after", () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "known_hosts");
  const found = (bytes: Uint8Array, host: string) => {
    writeFileSync(path, bytes);
    const { stdout } = spawnSync("ssh-keygen", ["-F", host, "-f", path], { encoding: "latin1" });
    return [...stdout.matchAll(/^# Host .* found: line (\d+)/gm)].map(([, number]) => Number(number));
  };
  fc.assert(
    fc.property(file, fc.constantFrom(HOST, ALT), (lines, host) => {
      const bytes = latin(lines.join("\n"));
      const ours = linesOfHost(bytes, host, HASHES);
      expect(ours.map(({ line: number }) => number)).toEqual(found(bytes, host));
      const [first] = ours;
      if (first === undefined) return;
      const name = { host, fingerprint: fingerprint(first.key), occurrence: 0 };
      const edited = dropKnownHost(bytes, name, HASHES);
      expect(edited.ok && found(edited.bytes, host)).toHaveLength(ours.length - 1);
    }),
    { ...SEED, numRuns: 150 },
  );
});
