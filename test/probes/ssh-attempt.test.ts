/** What a connection came to, from recorded accounts of it. */
import { describe, expect, test } from "bun:test";
import { sshResolved } from "../../src/checks/example-ssh.ts";
import { SSH_HOST_KEYS, SSH_RETIRED_HOST_KEY } from "../../src/core/bitbucket.ts";
import type { IdentityFile, SshKey } from "../../src/core/ssh.ts";
import { type Around, attemptOf, hear } from "../../src/probes/ssh-attempt.ts";
import type { SshResult } from "../../src/world/ports.ts";
import { eyesOf } from "./eyes.ts";

const FILE = "/home/ana/.ssh/id_ed25519";
const KEY: SshKey = { type: "ssh-ed25519", fingerprint: `SHA256:${"k".repeat(43)}`, comment: "ana@laptop" };
const AGENTS: SshKey = {
  type: "ecdsa-sha2-nistp384",
  fingerprint: `SHA256:${"a".repeat(43)}`,
  comment: "work key",
};

const IDENTITY: IdentityFile = {
  file: FILE,
  state: "there",
  mode: 0o600,
  own: true,
  key: KEY,
  locked: false,
};

const AROUND: Around = {
  resolved: sshResolved({ knownHostsFiles: [] }),
  identities: [IDENTITY],
  keys: new Map([KEY, AGENTS].map((key) => [key.fingerprint, key])),
  published: SSH_HOST_KEYS,
  mayAsk: false,
};

const PROXIED: Around = {
  ...AROUND,
  resolved: { ...AROUND.resolved, via: { kind: "proxy-command", text: "nc %h %p" } },
};

const eyes = eyesOf({});

function attempt(lines: readonly string[], more: Partial<SshResult> = {}, around = AROUND) {
  const stderr = lines.map((line) => `${line}\r\n`).join("");
  const result: SshResult = { code: 255, stdout: "", stderr, timedOut: false, ...more };
  return attemptOf(hear(eyes, result, around), result.stdout, around);
}

const CONNECTED = "debug1: Connection established.";
const SPOKE = "debug1: Remote protocol version 2.0, remote software version conker_3aee7f2e9e d387e8eb814e";
const OFFER = `debug1: Offering public key: ${FILE} ED25519 ${KEY.fingerprint}`;
const ACCEPT = `debug1: Server accepts key: ${FILE} ED25519 ${KEY.fingerprint}`;
const DENIED = "git@bitbucket.org: Permission denied (publickey).";

describe("signed in", () => {
  test("with an access key, and what it opens", () => {
    const stdout =
      "authenticated via a deploy key.\n\n\nYou can use git or hg to connect to Bitbucket. Shell access is disabled.\n\n" +
      "This deploy key has read access to the following repositories:\n\nacme/site: web -- root@web\nacme/docs: web -- root@web\n";
    const told = attempt([OFFER, ACCEPT, "Authenticated to bitbucket.org ([104.192.141.1]:22)."], { stdout });
    expect(told).toMatchObject({ state: "signed-in", saying: null, accepted: KEY, as: "access-key" });
    expect(told.repositories).toEqual([
      { workspace: "acme", repository: "site" },
      { workspace: "acme", repository: "docs" },
    ]);
  });

  test("by OpenSSH 7.4, which names files and comments only", () => {
    const stdout =
      "logged in as ana.\n\nYou can use git or hg to connect to Bitbucket. Shell access is disabled.\n";
    const told = attempt(
      [
        "debug1: Offering ECDSA public key: work key",
        `debug1: Offering ED25519 public key: ${FILE}`,
        "debug1: Server accepts key: pkalg ssh-ed25519 blen 51",
        "debug1: Authentication succeeded (publickey).",
      ],
      { stdout },
    );
    expect(told).toMatchObject({ state: "signed-in", as: "person", accepted: KEY });
    expect(told.offered).toEqual([
      { ...AGENTS, from: "agent" },
      { ...KEY, from: "file" },
    ]);
  });
});

describe("the server's key", () => {
  const shown = (fingerprint: string) =>
    attempt([`debug1: Server host key: ssh-rsa ${fingerprint}`]).serverKey;

  test("is judged", () => {
    expect(shown(SSH_HOST_KEYS[2]?.fingerprint ?? "")?.is).toBe("current");
    expect(shown(SSH_RETIRED_HOST_KEY.fingerprint)?.is).toBe("retired");
    expect(shown(KEY.fingerprint)).toEqual({ ...KEY, type: "ssh-rsa", comment: null, is: "other" });
  });
});

describe("refused", () => {
  test("a key with a passphrase: nobody knows, where a person could type it", () => {
    const locked = { ...AROUND, identities: [{ ...IDENTITY, locked: true }] };
    expect(attempt([OFFER, ACCEPT, DENIED], {}, locked)).toMatchObject({
      state: "refused",
      saying: "key-locked",
      accepted: KEY,
    });
    expect(attempt([OFFER, ACCEPT, DENIED], {}, { ...locked, mayAsk: true }).state).toBe("unknown");
    // The server would not have it, with or without.
    expect(attempt([OFFER, DENIED], {}, locked).saying).toBe("key-refused");
  });

  test("no signature that both know, unless another key was looked at", () => {
    const mute = "debug1: send_pubkey_test: no mutual signature algorithm";
    expect(attempt([OFFER, mute, DENIED]).saying).toBe("no-common-algorithm");
    expect(attempt([OFFER, mute, OFFER, DENIED]).saying).toBe("key-refused");
  });
});

describe("nothing came of it", () => {
  const silent = { timedOut: true, code: null };
  test.each([
    ["no answer at all", [], silent, AROUND, "port-blocked"],
    ["an open port that says nothing", [CONNECTED], silent, AROUND, "cut-off"],
    ["a program that says nothing", [], silent, PROXIED, "proxy-failed"],
    ["a server behind it that goes quiet", [SPOKE], silent, PROXIED, "cut-off"],
    ["a program that ends", ["Connection closed by UNKNOWN port 65535"], {}, PROXIED, "proxy-failed"],
    [
      "a program that is cut off, in the words of a server",
      ["kex_exchange_identification: Connection closed by remote host"],
      {},
      PROXIED,
      "proxy-failed",
    ],
    ["words of nobody", ["oh"], {}, AROUND, null],
  ] as const)("%s", (_, lines, more, around, saying) => {
    expect(attempt(lines, more, around)).toMatchObject({ state: "unknown", saying });
  });
});

test("its last words are few, masked, and without what every such failure says", () => {
  const changed = [
    "@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@",
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @",
    "IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!",
    "The fingerprint for the RSA key sent by the remote host is",
    "Host key verification failed.",
  ];
  const told = attempt(changed);
  expect(told).toMatchObject({ state: "refused", saying: "host-key-changed" });
  expect(told.text).toBe("Host key verification failed.");
  expect(attempt(["nc: http://ana:hunter2hunter2@proxy:3128: no"]).text).not.toContain("hunter2");
  expect(attempt(Array.from({ length: 99 }, (_, n) => `line ${n}`)).text.split("\n")).toHaveLength(12);
});
