/** How text is broken for a terminal. */
import { expect, test } from "bun:test";
import { fit, labelled, wrap } from "../../src/report/style.ts";

test.each([
  ["a command stays in one piece", "so run `git rekey fix` now", 18, ["so run", "`git rekey fix`", "now"]],
  ["with what follows it", "see `git rekey undo 1`, then", 20, ["see", "`git rekey undo 1`,", "then"]],
  [
    "unless it is longer than a line",
    "run `git rekey token add --yes` now",
    16,
    ["run `git rekey", "token add --yes`", "now"],
  ],
  ["a backtick without its other", "one ` and no more", 8, ["one `", "and no", "more"]],
  ["words as ever", "one two three", 7, ["one two", "three"]],
  ["a word that is too long", "a aaaaaaaaaa a", 4, ["a", "aaaaaaaaaa", "a"]],
])("%s", (_, text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines);
  expect(fit(text, width).split("\n")).toEqual(lines);
});

test("colours take no room, and an indent is kept", () => {
  const text = "  \u001b[2mhint:\u001b[22m `git rekey fix` shows";
  expect(fit(text, 23)).toBe("  \u001b[2mhint:\u001b[22m `git rekey fix`\n  shows");
});

test("on narrow terminals a row without a label is not an empty line", () => {
  const style = { colour: false, width: 40 };
  expect([...labelled("seen", "one", 11, style), ...labelled("", "two", 11, style)]).toEqual([
    "  seen",
    "    one",
    "    two",
  ]);
});
