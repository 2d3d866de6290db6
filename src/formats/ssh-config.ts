/**
 * ssh's own configuration, as far as one `Host` block of ours goes. It is put before everything else, because ssh takes
 * the first value it finds, and is taken out again as one piece.
 */
import type { SshHostBlock } from "../core/plan.ts";
import { bytesOf, byteText, cannotEdit, type Edited, written } from "./edited.ts";

/** By this line a block is known to be ours. */
const OURS = "# Added by git-rekey; `git rekey undo` takes it out again.";

/** Options above the first `Host` are for all hosts, and must not end up in our block. */
const FOR_ALL = ["# What follows is for all hosts again.", "Host *"];

interface Directive {
  /** In lower case. */
  keyword: string;
  /** As written. */
  rest: string;
}

/** Null for a comment and an empty line. Blanks of ASCII only: the text is bytes. */
function directiveOf(line: string): Directive | null {
  const found = /^[ \t]*([^ \t\r\f\n=#"]+)(?:[ \t]*=[ \t]*|[ \t]+)?([^\r\f\n]*)/.exec(line);
  return found ? { keyword: (found[1] ?? "").toLowerCase(), rest: found[2] ?? "" } : null;
}

/** Words, with double quotes around those that have blanks in them. */
function wordsOf(rest: string): string[] {
  return [...rest.matchAll(/"([^"]*)"|[^ \t"]+/g)].map(([word, quoted]) => quoted ?? word);
}

/** What ssh would take for an escape, a variable or the end of the value. */
const UNWRITABLE = /["\\\r\n\0]|\$\{/;

/** Whether ssh reads a value back as it was meant. */
export const isWritable = (value: string): boolean => value !== "" && !UNWRITABLE.test(value);

/** A value as ssh reads it back; `%` begins a word that ssh fills in. */
export function sshValue(value: string): string {
  const text = value.replaceAll("%", "%%");
  return /^[\w./~@:%+-]+$/.test(text) ? text : `"${text}"`;
}

function optionsOf(block: SshHostBlock): [name: string, value: string][] {
  const { hostname, port, user, identityFile, hostKeyAlias } = block;
  const options: [string, string | null][] = [
    ["HostName", hostname],
    ["Port", port === null ? null : String(port)],
    ["User", user],
    ["IdentityFile", identityFile],
    // Else all keys of an agent are offered first, and Bitbucket gives up after some.
    ["IdentitiesOnly", identityFile === null ? null : "yes"],
    ["HostKeyAlias", hostKeyAlias],
  ];
  return options.flatMap(([name, value]): [string, string][] => (value === null ? [] : [[name, value]]));
}

/** The options under the first `Host` line with that very name; null where there is none. `alone`: it has no other name. */
function blockOf(text: string, host: string): { alone: boolean; options: string[] } | null {
  let found: { alone: boolean; options: string[] } | null = null;
  for (const line of text.split("\n")) {
    const directive = directiveOf(line);
    if (directive === null) continue;
    const { keyword, rest } = directive;
    if (keyword === "host" || keyword === "match") {
      if (found !== null) return found;
      const names = keyword === "host" ? wordsOf(rest) : [];
      if (names.some((name) => name.toLowerCase() === host.toLowerCase()))
        found = { alone: names.length === 1, options: [] };
    } else found?.options.push(`${keyword} ${wordsOf(rest).join(" ")}`);
  }
  return found;
}

function saysTheSame(there: { alone: boolean; options: string[] }, block: SshHostBlock): boolean {
  const wanted = optionsOf(block).map(
    ([name, value]) => `${name.toLowerCase()} ${wordsOf(sshValue(written(value))).join(" ")}`,
  );
  return there.alone && there.options.toSorted().join("\n") === wanted.toSorted().join("\n");
}

/** Looked at without blocks of ours: each must keep by itself when the others are taken out. */
function beginsForAll(bytes: Uint8Array): boolean {
  const first = sshConfigPieces(bytes)
    .filter((piece) => !isOurBlock(piece))
    .map(directiveOf)
    .find((one) => one !== null);
  return first !== undefined && first.keyword !== "host" && first.keyword !== "match";
}

/** Puts a block before everything else; one that says the same already is enough. */
export function addSshHost(bytes: Uint8Array, block: SshHostBlock): Edited {
  const options = optionsOf(block);
  const values = [block.host, ...options.map(([, value]) => value)];
  if (!values.every(isWritable) || /[\s*?!,#]/.test(block.host))
    return cannotEdit("cannot hold such a `Host` block");
  const text = byteText(bytes);
  const there = blockOf(text, written(block.host));
  if (there !== null && saysTheSame(there, block)) return { ok: true, bytes };
  if (there !== null) return cannotEdit(`has a \`Host ${block.host}\` block that says otherwise`);
  const end = /\r\n$/.test(text.slice(0, text.indexOf("\n") + 1)) ? "\r\n" : "\n";
  const lines = [
    OURS,
    `Host ${written(block.host)}`,
    ...options.map(([name, value]) => `  ${name} ${sshValue(written(value))}`),
    ...(beginsForAll(bytes) ? FOR_ALL : []),
    "",
  ];
  return { ok: true, bytes: bytesOf(lines.map((line) => line + end).join("") + text) };
}

/** The file in pieces, each with its line end: a block of ours, up to its empty line, is one piece; else each line. */
export function sshConfigPieces(bytes: Uint8Array): string[] {
  const pieces: string[] = [];
  let isOurs = false;
  for (const line of byteText(bytes).match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (isOurs) pieces.push(`${pieces.pop()}${line}`);
    else pieces.push(line);
    isOurs = isOurs ? line.trim() !== "" : line.trimEnd() === OURS;
  }
  return pieces;
}

/** The file that these pieces make. */
export function sshConfigOf(pieces: readonly string[]): Uint8Array {
  return bytesOf(pieces.join(""));
}

/** Whether a piece is a block of ours. */
export function isOurBlock(piece: string): boolean {
  return piece.startsWith(OURS);
}
