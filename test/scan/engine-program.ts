/** `walkHere` as a program: for a test that needs another user, fewer open files or mounts of its own. */
import { openSync } from "node:fs";
import { parseMountInfo } from "../../src/scan/mounts.ts";
import { readMountTable } from "../../src/world/mount-table.ts";
import { walkHere } from "./engine-here.ts";

const [root = "", ...words] = process.argv.slice(2);

/** Opens files until there are no more to be had. */
function openAll(): void {
  try {
    for (;;) openSync("/dev/null", "r");
  } catch {
    // That was the last.
  }
}

const mounts = parseMountInfo(readMountTable()?.text ?? "");
// What is loaded at first use is loaded before there is nothing left to load it with.
walkHere([root], { mounts });
if (words.includes("no-more-files")) openAll();
const seen = walkHere([root], { mounts, otherMounts: !words.includes("one-mount") });
console.log(JSON.stringify({ ...seen, handed: seen.handed.map(({ path }) => path) }));
