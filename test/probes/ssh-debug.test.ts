/** OpenSSH's account of a connection, as its versions write it. */
import { describe, expect, test } from "bun:test";
import { readAccount } from "../../src/probes/ssh-debug.ts";

const FILE = "/home/ana/.ssh/id_rsa";
const [RSA, ED] = [`SHA256:${"r".repeat(43)}`, `SHA256:${"e".repeat(43)}`];

function account(...lines: string[]) {
  return readAccount(lines.map((line) => `${line}\r\n`).join(""));
}

const named = { name: FILE, word: "RSA", fingerprint: RSA, fromAgent: false };

describe("keys offered and accepted", () => {
  test("since 7.9", () => {
    const seen = account(
      `debug1: Offering public key: ana on her laptop ED25519 ${ED} agent`,
      "debug1: Authentications that can continue: publickey",
      `debug1: Offering public key: ${FILE} RSA ${RSA} explicit`,
      `debug1: Server accepts key: ${FILE} RSA ${RSA} explicit`,
      'Authenticated to bitbucket.org ([104.192.141.1]:22) using "publickey".',
    );
    const agents = { name: "ana on her laptop", word: "ED25519", fingerprint: ED, fromAgent: true };
    expect(seen).toMatchObject({ offered: [agents, named], accepted: named, signedIn: true, words: "" });
  });

  test("from 7.6 to 7.8", () => {
    const seen = account(
      `debug1: Offering public key: RSA ${RSA} ${FILE}`,
      "debug1: Server accepts key: pkalg rsa-sha2-512 blen 279",
      "debug1: Authentication succeeded (publickey).",
      "Authenticated to bitbucket.org ([104.192.141.1]:22).",
    );
    expect(seen).toMatchObject({ offered: [named], accepted: named, signedIn: true });
  });

  test("until 7.5, without fingerprints", () => {
    const seen = account(
      "debug1: Offering ED25519 public key: /home/ana/.ssh/id_ed25519",
      `debug1: Offering RSA public key: ${FILE}`,
      "debug1: Server accepts key: pkalg ssh-rsa blen 279",
      "debug1: Authentication succeeded (publickey).",
    );
    const bare = { ...named, fingerprint: null };
    expect(seen).toMatchObject({ accepted: bare, signedIn: true });
    expect(seen.offered.map(({ word }) => word)).toEqual(["ED25519", "RSA"]);
  });

  test("without a public half it signs at once", () => {
    const seen = account(
      `debug1: Trying private key: ${FILE}`,
      "Authenticated to bitbucket.org (via proxy).",
    );
    expect(seen.accepted).toEqual({ name: FILE, word: null, fingerprint: null, fromAgent: false });
  });

  test("names that are not ASCII are printed in octal", () => {
    const seen = account(`debug1: Offering public key: /home/zo\\303\\253/.ssh/id_rsa RSA ${RSA}`);
    expect(seen.offered[0]?.name).toBe("/home/zoë/.ssh/id_rsa");
  });

  test("a key that was accepted and not used", () => {
    const seen = account(
      `debug1: Offering public key: ${FILE} RSA ${RSA}`,
      `debug1: Server accepts key: ${FILE} RSA ${RSA}`,
      "git@bitbucket.org: Permission denied (publickey).",
    );
    expect(seen).toMatchObject({ accepted: named, signedIn: false });
    expect(seen.words).toBe("git@bitbucket.org: Permission denied (publickey).");
  });

  test("a key whose signatures the server does not take", () => {
    const seen = account(
      `debug1: Offering public key: ${FILE} RSA ${RSA}`,
      "debug1: send_pubkey_test: no mutual signature algorithm",
    );
    expect(seen.mute).toBe(1);
  });
});

test("how far it came", () => {
  expect(account()).toMatchObject({ spoke: false, connected: false, serverKey: null, accepted: null });
  const seen = account(
    "OpenSSH_9.2p1 Debian-2+deb12u6, OpenSSL 3.0.19 27 Jan 2026",
    "debug1: Connecting to bitbucket.org [104.192.141.1] port 22.",
    "debug1: Connection established.",
    "debug1: Remote protocol version 2.0, remote software version conker_3aee7f2e9e d387e8eb814e",
    `debug1: Server host key: ssh-ed25519 ${ED}`,
    "Warning: Permanently added 'bitbucket.org' (ED25519) to the list of known hosts.",
  );
  const serverKey = { type: "ssh-ed25519", fingerprint: ED };
  expect(seen).toMatchObject({ spoke: true, connected: true, serverKey, signedIn: false, words: "" });
});
