/** JSON and JSON with comments, read as far as it is readable. */
import { visit } from "jsonc-parser";
import { DEEPEST, type Leaf } from "./leaf.ts";

/** Every string, number and boolean in file order. Never throws: what is broken is passed over. */
export function jsonLeaves(text: string): Leaf[] {
  const leaves: Leaf[] = [];
  const path: (string | number)[] = [];
  const value = (found: unknown, offset: number, length: number): void => {
    const isScalar = typeof found === "string" || typeof found === "number" || typeof found === "boolean";
    if (isScalar && path.length <= DEEPEST)
      leaves.push({ path: path.map(String), value: String(found), start: offset, end: offset + length });
    next();
  };
  // A list counts its members up; an object's property is replaced by the next one.
  const next = (): void => {
    const last = path.at(-1);
    if (typeof last === "number") path[path.length - 1] = last + 1;
    else path.pop();
  };
  try {
    visit(
      text,
      {
        onObjectProperty: (name) => void path.push(name),
        onObjectEnd: next,
        onArrayBegin: () => void path.push(0),
        onArrayEnd: () => {
          path.pop();
          next();
        },
        onLiteralValue: value,
      },
      { allowTrailingComma: true },
    );
  } catch {
    // Nested deeper than the parser can go: what was read before stands.
  }
  return leaves;
}
