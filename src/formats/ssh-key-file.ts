/** Files with one SSH key, as far as they are open to everybody who may see them. No private key is ever read in. */

/** A public key as files and programs write it: type, key, comment. */
export interface PublicKey {
  type: string;
  /** Base64. */
  key: string;
  comment: string | null;
}

const PUBLIC = /^((?:ssh-|ecdsa-sha2-|sk-)[\w.@-]+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(\S.*?))?[ \t\r]*$/;

/** A line of `ssh-add -L` or of a `.pub` file; null for anything else. */
export function readPublicKey(line: string): PublicKey | null {
  const [, type, key, comment] = PUBLIC.exec(line) ?? [];
  return type === undefined || key === undefined ? null : { type, key, comment: comment ?? null };
}

/** What stands open in the file of a private key. */
export interface OpenPart {
  /** Whether it wants a passphrase; null where the file is of no form we know. */
  locked: boolean | null;
  /** Null where only the private half has it. */
  key: PublicKey | null;
}

const NOTHING: OpenPart = { locked: null, key: null };

const OPENSSH = "-----BEGIN OPENSSH PRIVATE KEY-----";
const MAGIC = "openssh-key-v1\0";

/** As much as both headers need: less than where the private half of the shortest key begins. */
const HEADER = 104;

/** Reads fields of four bytes of length and so many bytes. */
class Fields {
  private at = MAGIC.length;
  constructor(private readonly bytes: Buffer) {}

  /** Where the next field ends, as far as its length is there. */
  endOfNext(): number | null {
    return this.at + 4 > this.bytes.length ? null : this.at + 4 + this.bytes.readUInt32BE(this.at);
  }

  next(): Buffer | null {
    const end = this.endOfNext();
    if (end === null || end > this.bytes.length) return null;
    const field = this.bytes.subarray(this.at + 4, end);
    this.at = end;
    return field;
  }

  skip(length: number): void {
    this.at += length;
  }
}

function decode(text: string): Buffer {
  const base64 = text.slice(OPENSSH.length).replace(/[\r\n]/g, "");
  // Whole groups only.
  return Buffer.from(base64.slice(0, base64.length - (base64.length % 4)), "base64");
}

/** Up to the public key: its cipher, and a reader that stands before the key. */
function readHeader(bytes: Buffer): { cipher: string; fields: Fields } | null {
  if (bytes.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) return null;
  const fields = new Fields(bytes);
  const cipher = fields.next()?.toString("latin1");
  // The way from the passphrase to the cipher's key, and its parameters.
  if (cipher === undefined || fields.next() === null || fields.next() === null) return null;
  // The number of keys, which is one.
  fields.skip(4);
  return { cipher, fields };
}

/** The type is the first field of every public key. */
function typeOf(key: Buffer): string {
  return key.subarray(4, 4 + key.readUInt32BE(0)).toString("latin1");
}

/** In characters, with a line break for every 70 of base64, which may be two. */
function lengthFor(bytes: number): number {
  const base64 = Math.ceil(bytes / 3) * 4;
  return OPENSSH.length + 2 + base64 + 2 * Math.ceil(base64 / 70);
}

/** Longer than the public half of any key that is in use. */
const LONGEST = 16_384;

function readOpenssh(start: (length: number) => string): OpenPart {
  const header = readHeader(decode(start(OPENSSH.length + HEADER)));
  if (header === null) return NOTHING;
  const locked = header.cipher !== "none";
  const end = header.fields.endOfNext();
  if (end === null || end > LONGEST) return { locked, key: null };
  const key = readHeader(decode(start(lengthFor(end))))?.fields.next();
  if (!key || key.length < 8) return { locked, key: null };
  return { locked, key: { type: typeOf(key), key: key.toString("base64"), comment: null } };
}

/**
 * The open part of a private key's file. `start` gives its first characters, so that no more of it is read than is
 * open; other forms than OpenSSH's own tell only whether they are locked.
 */
export function readOpenPart(start: (length: number) => string): OpenPart {
  const first = start(OPENSSH.length);
  if (first === OPENSSH) return readOpenssh(start);
  const [, label] = /^-----BEGIN ([A-Z ]*)PRIVATE KEY-/.exec(first) ?? [];
  if (label === undefined) return NOTHING;
  // As far as to see whether a header follows, or the key.
  const begin = `-----BEGIN ${label}PRIVATE KEY-----`.length;
  const next = start(begin + 6)
    .slice(begin)
    .trimStart();
  return { locked: label.includes("ENCRYPTED") || next.startsWith("Proc"), key: null };
}
