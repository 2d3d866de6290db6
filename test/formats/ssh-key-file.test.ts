/** What stands open in the file of an SSH key, and that nothing else of it is read. */
import { describe, expect, test } from "bun:test";
import { readOpenPart, readPublicKey } from "../../src/formats/ssh-key-file.ts";

const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIIazEu89wgQZ4bqs3d63QSMzYVa0MuJ2e2gKTKqu+UUO";

describe("a public key", () => {
  test("with a comment of any words, or none", () => {
    expect(readPublicKey(`ssh-ed25519 ${KEY} ana on her laptop \r`)).toEqual({
      type: "ssh-ed25519",
      key: KEY,
      comment: "ana on her laptop",
    });
    expect(readPublicKey(`ssh-ed25519 ${KEY}`)?.comment).toBeNull();
    expect(readPublicKey(`sk-ssh-ed25519@openssh.com ${KEY} ssh:`)?.type).toBe("sk-ssh-ed25519@openssh.com");
  });

  test.each([
    "",
    "The agent has no identities.",
    "ssh-ed25519",
    "-----BEGIN OPENSSH PRIVATE KEY-----",
    "# ssh-rsa AAAA",
  ])("is not %p", (line) => {
    expect(readPublicKey(line)).toBeNull();
  });
});

function field(content: Buffer | string): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

interface Shape {
  cipher?: string;
  kdf?: string;
  options?: number;
  width?: number;
  end?: string;
}

/** A file in OpenSSH's form, whose private half begins where `open` ends. */
function opensshFile(publicKey: Buffer, shape: Shape = {}): { text: string; open: number } {
  const { cipher = "none", kdf = "none", options = 0, width = 70, end = "\n" } = shape;
  const one = Buffer.from([0, 0, 0, 1]);
  const head = ["openssh-key-v1\0", field(cipher), field(kdf), field(Buffer.alloc(options)), one];
  const open = Buffer.concat([...head.map((part) => Buffer.from(part)), field(publicKey)]);
  const blob = Buffer.concat([open, field(Buffer.alloc(400, 0xee))]).toString("base64");
  const lines = blob.match(new RegExp(`.{1,${width}}`, "g")) ?? [];
  const text = ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""];
  return { text: text.join(end), open: open.length };
}

/** Reads it, and tells how many bytes of the decoded content came along. */
function read(text: string) {
  let most = 0;
  const part = readOpenPart((length) => {
    most = Math.max(most, length);
    return text.slice(0, length);
  });
  const base64 = text
    .slice(0, most)
    .replace(/-----.*-----/, "")
    .replace(/\s/g, "");
  return { part, decoded: Math.floor((base64.length * 3) / 4) };
}

const ED25519 = Buffer.from(KEY, "base64");
const RSA = Buffer.concat([field("ssh-rsa"), field(Buffer.alloc(3, 1)), field(Buffer.alloc(513, 7))]);

/** The length of the private half, two bytes where a group of base64 ends, and two ends of lines. */
const SLACK = 4 + 2 + 6;

describe("a private key in OpenSSH's form", () => {
  const bcrypt = { cipher: "aes256-ctr", kdf: "bcrypt", options: 24 };
  const shapes: readonly [string, Buffer, string, Shape, boolean][] = [
    ["open, short", ED25519, "ssh-ed25519", {}, false],
    ["locked, short", ED25519, "ssh-ed25519", bcrypt, true],
    ["open, long", RSA, "ssh-rsa", {}, false],
    ["locked, long", RSA, "ssh-rsa", bcrypt, true],
    ["with the lines of PuTTY, 64 wide", RSA, "ssh-rsa", { width: 64 }, false],
    ["with the ends of Windows' lines", RSA, "ssh-rsa", { end: "\r\n" }, false],
  ];
  test.each(shapes)("%s", (_, publicKey, type, shape, locked) => {
    const { text, open } = opensshFile(publicKey, shape);
    const { part, decoded } = read(text);
    expect(part).toEqual({ locked, key: { type, key: publicKey.toString("base64"), comment: null } });
    expect(decoded).toBeLessThanOrEqual(open + SLACK);
  });

  test("torn, or with lengths that lie", () => {
    const { text } = opensshFile(RSA);
    expect(read(text.slice(0, 300)).part).toEqual({ locked: false, key: null });
    expect(read(text.slice(0, 50)).part).toEqual({ locked: null, key: null });
    const lying = Buffer.from("openssh-key-v1\0\xff\xff\xff\xff", "latin1").toString("base64");
    const begin = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    expect(read(`${begin}${lying}`).part).toEqual({ locked: null, key: null });
    expect(read(begin).part).toEqual({ locked: null, key: null });
  });
});

describe("a private key in an older form tells only whether it is locked", () => {
  test.each([
    ["-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nMIIE", true],
    ["-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIEyy", false],
    ["-----BEGIN RSA PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\n", true],
    ["-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIGs", false],
    ["-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSq", true],
  ])("%p", (text, locked) => {
    const { part, decoded } = read(text);
    expect(part).toEqual({ locked, key: null });
    expect(decoded).toBeLessThanOrEqual(5);
  });

  test.each(["", "PuTTY-User-Key-File-3: ssh-ed25519", "-----BEGIN CERTIFICATE-----\nMIIB"])(
    "not %p",
    (text) => {
      expect(read(text).part).toEqual({ locked: null, key: null });
    },
  );
});
