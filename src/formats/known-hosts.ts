/**
 * The file in which ssh keeps the keys of hosts: names, then a key, a line each; names may be hashed, patterns or
 * marked. Read as OpenSSH's `hostfile.c` does, and edited byte for byte.
 */
import type { HostKey } from "../core/bitbucket.ts";
import type { KnownHostName } from "../core/plan.ts";
import { bytesOf, byteText, cannotEdit, type Edited, splice, written } from "./edited.ts";
import { type NameHash, namesHost, withoutName } from "./known-hosts-names.ts";

/** What these lines need of cryptography, which a format does not know itself. */
export interface HostHashes extends NameHash {
  /** As ssh prints it: `SHA256:` and base64 without padding. `key`: base64. */
  fingerprint(key: string): string;
}

/** A line with a key. */
export interface KnownHostLine {
  /** From 1. */
  line: number;
  marker: "cert-authority" | "revoked" | null;
  /** As written: names by commas, or one hash. */
  names: string;
  type: string;
  /** Base64. */
  key: string;
}

interface Line {
  /** Without its line feed. */
  text: string;
  start: number;
  /** After its line feed. */
  end: number;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    lines.push({ text: text.slice(start, newline < 0 ? end : newline), start, end });
    start = end;
  }
  return lines;
}

/**
 * Marker, names, type of key, key. The names' place is known by what stands before them. A tab ends a marker only where
 * the line has no space at all: ssh looks for one first.
 */
const FORM =
  /^([ \t]*(?:@(cert-authority|revoked)(?: |\t(?![^ ]* ))[ \t]*)?)([^ \t\r#@][^ \t\r]*)[ \t]+([a-z][^ \t\r]*)[ \t]+([A-Za-z0-9+/]+={0,2})(?=[ \t\r]|$)/;

interface Parsed extends Omit<KnownHostLine, "line"> {
  /** Where the names begin within the line. */
  at: number;
}

function parse(text: string): Parsed | null {
  const found = FORM.exec(text);
  if (!found) return null;
  const [, head = "", marker = null, names = "", type = "", key = ""] = found;
  return { marker: marker as KnownHostLine["marker"], names, type, key, at: head.length };
}

/** Every line that ssh would use, in its order; lines of other forms are passed over, as ssh does. */
export function readKnownHosts(bytes: Uint8Array): KnownHostLine[] {
  return linesOf(byteText(bytes)).flatMap(({ text }, index) => {
    const parsed = parse(text);
    if (parsed === null) return [];
    const { at: _, ...rest } = parsed;
    return [{ line: index + 1, ...rest }];
  });
}

/** The lines that speak of a host, named as ssh names it there: `bitbucket.org`, `[altssh.bitbucket.org]:443`. */
export function linesOfHost(bytes: Uint8Array, host: string, hashes: HostHashes): KnownHostLine[] {
  return readKnownHosts(bytes).filter(({ names }) => namesHost(names, host, hashes));
}

/** Adds those of the keys that the file does not have for the host yet. */
export function addKnownHosts(
  bytes: Uint8Array,
  host: string,
  keys: readonly HostKey[],
  hashes: HostHashes,
): Edited {
  if (keys.length === 0) return cannotEdit("was to get host keys, and none are known");
  const there = linesOfHost(bytes, host, hashes);
  const revoked = there.find(
    ({ marker, key }) => marker === "revoked" && keys.some((one) => one.key === key),
  );
  if (revoked) return cannotEdit("marks a published host key of Bitbucket as revoked", revoked.line);
  const known = new Set(there.flatMap(({ marker, key }) => (marker === null ? [key] : [])));
  const missing = keys.filter(({ key }) => !known.has(key));
  if (missing.length === 0) return { ok: true, bytes };
  const text = byteText(bytes);
  const end = /\r\n$/.test(text.slice(0, text.indexOf("\n") + 1)) ? "\r\n" : "\n";
  const gap = text === "" || text.endsWith("\n") ? "" : end;
  const added = missing.map(({ type, key }) => `${written(host)} ${type} ${key}${end}`);
  return { ok: true, bytes: bytesOf(text + gap + added.join("")) };
}

/** Takes one line of a host out or, of a line that others share, its name alone. */
export function dropKnownHost(bytes: Uint8Array, name: KnownHostName, hashes: HostHashes): Edited {
  const text = byteText(bytes);
  let seen = 0;
  for (const line of linesOf(text)) {
    const parsed = parse(line.text);
    if (parsed === null || !namesHost(parsed.names, name.host, hashes)) continue;
    if (hashes.fingerprint(parsed.key) !== name.fingerprint || seen++ < name.occurrence) continue;
    const others = withoutName(parsed.names, name.host);
    const start = line.start + parsed.at;
    const change =
      others === null
        ? { start: line.start, end: line.end, put: "" }
        : { start, end: start + parsed.names.length, put: others };
    return { ok: true, bytes: bytesOf(splice(text, [change])) };
  }
  return cannotEdit(`has no host key ${name.fingerprint} of \`${name.host}\` any more`);
}

/** The lines of such a file without their line feeds, as byte text. */
export function knownHostLines(bytes: Uint8Array): string[] {
  return linesOf(byteText(bytes)).map(({ text }) => text);
}

/** The file that these lines make. */
export function knownHostsFile(lines: readonly string[]): Uint8Array {
  return bytesOf(lines.map((line) => `${line}\n`).join(""));
}
