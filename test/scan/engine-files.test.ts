/** What of a file is handed over: all of a short one, of a long one the windows that have something. */
import { afterAll, describe, expect, test } from "bun:test";
import { appendFileSync, truncateSync } from "node:fs";
import { NEEDLES } from "../../src/scan/needles.ts";
import { FIRST, PIECE } from "../../src/scan/read.ts";
import { makeSandbox } from "../sandbox.ts";
import { DISKS, walkHere } from "./engine-here.ts";

const box = makeSandbox();
afterAll(() => box.remove());

const WINDOW = 4 * 1024 * 1024;
const NEEDLE = "bitbucket.org";

let folders = 0;
/** A folder with one file, of these bytes. */
function file(text: string, name = "file"): string {
  const folder = `f${folders++}`;
  box.write(`${folder}/${name}`, Buffer.from(text, "latin1"));
  return box.path(folder);
}

/** Lines of text that has no needle. */
function filler(length: number): string {
  return "the quick brown fox jumps over the lazy dog\n".repeat(Math.ceil(length / 44)).slice(0, length);
}

function with1(text: string, at: number, needle = NEEDLE): string {
  return text.slice(0, at) + needle + text.slice(at + needle.length);
}

function utf16(text: string, order: "le" | "be"): string {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return (order === "le" ? bytes : bytes.swap16()).toString("latin1");
}

