/** XML, read as far as it is readable: elements and attributes with their text. */
import { parser } from "sax";
import { DEEPEST, type Leaf } from "./leaf.ts";

interface Open {
  name: string;
  /** How many elements of each name it holds so far. */
  counts: Map<string, number>;
  start: number;
  text: string;
}

/**
 * Every element's own text and every attribute (`@name`) in file order. Elements of the same name in one place are told
 * apart by a number behind the second and further ones: `server`, `server#2`. Never throws.
 */
export function xmlLeaves(text: string): Leaf[] {
  const leaves: Leaf[] = [];
  const open: Open[] = [{ name: "", counts: new Map(), start: 0, text: "" }];
  const sax = parser(true, { position: true });
  const path = (): string[] => open.slice(1).map(({ name }) => name);
  const isTooDeep = (): boolean => open.length > DEEPEST;
  sax.onerror = () => {
    // Whatever is wrong there, what follows may be readable.
    sax.error = null as unknown as Error;
    sax.resume();
  };
  sax.onopentag = ({ name, attributes }) => {
    const above = open.at(-1);
    const count = (above?.counts.get(name) ?? 0) + 1;
    above?.counts.set(name, count);
    open.push({
      name: count === 1 ? name : `${name}#${count}`,
      counts: new Map(),
      start: sax.position,
      text: "",
    });
    if (isTooDeep()) return;
    for (const [key, value] of Object.entries(attributes)) {
      const start = (sax.startTagPosition ?? 1) - 1;
      leaves.push({ path: [...path(), `@${key}`], value: String(value), start, end: sax.position });
    }
  };
  const addText = (found: string): void => {
    const top = open.at(-1);
    if (top !== undefined) top.text += found;
  };
  sax.ontext = addText;
  sax.oncdata = addText;
  sax.onclosetag = () => {
    if (open.length === 1) return;
    const where = isTooDeep() ? null : path();
    const { text: own, start, counts } = open.pop() ?? { text: "", start: 0, counts: new Map() };
    if (where === null || counts.size > 0 || own.trim() === "") return;
    leaves.push({ path: where, value: own.trim(), start, end: (sax.startTagPosition ?? start + 1) - 1 });
  };
  try {
    sax.write(text).close();
  } catch {
    // The end came too early: what was read before stands.
  }
  return leaves;
}
