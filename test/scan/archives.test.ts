import { describe, expect, test } from "bun:test";
import { gzipSync } from "node:zlib";
import { mintAppPassword } from "../../emulator/tokens.ts";
import type { Report } from "../../src/core/report.ts";
import type { Seen } from "../../src/core/spot.ts";
import { type ArchiveMeans, lookInArchive } from "../../src/scan/archive/look.ts";
import { archiveKind, HEAD } from "../../src/scan/archive/members.ts";
import { sourceOf } from "../../src/scan/archive/source.ts";
import { makeSandbox } from "../sandbox.ts";
import { run } from "./archive-programs.ts";

interface Looked {
  members: Record<string, string>;
  unread: string[];
}

/** What is handed over of an archive, by member; of long ones the length. */
async function look(bytes: Buffer, stopAfter = Number.POSITIVE_INFINITY): Promise<Looked> {
  const looked: Looked = { members: {}, unread: [] };
  let handed = 0;
  const means: ArchiveMeans = {
    mayHold: () => true,
    lookAt(text, path) {
      handed++;
      return [{ place: Buffer.from(text).toString("latin1"), file: path } as Seen];
    },
    isStopped: () => handed >= stopAfter,
    done: () => undefined,
    spots(spots) {
      for (const { member, place } of spots)
        looked.members[member ?? ""] = place.length > 100 ? String(place.length) : place;
    },
    unread: (why, path) => void looked.unread.push(`${why} ${path}`),
  };
  const kind = archiveKind(bytes.subarray(0, HEAD));
  if (kind === null) throw new Error("no archive");
  await lookInArchive(sourceOf(bytes), kind, "/backup/x.gz", means);
  return looked;
}

const LONG = `home/${"deep/".repeat(40)}.netrc`;
const FILES = { "home/.netrc": "of netrc", "home/auth.json": "of auth.json", "ä ö/x": "text", [LONG]: "far" };

describe("members are looked at as files", () => {
  for (const format of ["gnu", "pax", "ustar"])
    test(`of a tar (${format})`, async () => {
      const bytes = await run(FILES, "tar", `--format=${format}`, "-cf-", "home", "ä ö");
      expect(await look(bytes)).toEqual({ members: FILES, unread: [] });
      expect(await look(gzipSync(bytes))).toEqual({ members: FILES, unread: [] });
    });

  test("of a zip, packed or not", async () => {
    const program = "import sys,zipfile,os\nz=zipfile.ZipFile(sys.stdout.buffer,'w',int(sys.argv[1]))\n";
    const walk = "for d,_,fs in os.walk('.'):\n for f in fs: z.write(os.path.join(d,f))\nz.close()";
    for (const method of ["0", "8"]) {
      const bytes = await run(FILES, "python3", "-c", program + walk, method);
      expect(await look(bytes)).toEqual({ members: FILES, unread: [] });
    }
  });

  test("of a compressed file", async () => {
    expect(await look(gzipSync("some text"))).toEqual({ members: { x: "some text" }, unread: [] });
  });

  test("in an archive in an archive, and not deeper", async () => {
    const inner = gzipSync(await run({ a: "inside" }, "tar", "-cf-", "a"));
    const middle = await run({ "i.tgz": inner, b: "beside" }, "tar", "-cf-", "i.tgz", "b");
    expect(await look(middle)).toEqual({ members: { "i.tgz!a": "inside", b: "beside" }, unread: [] });
    const outer = await run({ "m.tar": middle }, "tar", "-cf-", "m.tar");
    expect(await look(outer)).toEqual({
      members: { "m.tar!b": "beside" },
      unread: ["archive-in-archive /backup/x.gz!m.tar!i.tgz"],
    });
  });
});

