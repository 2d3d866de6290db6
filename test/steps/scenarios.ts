/** Fixes of every kind, to be interrupted. */
import { join } from "node:path";
import { NO_ACCOUNTS } from "../../src/core/account.ts";
import { writeAccounts } from "../../src/core/account-file.ts";
import { SSH_HOST_KEYS, SSH_RETIRED_HOST_KEY } from "../../src/core/bitbucket.ts";
import type { HelperStep, PlannedAccount, SshHostBlock } from "../../src/core/plan.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import type { AnyFileStep, FreshSsh } from "../../src/steps/preview.ts";
import type { Ports } from "../../src/steps/state-folder.ts";
import { openTransaction, type Transaction } from "../../src/steps/transaction.ts";
import { type Room, TOKEN } from "./room.ts";

export interface Scenario {
  arrange(room: Pick<Room, "write">): void;
  fileSteps?(home: string): AnyFileStep[];
  helperSteps?(home: string): HelperStep[];
}

const HOST = "bitbucket.org";
const inHelper = { host: HOST, path: null, username: "ana" };
const CONFIG =
  '[a]\r\n\tb = c\n[remote "origin"]\n\turl = https://u:p@bitbucket.org/acme/site.git \xff\n[d] e';

/** Its token comes from a variable, so that no salt makes two runs differ. */
export const account = (name: string, workspace: string): PlannedAccount => ({
  name,
  kind: "api-token",
  reach: { workspace, repository: null },
  username: name,
  email: null,
  rights: ["pull"],
  expires: null,
  secret: { kind: "env", name: "BITBUCKET_TOKEN" },
});

export function accountsWith(...names: string[]): string {
  const accounts = names.map((name) => ({
    ...account(name, "before"),
    added: "2026-01-01T00:00:00.000Z",
    digest: null,
  }));
  return writeAccounts({ ...NO_ACCOUNTS, accounts });
}

/** No key of anybody's: these tests are about bytes. */
const KEY_LINE = ["bytes", "of", "a", "private", "key"].join("+");

export const SSH: FreshSsh = {
  sshKey: {
    private: `-----BEGIN KEY-----\n${KEY_LINE}\n-----END KEY-----\n`,
    public: `ssh-ed25519 ${"A".repeat(68)} ana@host\n`,
  },
  hostKeys: SSH_HOST_KEYS,
};

const RETIRED = `ssh-rsa ${SSH_RETIRED_HOST_KEY.key}`;

const KNOWN_HOSTS = `# mine\r\nbitbucket.org,104.192.143.1 ${RETIRED}\ngithub.com ssh-ed25519 AAAA\n\n*.org ${RETIRED} \xff\n@revoked z ${RETIRED}`;

