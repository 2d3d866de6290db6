/** Files of `[section]` and `name = value`: TOML, INI, pip's and systemd's. Only as much of each as credentials need. */
import type { Leaf } from "./leaf.ts";

const HEADER = /^[ \t]*\[{1,2}[ \t]*(.+?)[ \t]*\]{1,2}[ \t]*(?:[#;].*)?$/;
const ENTRY = /^([ \t]*)(?:"([^"\n]+)"|'([^'\n]+)'|([^\s=:#;"'[][^=:#\n]*?))[ \t]*[=:][ \t]*(.*?)[ \t\r]*$/;

/** `a."b.c".d` as its keys. */
function keysOf(dotted: string): string[] {
  return [...dotted.matchAll(/"([^"]*)"|'([^']*)'|([^\s."']+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
}

/** The value without quotes and without a comment behind it. */
function bareValue(written: string): { value: string; from: number; length: number } {
  const quoted = /^(["'])(.*?)\1\s*(?:[#;].*)?$/.exec(written);
  if (quoted?.[2] !== undefined) return { value: quoted[2], from: 1, length: quoted[2].length };
  const value = written.replace(/\s+[#;].*$/, "");
  return { value, from: 0, length: value.length };
}

/**
 * Every entry in file order; its path is the section's keys and its name. Inline tables and lists stay one value, in
 * which URLs are found all the same.
 */
export function sectionLeaves(text: string): Leaf[] {
  const leaves: Leaf[] = [];
  let section: string[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const header = HEADER.exec(line);
    const entry = header === null ? ENTRY.exec(line) : null;
    if (header?.[1] !== undefined) section = keysOf(header[1]);
    else if (entry !== null) {
      const [, , double, single, bare, written = ""] = entry;
      const { value, from, length } = bareValue(written);
      const at = start + line.lastIndexOf(written);
      leaves.push({
        path: [...section, ...(bare !== undefined ? keysOf(bare) : [double ?? single ?? ""])],
        value,
        start: at + from,
        end: at + from + length,
      });
    }
    start += line.length + 1;
  }
  return leaves;
}
