/**
 * The file of `git credential-store`: one percent-encoded URL a line, other lines kept, the first match wins. Read and
 * written as `credential-store.c` does. Entries hold passwords: these records must not leave probes and steps.
 */
import type { StoredEntryName } from "../core/plan.ts";
import { bytesOf, byteText, cannotEdit, type Edited, readable, written } from "./edited.ts";

export interface StoredEntry {
  protocol: string;
  /** As written, with its port. */
  host: string;
  username: string;
  /** A secret. */
  password: string;
  /** Without slashes around it; null where the entry is for the whole host. */
  path: string | null;
  /** From 1. */
  line: number;
  /** From 0, among the entries with this host, user name and path. */
  occurrence: number;
}

type Address = Omit<StoredEntry, "line" | "occurrence">;

/** Git decodes from the first colon on only (`url_decode_mem` takes what is before it for a protocol). */
function decode(text: string): string {
  const colon = Math.max(text.indexOf(":"), 0);
  const rest = text.slice(colon).replace(/%([0-9a-fA-F]{2})/g, (whole, hex: string) => {
    return hex === "00" ? whole : String.fromCharCode(Number.parseInt(hex, 16));
  });
  return readable(text.slice(0, colon) + rest);
}

function pathOf(text: string): string | null {
  const bare = text.replace(/^\/+/, "");
  if (bare === "") return null;
  const path = decode(bare);
  return path.charAt(0) + path.slice(1).replace(/\/+$/, "");
}

/** Null for a line that Git keeps but does not use. */
function parseLine(line: string): Address | null {
  const protocolEnd = line.indexOf("://");
  if (protocolEnd <= 0) return null;
  const rest = line.slice(protocolEnd + 3);
  const slash = /[/?#]|$/.exec(rest)?.index ?? rest.length;
  const at = rest.indexOf("@");
  const colon = rest.indexOf(":");
  if (at < 0 || slash <= at || colon < 0 || at <= colon) return null;
  const found = {
    protocol: readable(line.slice(0, protocolEnd)),
    username: decode(rest.slice(0, colon)),
    password: decode(rest.slice(colon + 1, at)),
    host: decode(rest.slice(at + 1, slash)),
    path: pathOf(rest.slice(slash)),
  };
  return Object.values(found).some((part) => part?.includes("\n")) ? null : found;
}

interface Line {
  /** Without its line end. */
  text: string;
  start: number;
  /** After its line end. */
  end: number;
  entry: StoredEntry | null;
}

/** The lines of a file, a last one without line end included; nothing for an empty file. */
function readLines(text: string): Line[] {
  const counts = new Map<string, number>();
  const lines: Line[] = [];
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline + 1;
    const content = text.slice(start, newline < 0 ? end : newline);
    const address = parseLine(content);
    let entry: StoredEntry | null = null;
    if (address !== null) {
      const name = JSON.stringify([address.host, address.username, address.path]);
      const occurrence = counts.get(name) ?? 0;
      counts.set(name, occurrence + 1);
      entry = { ...address, line: lines.length + 1, occurrence };
    }
    lines.push({ text: content, start, end, entry });
    start = end;
  }
  return lines;
}

/** Every entry Git would use, in file order. Never throws; lines that are no entry are passed over. */
export function readStored(bytes: Uint8Array): StoredEntry[] {
  return readLines(byteText(bytes)).flatMap(({ entry }) => (entry === null ? [] : [entry]));
}

function encode(text: string, kept: RegExp): string {
  return written(text).replace(/[\s\S]/g, (c) =>
    kept.test(c) ? c : `%${c.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

const UNRESERVED = /[A-Za-z0-9\-_.~]/;
const RESERVED_TOO = /[A-Za-z0-9\-_.~!*'();:@&=+$,/?#[\]]/;

function writeLine(entry: Address): string {
  const userinfo = `${encode(entry.username, UNRESERVED)}:${encode(entry.password, UNRESERVED)}`;
  const path = entry.path === null ? "" : `/${encode(entry.path, RESERVED_TOO)}`;
  return `${written(entry.protocol)}://${userinfo}@${encode(entry.host, UNRESERVED)}${path}`;
}

/** As Git compares: without a wanted path any path fits. */
function fits(entry: StoredEntry | null, wanted: Address): boolean {
  return (
    entry !== null &&
    entry.protocol === wanted.protocol &&
    entry.host === wanted.host &&
    entry.username === wanted.username &&
    (wanted.path === null || entry.path === wanted.path)
  );
}

/**
 * Puts an entry for HTTPS first and takes out those it replaces, byte for byte as `git credential-store store` does:
 * an entry without a path also replaces those of the same user with one.
 */
export function putStored(
  bytes: Uint8Array,
  put: { host: string; path: string | null; username: string; password: string },
): Edited {
  const wanted = { ...put, protocol: "https" };
  if (Object.values(wanted).some((part) => part !== null && /[\n\0]/.test(part)))
    return cannotEdit("cannot hold an entry with a line end in it");
  const kept = readLines(byteText(bytes)).filter(({ entry }) => !fits(entry, wanted));
  const lines = [writeLine(wanted), ...kept.map(({ text }) => text)];
  return { ok: true, bytes: bytesOf(lines.map((line) => `${line}\n`).join("")) };
}

/** Takes one entry out; every other line stays as it is. */
export function dropStored(bytes: Uint8Array, name: StoredEntryName): Edited {
  const text = byteText(bytes);
  const found = readLines(text).find(
    ({ entry }) =>
      entry !== null &&
      entry.host === name.host &&
      entry.username === name.username &&
      entry.path === name.path &&
      entry.occurrence === name.occurrence,
  );
  if (!found) return cannotEdit(`has no entry of \`${name.username}\` for \`${name.host}\` any more`);
  return { ok: true, bytes: bytesOf(text.slice(0, found.start) + text.slice(found.end)) };
}

/** The lines of such a file without their line ends, as byte text. Secret. */
export function storedLines(bytes: Uint8Array): string[] {
  return readLines(byteText(bytes)).map(({ text }) => text);
}

/** The file that these lines make. */
export function storedFile(lines: readonly string[]): Uint8Array {
  return bytesOf(lines.map((line) => `${line}\n`).join(""));
}

/** Whom a line is for, to tell whether two lines are for the same; null for a line that is no entry. No secret. */
export function ownerOfLine(line: string): string | null {
  const entry = parseLine(line);
  return entry === null ? null : JSON.stringify([entry.protocol, entry.host, entry.username, entry.path]);
}