const sshBlock = (host: string): SshHostBlock => ({
  host,
  hostname: "altssh.bitbucket.org",
  port: 443,
  user: "git",
  identityFile: "/home/ana/.ssh/a key",
  hostKeyAlias: HOST,
});

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "set-config": {
    arrange: (room) => room.write("config", CONFIG, 0o640),
    fileSteps: (home) => [
      {
        kind: "set-config",
        file: join(home, "config"),
        entry: { key: "remote.origin.url", occurrence: 0 },
        to: "x",
      },
    ],
  },
  "unset-config": {
    arrange: (room) => room.write("config", CONFIG),
    fileSteps: (home) => [
      { kind: "unset-config", file: join(home, "config"), entry: { key: "a.b", occurrence: 0 } },
    ],
  },
  "add-config": {
    arrange: (room) => room.write("config", CONFIG),
    fileSteps: (home) => [
      {
        kind: "add-config",
        file: join(home, "config"),
        section: "credential",
        subsection: "https://h",
        lines: [{ name: "helper", value: "" }],
      },
    ],
  },
  "set-netrc": {
    arrange: (room) => room.write(".netrc", "machine bitbucket.org password old"),
    fileSteps: (home) => [
      {
        kind: "set-netrc",
        file: join(home, ".netrc"),
        entry: { machine: HOST, occurrence: 0 },
        login: "u",
        password: "newToken",
      },
    ],
  },
  "drop-netrc": {
    arrange: (room) =>
      room.write(
        ".netrc",
        "machine h login a password b\nmachine bitbucket.org # ours\n\tlogin c\n\nmacdef x\n\tcd",
      ),
    fileSteps: (home) => [
      { kind: "drop-netrc", file: join(home, ".netrc"), entry: { machine: HOST, occurrence: 0 } },
    ],
  },
  "put-stored and drop-stored": {
    arrange: (room) => room.write("store", "https://ana:1@bitbucket.org\n\xff\nhttps://bob:2@bitbucket.org"),
    fileSteps: (home) => [
      {
        kind: "put-stored",
        file: join(home, "store"),
        host: HOST,
        path: null,
        username: "ana",
        password: "newToken",
      },
      {
        kind: "drop-stored",
        file: join(home, "store"),
        entry: { host: HOST, username: "bob", path: null, occurrence: 0 },
      },
    ],
  },
  "set-mode": {
    arrange: (room) => room.write("store", "https://ana:1@bitbucket.org\n", 0o644),
    fileSteps: (home) => [{ kind: "set-mode", file: join(home, "store"), mode: 0o600 }],
  },
  "a new file in new folders": {
    arrange: () => {},
    fileSteps: (home) => [
      {
        kind: "put-stored",
        file: join(home, ".config/git/credentials"),
        host: HOST,
        path: null,
        username: "ana",
        password: "newToken",
      },
    ],
  },
  "put-account and drop-account": {
    arrange: (room) => room.write("accounts.json", accountsWith("ana", "bob")),
    fileSteps: (home) => [
      {
        kind: "put-account",
        file: join(home, "accounts.json"),
        account: account("ana", "after"),
        replaces: "2026-01-01T00:00:00.000Z",
      },
      {
        kind: "drop-account",
        file: join(home, "accounts.json"),
        name: "bob",
        added: "2026-01-01T00:00:00.000Z",
        revoke: { name: "bob", kind: "api-token", page: "https://id.atlassian.com/" },
      },
    ],
  },
  "put-unrevoked and drop-unrevoked": {
    arrange: (room) => room.write("accounts.json", accountsWith("ana")),
    fileSteps: (home) => [
      {
        kind: "put-unrevoked",
        file: join(home, "accounts.json"),
        revoke: { name: "old", kind: "api-token", page: "https://id.atlassian.com/" },
      },
      { kind: "drop-unrevoked", file: join(home, "accounts.json"), name: "old" },
      {
        kind: "put-unrevoked",
        file: join(home, "accounts.json"),
        revoke: { name: "older", kind: "access-token", page: "https://bitbucket.org/" },
      },
    ],
  },
  "the first account and its token": {
    arrange: () => {},
    fileSteps: (home) => [
      { kind: "put-token", file: join(home, "data/tokens/ana-1"), password: "newToken" },
      {
        kind: "put-account",
        file: join(home, "config/accounts.json"),
        account: account("ana", "after"),
        replaces: null,
      },
    ],
  },
  "an access token bound to its repository": {
    arrange: (room) => {
      room.write("config", CONFIG, 0o640);
      room.write("store", "https://ana:1@bitbucket.org\nhttps://bob:2@bitbucket.org\n");
    },
    fileSteps: (home) => [
      {
        kind: "set-config",
        file: join(home, "config"),
        entry: { key: "remote.origin.url", occurrence: 0 },
        to: `https://x-token-auth@${HOST}/acme/site.git`,
      },
      ...["acme/site.git", "acme/site"].map(
        (path): AnyFileStep => ({
          kind: "add-config",
          file: join(home, "config"),
          section: "credential",
          subsection: `https://${HOST}/${path}`,
          lines: [
            { name: "helper", value: "" },
            { name: "helper", value: "store --file '/home/ana/.git-credentials-acme-site'" },
            { name: "useHttpPath", value: "true" },
          ],
        }),
      ),
      ...["acme/site.git", "acme/site", "acme/site.git/info/lfs"].map(
        (path): AnyFileStep => ({
          kind: "put-stored",
          file: join(home, ".git-credentials-acme-site"),
          host: HOST,
          path,
          username: "x-token-auth",
          password: "newToken",
        }),
      ),
      {
        kind: "drop-stored",
        file: join(home, "store"),
        entry: { host: HOST, username: "ana", path: null, occurrence: 0 },
      },
    ],
  },
  "drop-token": {
    arrange: (room) => room.write("tokens/ana-1", "old\n"),
    fileSteps: (home) => [{ kind: "drop-token", file: join(home, "tokens/ana-1") }],
  },
  "put-timer over an older one": {
    arrange: (room) => room.write("units/x.timer", "old\n", 0o644),
    fileSteps: (home) => [{ kind: "put-timer", file: join(home, "units/x.timer"), text: "new\n" }],
  },
  "put-timer in a new folder": {
    arrange: () => {},
    fileSteps: (home) => [{ kind: "put-timer", file: join(home, "systemd/user/x.timer"), text: "new\n" }],
  },
  "drop-timer": {
    arrange: (room) => room.write("units/x.timer", "old\n", 0o644),
    fileSteps: (home) => [{ kind: "drop-timer", file: join(home, "units/x.timer") }],
  },
  "put-ssh-key, in a new folder": {
    arrange: () => {},
    fileSteps: (home) => [
      { kind: "put-ssh-key", file: join(home, ".ssh/id_ed25519"), half: "private" },
      { kind: "put-ssh-key", file: join(home, ".ssh/id_ed25519.pub"), half: "public" },
    ],
  },
  "add-known-hosts and drop-known-host": {
    arrange: (room) => room.write(".ssh/known_hosts", KNOWN_HOSTS, 0o644),
    fileSteps: (home) => [
      {
        kind: "drop-known-host",
        file: join(home, ".ssh/known_hosts"),
        entry: { host: HOST, fingerprint: SSH_RETIRED_HOST_KEY.fingerprint, occurrence: 0 },
      },
      {
        kind: "drop-known-host",
        file: join(home, ".ssh/known_hosts"),
        entry: { host: HOST, fingerprint: SSH_RETIRED_HOST_KEY.fingerprint, occurrence: 1 },
      },
      { kind: "add-known-hosts", file: join(home, ".ssh/known_hosts"), host: HOST },
      { kind: "add-known-hosts", file: join(home, ".ssh/known_hosts"), host: "[altssh.bitbucket.org]:443" },
    ],
  },
  "add-ssh-host": {
    arrange: (room) => room.write(".ssh/config", "Include x\r\nHost *\r\n\tUser \xff"),
    fileSteps: (home) => [
      { kind: "add-ssh-host", file: join(home, ".ssh/config"), block: sshBlock(HOST) },
      { kind: "add-ssh-host", file: join(home, ".ssh/config"), block: sshBlock(`${HOST}-acme-site`) },
    ],
  },
  "all that SSH needs, where there is nothing yet": {
    arrange: () => {},
    fileSteps: (home) => [
      { kind: "put-ssh-key", file: join(home, ".ssh/bitbucket"), half: "private" },
      { kind: "put-ssh-key", file: join(home, ".ssh/bitbucket.pub"), half: "public" },
      { kind: "add-known-hosts", file: join(home, ".ssh/known_hosts"), host: HOST },
      { kind: "add-ssh-host", file: join(home, ".ssh/config"), block: sshBlock(HOST) },
    ],
  },
  "helper-store over an older secret": {
    arrange: (room) => room.write("helper-file", "https://ana:old@bitbucket.org\n"),
    helperSteps: (home) => [
      { kind: "helper-store", helper: `store --file=${home}/helper-file`, ...inHelper, password: "newToken" },
    ],
  },
  "helper-store for a new user": {
    arrange: (room) => room.write("helper-file", "https://bob:old@bitbucket.org\n"),
    helperSteps: (home) => [
      { kind: "helper-store", helper: `store --file=${home}/helper-file`, ...inHelper, password: "newToken" },
    ],
  },
  "helper-erase": {
    arrange: (room) => room.write("helper-file", "https://ana:old@bitbucket.org\nhttps://bob:b@z\n"),
    helperSteps: (home) => [
      { kind: "helper-erase", helper: `store --file=${home}/helper-file`, ...inHelper },
    ],
  },
};

