/** How places and paths stand in a sentence, and in a command that a person copies. Pure. */
import type { Location } from "../core/setup.ts";
import { quoteForShell } from "../core/shell-word.ts";

/** `~/.gitconfig:7`, in backticks; empty where nothing is known. */
export function standsAt(location: Pick<Location, "file" | "line"> | null): string {
  if (location === null) return "";
  return `\`${location.file}${location.line === null ? "" : `:${location.line}`}\``;
}

/** A path or a name for a command that a person copies: quoted where a shell would see more in it than a word. */
export function inShell(text: string): string {
  return /^[\w./@:+~-]+$/.test(text) ? text : quoteForShell(text);
}
