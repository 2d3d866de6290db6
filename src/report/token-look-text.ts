import type { Look } from "../core/token-look.ts";
import { type Paints, paints, type Style, wrap } from "./style.ts";

const SIGNS: Readonly<Record<Look["state"], [sign: string, paint: keyof Paints, words: string]>> = {
  accepted: ["✓", "green", "works"],
  refused: ["✗", "red", "is refused"],
  unknown: ["!", "yellow", "could not be determined"],
  "not-asked": ["·", "dim", "was not looked at"],
};

/** One line for each question, with its answer. */
export function looksText(looks: readonly Look[], style: Style): string {
  const paint = paints(style);
  const lines = looks.flatMap(({ what, state, why }) => {
    const [sign, colour, words] = SIGNS[state];
    const text = `${what} ${words}${why === null ? "" : `: ${why}`}`;
    return wrap(text, style.width - 4).map((line, i) => `  ${i === 0 ? paint[colour](sign) : " "} ${line}`);
  });
  return `${lines.join("\n")}\n`;
}