for (const [name, disk] of DISKS)
  describe(`by ${name}`, () => {
    const handed = (text: string, options = {}) => walkHere([file(text)], { disk, ...options }).handed;
    const texts = (text: string, options = {}) => handed(text, options).map((each) => each.text);

    test("a short file is handed over whole if it has something, and not at all if it has nothing", () => {
      for (const text of ["", "x", filler(300), filler(FIRST - 1), "\0\xff\xfe\x80"])
        expect(texts(text)).toEqual([]);
      for (const text of [
        NEEDLE,
        `${filler(300)}${NEEDLE}`,
        with1(filler(FIRST - 1), 40_000),
        `\0\xff${NEEDLE}`,
      ])
        expect(texts(text)).toEqual([text]);
    });

    test("every needle is seen across the border of two pieces", () => {
      const base = filler(FIRST + PIECE + 1000);
      // Of all needles one long file: what is in doubt is only the border.
      for (const border of [FIRST, FIRST + PIECE])
        for (const { bytes } of NEEDLES)
          for (const before of [0, 1, Math.floor(bytes.length / 2), bytes.length - 1, bytes.length]) {
            const text = with1(base, border - before, bytes);
            expect([border, before, bytes, texts(text)[0] === text]).toEqual([border, before, bytes, true]);
          }
    }, 120_000);

    test("a file of exactly one piece, and of one byte more or less", () => {
      for (const length of [FIRST, FIRST + PIECE, FIRST + 2 * PIECE].flatMap((n) => [n - 1, n, n + 1])) {
        const text = with1(filler(length), length - NEEDLE.length);
        expect(texts(text)).toEqual([text]);
        expect(texts(filler(length))).toEqual([]);
      }
    });

    test("of a long file whole lines are handed over, where there is something", () => {
      const places = [WINDOW - 5, 2 * WINDOW + 77, 5 * WINDOW + 123];
      const text = places.reduce((all, at) => with1(all, at), filler(6 * WINDOW));
      const seen = texts(text);
      const lines = seen.flatMap((each) => each.split("\n").filter((line) => line.includes(NEEDLE)));
      expect(lines).toHaveLength(places.length);
      // A list of every package there is has a needle here and there, and nobody wants to look at all of it.
      expect(seen.join("").length).toBeLessThan(text.length / 50);
      for (const each of seen) {
        expect(text.includes(`\n${each}`)).toBe(true);
        expect(each).toEndWith("\n");
      }
    });

    test("what stands around a needle is handed over with it", () => {
      const before = `user of it ${"a".repeat(50)}\n`.padEnd(8000, "-");
      const text = with1(
        filler(3 * WINDOW),
        2 * WINDOW - 8000,
        `${before}${NEEDLE}${"-".repeat(7000)}end of it`,
      );
      expect(texts(text).some((each) => each.includes("user of it") && each.includes("end of it"))).toBe(
        true,
      );
    });

    test("a line that is longer than any window is handed over with what crosses the borders", () => {
      const places = [WINDOW, 3 * WINDOW - 4096].flatMap((at) => [at - 200, at + 1000]);
      const mark = (i: number) => `${NEEDLE}/${"ABCD"[i]}${"y".repeat(700)}`;
      const text = places.reduce((all, at, i) => with1(all, at, mark(i)), "x".repeat(5 * WINDOW));
      const seen = texts(text);
      for (const i of places.keys()) expect(seen.some((each) => each.includes(mark(i)))).toBe(true);
      expect(Math.max(...seen.map(({ length }) => length))).toBeLessThanOrEqual(WINDOW);
    });

    test("long text in 16 bits is read to its end", () => {
      for (const order of ["le", "be"] as const) {
        const text = utf16(`${filler(FIRST * 2)}ATATT and more`, order);
        expect(texts(text)).toEqual([text]);
        // Without its mark, as it is in the middle of a log.
        expect(texts(text.slice(2))).toEqual([text.slice(2)]);
      }
    });

    test("of a long file that is no text only the beginning is looked at, and that is counted", () => {
      const late = with1(`\0${filler(FIRST * 3)}`, FIRST * 2);
      const seen = walkHere([file(late)], { disk });
      expect(seen).toMatchObject({ handed: [], binary: 1, bytes: FIRST });
      const early = with1(`\0${filler(FIRST * 3)}`, 1000);
      expect(texts(early)).toEqual([early.slice(0, FIRST)]);
    });

    test("some names are looked at whatever is in them", () => {
      const always = [".git-credentials", "known/config.json"];
      box.write("named/.git-credentials", "nothing");
      box.write("named/known/config.json", `\0${filler(FIRST * 2)}`);
      box.write("named/other/config.json", "nothing");
      box.write("named/git-credentials", "nothing");
      box.write("named/empty/.git-credentials", "");
      const seen = walkHere([box.path("named")], { disk, always });
      const short = seen.handed.map(({ path, text }) => [
        path.slice(box.path("named").length + 1),
        text.length,
      ]);
      expect(short.sort()).toEqual([
        [".git-credentials", 7],
        ["known/config.json", FIRST * 2 + 1],
      ]);
    });

    test("of a file of 50 GB a limited part is read, and that is said", () => {
      const most = 8 * 1024 * 1024;
      const folder = file(`${NEEDLE}\n${filler(FIRST)}`);
      truncateSync(`${folder}/file`, 50 * 2 ** 30);
      const seen = walkHere([folder], { disk, most });
      expect(seen.unread).toEqual([{ why: "too-big", count: 1, example: `${folder}/file` }]);
      expect(seen.bytes).toBeLessThanOrEqual(most + PIECE);
      expect(seen.handed[0]?.text).toStartWith(NEEDLE);
    });

    test("a file of just so much is read whole", () => {
      const length = FIRST + 2 * PIECE;
      const text = with1(filler(length), length - NEEDLE.length);
      const most = { disk, most: length };
      expect(walkHere([file(text)], most)).toMatchObject({ unread: [], handed: [{ text }] });
      const longer = walkHere([file(`${text}x`)], most);
      expect(longer.unread).toMatchObject([{ why: "too-big", count: 1 }]);
      expect(longer.handed).toMatchObject([{ text }]);
    });

    test("one of nothing but zeros is no text", () => {
      const folder = file("");
      truncateSync(`${folder}/file`, 50 * 2 ** 30);
      expect(walkHere([folder], { disk })).toMatchObject({ binary: 1, bytes: FIRST, unread: [] });
    });
  });

test("a needle beyond 2 GB is found", () => {
  const most = 3 * 2 ** 30;
  const folder = file(filler(FIRST));
  const path = `${folder}/file`;
  truncateSync(path, 2 ** 31 + 12_345);
  appendFileSync(path, `\n${NEEDLE}\n`);
  const seen = walkHere([folder], { most });
  expect(seen.handed).toHaveLength(1);
  expect(seen.handed[0]?.text).toContain(NEEDLE);
}, 120_000);
