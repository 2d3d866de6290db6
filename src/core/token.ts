/** What a secret's text tells about it. Pure; the callers are probes, which keep the text to themselves. */
import { PREFIX, type SecretKind } from "./bitbucket.ts";

/** How a secret's own checksum came out; `none`: this kind has none. */
export type Checksum = "ok" | "wrong" | "missing" | "none";

/** A fault that is visible in the text of a secret. */
export type TokenFlaw =
  | "blank-around"
  | "blank-inside"
  | "quoted"
  | "percent-encoded"
  | "cut-off"
  | "checksum-wrong"
  | "placeholder"
  | "empty";

/** Each flaw as the rest of a sentence that begins with "it". */
export const FLAW_WORDS: Readonly<Record<TokenFlaw, string>> = {
  "blank-around": "has blanks or a line end around it",
  "blank-inside": "has a blank or a line end inside it",
  quoted: "is wrapped in quotes",
  "percent-encoded": "has its `=` written as `%3D`",
  "cut-off": "ends before its checksum, so the copy was cut off",
  "checksum-wrong": "does not match its own checksum, so a character was changed or lost",
  placeholder: "is a placeholder from an example",
  empty: "is empty",
};

export interface TokenShape {
  kind: SecretKind;
  /** In characters. */
  length: number;
  checksum: Checksum;
  flaws: readonly TokenFlaw[];
}

/** For half a byte: a table of whole ones takes longer to fill than a run has tokens to look at. */
const TABLE = Uint32Array.from({ length: 16 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 4; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function step(c: number): number {
  return (TABLE[c & 0xf] ?? 0) ^ (c >>> 4);
}

/** CRC-32 (IEEE 802.3) of the text's Latin-1 bytes, as Atlassian writes it: eight upper-case hex digits. */
export function checksumOf(text: string): string {
  let c = 0xffffffff;
  for (let i = 0; i < text.length; i++) c = step(step(c ^ (text.charCodeAt(i) & 0xff)));
  return ((c ^ 0xffffffff) >>> 0).toString(16).toUpperCase().padStart(8, "0");
}

/** What a secret is by how it begins; null where that tells nothing. */
export function kindByPrefix(text: string): SecretKind | null {
  if (text.startsWith(PREFIX.appPassword)) return "app-password";
  if (text.startsWith(PREFIX.apiToken)) return "api-token";
  if (text.startsWith(PREFIX.accessToken)) return "access-token";
  return text.startsWith(PREFIX.dataCenter) ? "data-center" : null;
}

function kindOf(text: string): SecretKind {
  const kind = kindByPrefix(text);
  if (kind !== null) return kind;
  if (/^eyJ[\w-]+\.[\w-]+\.[\w-]*$/.test(text)) return "oauth";
  if (/^(?=.*[A-Za-z])(?=.*\d)[A-Za-z0-9]{20}$/.test(text)) return "legacy-app-password";
  return "unknown";
}

/** Whether the last eight characters are the checksum of all before them. */
export function hasRightChecksum(token: string): boolean {
  return checksumOf(token.slice(0, -8)) === token.slice(-8);
}

function checksumState(kind: SecretKind, text: string): Checksum {
  if (kind === "app-password") {
    if (text.length < 36) return "missing";
    return hasRightChecksum(text) ? "ok" : "wrong";
  }
  if (kind !== "api-token" && kind !== "access-token") return "none";
  if (!/=[0-9A-F]{8}$/i.test(text)) return "missing";
  return hasRightChecksum(text) ? "ok" : "wrong";
}

/**
 * The text as it was probably meant: without the blanks, line ends, quotes and percent or backslash
 * escapes that a copy picks up. The checksum of what remains decides whether it is right.
 */
export function tidyToken(text: string): string {
  return text
    .trim()
    .replace(/^(["'`])(.*)\1$/s, "$2")
    .trim();
}

/** Looks at a secret as text. Never throws. */
export function shapeOfToken(text: string): TokenShape {
  const flaws: TokenFlaw[] = [];
  const trimmed = text.trim();
  if (trimmed !== text) flaws.push("blank-around");
  const bare = tidyToken(text);
  if (bare !== trimmed) flaws.push("quoted");
  if (bare === "") return { kind: "unknown", length: 0, checksum: "none", flaws: ["empty"] };
  if (/\s/.test(bare)) flaws.push("blank-inside");
  if (/[<>{}]|x{8}|\.\.\./i.test(bare)) flaws.push("placeholder");
  const kind = kindOf(bare);
  let checksum = checksumState(kind, bare);
  const decoded = bare.replace(/%3d/gi, "=").replace(/\\=/g, "=");
  if (decoded !== bare && checksumState(kind, decoded) === "ok") {
    flaws.push("percent-encoded");
    checksum = "wrong";
  } else if (checksum === "missing") flaws.push("cut-off");
  else if (checksum === "wrong") flaws.push("checksum-wrong");
  return { kind, length: text.length, checksum, flaws };
}