/** All of them in one fix, each in a folder of its own. */
export const EVERYTHING: Scenario = {
  arrange(room) {
    for (const [name, scenario] of Object.entries(SCENARIOS))
      scenario.arrange({ write: (file, text, mode) => room.write(join(folderOf(name), file), text, mode) });
  },
  fileSteps: (home) =>
    Object.entries(SCENARIOS).flatMap(([name, one]) => one.fileSteps?.(join(home, folderOf(name))) ?? []),
  helperSteps: (home) =>
    Object.entries(SCENARIOS).flatMap(([name, one]) => one.helperSteps?.(join(home, folderOf(name))) ?? []),
};

function folderOf(name: string): string {
  return name.replaceAll(" ", "-");
}

async function carryOut(tx: Transaction, scenario: Scenario, home: string): Promise<void> {
  for (const [file, steps] of Map.groupBy(scenario.fileSteps?.(home) ?? [], (step) => step.file))
    await tx.changeFile(file, steps, TOKEN, SSH);
  for (const step of scenario.helperSteps?.(home) ?? []) await tx.callHelper(step, TOKEN);
  tx.settle();
}

export const ABOUT = { action: "fix", target: "/srv/site", version: "0.0.0" } as const;

/** Carries a fix out; rolls it back when anything is refused. */
export async function fixOrRollBack(
  ports: Ports,
  scenario: Scenario,
  home: string,
): Promise<{ receipt: Receipt; refusal: unknown }> {
  const tx = openTransaction(ports, ABOUT);
  try {
    await carryOut(tx, scenario, home);
    return { receipt: tx.close(), refusal: null };
  } catch (refusal) {
    return { receipt: await tx.rollBack(), refusal };
  }
}
