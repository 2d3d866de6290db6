/** YAML, several documents and broken ones included. What a template engine still has to fill is read line by line. */
import { isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import type { Leaf } from "./leaf.ts";

/** Beyond it only lines are read, in bytes: a parser takes long, and nobody writes such a file by hand. */
const LARGEST = 500_000;

/** Helm, Jinja and ERB: no YAML until they have run. */
const TEMPLATED = /^[ \t]*(?:\{\{|\{%|<%)|^[^#'"\n]*:[ \t]*\{\{(?!.*\}\}[ \t\r]*$)/m;

/** `key: value`, also as the first of a list's member. */
const LINE =
  /^([ \t]*)((?:-[ \t]+)*)(?:"([^"\n]+)"|'([^'\n]+)'|([^\s:#'"{[-][^:#\n]*?))[ \t]*:(?:[ \t]+(.*?))?[ \t\r]*$/;

/** Every scalar in file order. Never throws. */
export function yamlLeaves(text: string): Leaf[] {
  if (text.length > LARGEST || TEMPLATED.test(text)) return lineLeaves(text);
  try {
    const documents = parseAllDocuments(text, {
      prettyErrors: false,
      uniqueKeys: false,
      strict: false,
      logLevel: "silent",
    });
    const all = [documents].flat().flatMap((document) => ("contents" in document ? [document] : []));
    if (all.some(({ errors }) => errors.length > 0)) return lineLeaves(text);
    return all.flatMap(({ contents }) => scalarsOf(contents));
  } catch {
    // An alias to nothing, nesting without end: the parser's own limits.
    return lineLeaves(text);
  }
}

/** The scalars in a node and below it, with the keys and list positions above each. */
function scalarsOf(node: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  addScalars(node, [], leaves);
  return leaves;
}

/** Adds what is at and below a node; an alias is not followed, as what it means stands elsewhere. */
function addScalars(node: unknown, path: readonly string[], leaves: Leaf[]): void {
  if (isMap(node)) {
    for (const { key, value } of node.items)
      addScalars(value, [...path, isScalar(key) ? String(key.value) : "?"], leaves);
  } else if (isSeq(node)) {
    for (const [at, item] of node.items.entries()) addScalars(item, [...path, String(at)], leaves);
  } else if (isScalar(node) && node.range && node.value !== null) {
    const [start, end] = node.range;
    leaves.push({ path, value: String(node.value), start, end });
  }
}

interface Open {
  indent: number;
  key: string;
}

/** By indentation alone: keys whose value stands on their line. */
function lineLeaves(text: string): Leaf[] {
  const leaves: Leaf[] = [];
  let open: Open[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const found = LINE.exec(line);
    if (found !== null) {
      const [, blanks = "", dashes = "", double, single, bare, rest = ""] = found;
      const indent = blanks.length + dashes.length;
      const key = double ?? single ?? bare ?? "";
      open = open.filter((one) => one.indent < indent);
      if (dashes !== "") open.push({ indent: indent - 1, key: "-" });
      const value = rest.replace(/[ \t]+#.*$/, "");
      if (value === "" || /^[|>&*]/.test(value)) open.push({ indent, key });
      else {
        const at = start + line.indexOf(value, indent + key.length);
        leaves.push({
          path: [...open.map((one) => one.key), key],
          value: value.replace(/^(["'])(.*)\1$/, "$2"),
          start: at,
          end: at + value.length,
        });
      }
    }
    start += line.length + 1;
  }
  return leaves;
}

/**
 * The scalars of each document apart, their offsets those of the file, so that what stands side by side is together.
 * Only documents that `worth` matches are parsed: manifests of megabytes have few of interest.
 */
export function documentsOf(text: string, worth: RegExp): Leaf[][] {
  const starts = [0, ...[...text.matchAll(/^---(?=\s|$)/gm)].map(({ index }) => index)];
  return starts.flatMap((start, at) => {
    const part = text.slice(start, starts[at + 1]);
    if (!worth.test(part)) return [];
    return [yamlLeaves(part).map((leaf) => ({ ...leaf, start: leaf.start + start, end: leaf.end + start }))];
  });
}
