import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { dropStored, putStored, readStored } from "../../src/formats/git-credentials.ts";
import { latin, runGit, temporaryFolder, text, throughStore } from "./real-git.ts";

const SEED = { seed: 20260728 };

test("entries, and lines that are none", () => {
  const file = [
    "# mine",
    "https://ana:p%40ss@bitbucket.org",
    "https://ana:x@bitbucket.org/",
    "https://bob@bitbucket.org",
    "https://bitbucket.org",
    "",
    "https://ana:y@bitbucket.org/team/site.git/",
    "https://c:d@h%3a8443",
    "http://:@h",
  ].join("\n");
  const found = readStored(latin(file)).map((e) => [
    e.protocol,
    e.username,
    e.password,
    e.host,
    e.path,
    e.line,
    e.occurrence,
  ]);
  expect(found).toEqual([
    ["https", "ana", "p@ss", "bitbucket.org", null, 2, 0],
    ["https", "ana", "x", "bitbucket.org", null, 3, 1],
    ["https", "ana", "y", "bitbucket.org", "team/site.git", 7, 0],
    ["https", "c", "d", "h:8443", null, 8, 0],
    ["http", "", "", "h", null, 9, 0],
  ]);
});

test("drop takes one line and leaves the rest byte for byte", () => {
  const file = "\xff\r\nhttps://a:1@h\nhttps://a:2@h\nhttps://a:3@h";
  const drop = (occurrence: number) => {
    const edited = dropStored(latin(file), { host: "h", username: "a", path: null, occurrence });
    return edited.ok ? text(edited.bytes) : edited.reason;
  };
  expect(drop(1)).toBe("\xff\r\nhttps://a:1@h\nhttps://a:3@h");
  expect(drop(2)).toBe("\xff\r\nhttps://a:1@h\nhttps://a:2@h\n");
  expect(drop(3)).toBe("has no entry of `a` for `h` any more");
});

const piece = fc.constantFrom(..."a|B|é|@|:|/|?|#| |%|%41|%00|&|=|~|+|!|[|\\|'|\"|.|-|_".split("|"));
const part = fc.array(piece, { maxLength: 4 }).map((pieces) => pieces.join(""));
const some = fc.tuple(fc.constantFrom("x", "y"), part).map((pieces) => pieces.join(""));
const host = fc.constantFrom("h", "bitbucket.org", "Bitbucket.org", "h:8443", "h%41");
const path = fc.oneof(fc.constant(null), fc.constantFrom("a/b.git", "a"), some);
const encoded = some.map((raw) => encodeURIComponent(raw));
const line = fc.oneof(
  fc
    .tuple(
      encoded,
      encoded,
      fc.constantFrom("h", "bitbucket.org"),
      fc.constantFrom("", "/", "/a", "/a/b.git/"),
    )
    .map(([user, password, name, rest]) => `https://${user}:${password}@${name}${rest}`),
  fc.tuple(part, part, part).map(([user, password, rest]) => `https://${user}:${password}@h/${rest}`),
  fc.constantFrom(
    "",
    "# c",
    "https://x:y@h",
    "https://x:y@h\r",
    "https://x@h",
    "http://x:y@h",
    "x:y@h",
    "https://x:y@h?q",
  ),
);
const file = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.boolean())
  .map(([lines, open]) => latin(Buffer.from(lines.join("\n") + (open ? "" : "\n")).toString("latin1")));

describe("real git credential-store", () => {
  test("writes what we write", () => {
    using home = temporaryFolder();
    fc.assert(
      fc.property(file, host, path, some, some, (bytes, name, where, username, password) => {
        const request = [
          "protocol=https",
          `host=${name}`,
          ...(where === null ? [] : [`path=${where}`]),
          `username=${username}`,
          `password=${password}`,
        ].join("\n");
        const real = throughStore(home.path, bytes, "store", `${request}\n\n`);
        const ours = putStored(bytes, { host: name, path: where, username, password });
        expect(ours.ok && text(ours.bytes)).toBe(text(real));
      }),
      { ...SEED, numRuns: 250 },
    );
  });

  test("finds what we find", () => {
    using home = temporaryFolder();
    fc.assert(
      fc.property(file, (bytes) => {
        for (const entry of readStored(bytes)) {
          // Git drops a carriage return at the end of what it is asked, so such an entry cannot be asked for.
          if (entry.protocol !== "https" || /\r/.test(`${entry.host}${entry.path}`)) continue;
          const first = readStored(bytes).find(
            (e) =>
              e.protocol === "https" &&
              e.host === entry.host &&
              e.username === entry.username &&
              (entry.path === null || e.path === entry.path),
          );
          const request = [
            "protocol=https",
            `host=${entry.host}`,
            `username=${entry.username}`,
            ...(entry.path === null ? [] : [`path=${entry.path}`]),
          ].join("\n");
          throughStore(home.path, bytes, "get", `${request}\n\n`);
          const { stdout } = runGit(
            home.path,
            ["credential-store", `--file=${home.path}/store-under-test`, "get"],
            `${request}\n\n`,
          );
          expect(Buffer.from(stdout).toString()).toBe(
            `username=${first?.username}\npassword=${first?.password}\n`,
          );
        }
      }),
      { ...SEED, numRuns: 60 },
    );
  });
});