describe("what cannot be looked at is said", () => {
  test("an archive that is cut off, after what is whole", async () => {
    const bytes = await run(FILES, "tar", "-cf-", "home/.netrc", "home/auth.json", LONG);
    const cut = await look(bytes.subarray(0, 1300));
    expect(cut).toEqual({
      members: { "home/.netrc": "of netrc" },
      unread: ["damaged /backup/x.gz"],
    });
    for (const length of [30, 200]) {
      const whole = gzipSync(bytes);
      expect((await look(whole.subarray(0, whole.length - length))).unread).toEqual(["damaged /backup/x.gz"]);
    }
    const zipped = Buffer.from("PK\u0003\u0004 and nothing else");
    expect(await look(zipped)).toEqual({ members: {}, unread: ["damaged /backup/x.gz"] });
  });

  test("any damage to any byte ends in words and not in a fault", async () => {
    const bytes = gzipSync(await run(FILES, "tar", "-cf-", "home"));
    for (let at = 10; at < bytes.length; at += 7) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] ?? 0) ^ 0x55;
      const { unread } = await look(damaged);
      expect(unread.every((said) => said.startsWith("damaged "))).toBe(true);
    }
  });

  test("a member that is longer than anybody wants to look at", async () => {
    const { members, unread } = await look(gzipSync("a line\n".repeat(5_000_000)));
    expect(members).toEqual({ x: String(16 * 1024 * 1024) });
    expect(unread).toEqual(["too-big /backup/x.gz!x"]);
  });

  test("an archive of which far more comes out than went in", async () => {
    // A header that promises eight gigabytes, and as much as is needed to notice.
    const tar = await run({ "big.bin": "\0" }, "tar", "-cf-", "big.bin");
    tar.write("77777777777\0", 124, "latin1");
    tar.write("        ", 148, "latin1");
    const sum = tar.subarray(0, 512).reduce((all, byte) => all + byte, 0);
    tar.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    const bomb = gzipSync(Buffer.concat([tar.subarray(0, 512), Buffer.alloc(100 * 1024 * 1024)]), {
      level: 9,
    });
    expect((await look(bomb)).unread).toEqual(["too-big /backup/x.gz"]);
  });

  test("a member behind a password", async () => {
    const zip = await run(
      { a: "text" },
      "python3",
      "-c",
      "import sys,zipfile\nz=zipfile.ZipFile(sys.stdout.buffer,'w')\nz.write('a')\nz.close()",
    );
    for (const mark of ["PK\u0003\u0004", "PK\u0001\u0002"]) {
      const at = zip.indexOf(mark, 0, "latin1") + (mark.endsWith("\u0004") ? 6 : 8);
      zip.writeUInt16LE(zip.readUInt16LE(at) | 1, at);
    }
    expect(await look(zip)).toEqual({ members: {}, unread: ["encrypted /backup/x.gz!a"] });
  });

  test("nothing more is looked at, and nothing said, when the scan is stopped", async () => {
    const bytes = await run(FILES, "tar", "-cf-", "home/.netrc", "home/auth.json");
    expect(await look(bytes, 1)).toEqual({ members: { "home/.netrc": "of netrc" }, unread: [] });
  });
});

test("a scan looks into archives when it is asked to, and says where in them", async () => {
  const box = makeSandbox();
  try {
    const netrc = `machine bitbucket.org login ana password ${mintAppPassword()}\n`;
    box.write("b/backup", gzipSync(await run({ "home/.netrc": netrc }, "tar", "-cf-", "home")));
    const scan = async (...words: string[]) =>
      JSON.parse((await box.rekey(["scan", "--json", ...words, box.path("b")])).stdout) as Report;
    expect((await scan()).findings).toEqual([]);
    const [finding, ...others] = (await scan("--archives")).findings;
    expect(others).toEqual([]);
    expect(finding?.location).toMatchObject({ file: box.path("b/backup"), line: 1 });
    expect(JSON.stringify(finding?.evidence)).toContain("home/.netrc");
  } finally {
    await box.remove();
  }
});
