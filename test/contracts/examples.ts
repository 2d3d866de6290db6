/** One document of each contract, with every kind of step and of evidence in it. */

import { type AdviceReport, adviceReport } from "../../src/core/advice-report.ts";
import type { Baseline } from "../../src/core/baseline.ts";
import type { Plan, PlannedStep, Step } from "../../src/core/plan.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import type { Explanation, PublishedFinding, Report } from "../../src/core/report.ts";
import type { TokenCheck } from "../../src/core/token-look.ts";
import type { TokenReport } from "../../src/core/token-report.ts";

const tool = { name: "git-rekey", version: "0.1.0" } as const;

const finding: PublishedFinding = {
  id: "app-password-sent",
  severity: "error",
  confidence: "certain",
  title: "Bitbucket refuses the app password Git sends",
  what: "`store` answers with an app password",
  why: "Bitbucket Cloud removed app passwords",
  next: "store an API token",
  location: { file: "/home/ana/.gitconfig", line: 7, scope: "global" },
  evidence: [
    {
      what: "a helper is set",
      source: { kind: "config", file: "/home/ana/.gitconfig", line: 7, scope: "global" },
    },
    { what: "it holds an entry", source: { kind: "file", file: "/home/ana/.git-credentials", line: null } },
    { what: "the answer was 410", source: { kind: "http", request: "GET info/refs", status: 410 } },
    { what: "git is there", source: { kind: "command", command: "git --version" } },
    { what: "a proxy is set", source: { kind: "variable", name: "HTTPS_PROXY" } },
    { what: "git said so", source: { kind: "pasted", line: 3 } },
  ],
  remedy: { safety: "safe", summary: "store an API token" },
};

export const exampleReport: Report = {
  schema: "git-rekey/report@1",
  tool,
  at: "2026-11-23T10:11:12.000Z",
  host: "laptop",
  user: "ana",
  repositories: [
    {
      path: "/srv/site",
      remotes: [
        {
          name: "origin",
          url: "https://bitbucket.org/acme/site.git",
          fetch: "refused",
          push: "unknown",
          token: {
            name: "ana",
            kind: "api-token",
            reach: "all of bitbucket.org",
            why: "no other fits",
            sent: false,
            fetch: "ok",
            push: "unknown",
            expires: "2027-11-24",
            daysLeft: 364,
            accepted: "2026-11-23T10:11:12.000Z",
            refused: null,
          },
          accessToken: { of: "repository", from: "the helper `store`" },
          ssh: {
            name: "bb-work",
            host: "bitbucket.org",
            port: 22,
            via: null,
            as: "person",
            key: `SHA256:${"x".repeat(43)}`,
            comment: "ana@laptop",
            said: null,
          },
        },
      ],
    },
  ],
  findings: [finding],
  ruledOut: ["clock-skewed"],
  notLooked: [{ id: "scope-excessive", reason: "REST wants an e-mail address" }],
  scanned: {
    roots: ["/srv/site"],
    files: 12,
    folders: 3,
    bytes: 4096,
    binary: 0,
    seconds: 0.1,
    unread: [{ why: "no-permission", count: 1, example: "/srv/site/private" }],
    complete: true,
    allowed: 0,
    ignored: 0,
    known: 0,
  },
};

export const exampleExplanation: Explanation = {
  schema: "git-rekey/explanation@1",
  tool,
  findings: [{ ...finding, location: null, remedy: null }],
};

export const exampleReceipt: Receipt = {
  schema: "git-rekey/receipt@1",
  tool,
  id: 3,
  action: "undo",
  undoes: 2,
  at: "2026-11-23T10:11:12.000Z",
  state: "applied",
  target: "/srv/site",
  changed: [
    {
      file: "/home/ana/.git-credentials",
      before: "0".repeat(64),
      after: null,
      what: "removed an entry",
      state: "left-alone",
      reason: "it was edited since",
    },
  ],
  helpers: [
    { helper: "cache", what: "forgot `ana`", state: "not-restored", reason: "it gives nothing back" },
  ],
  proven: [
    {
      direction: "fetch",
      remote: "origin",
      url: "https://bitbucket.org/acme/site.git",
      how: "verify",
      result: "failed",
      detail: "410",
    },
  ],
  left: [{ what: "`/etc/gitconfig`", reason: "it belongs to everybody" }],
  todo: [{ what: "unset a variable", command: "unset GIT_ASKPASS" }],
};

export const exampleTokens: TokenReport = {
  schema: "git-rekey/tokens@1",
  tool,
  at: "2026-11-25T10:11:12.000Z",
  host: "laptop",
  user: "ana",
  tokens: [
    {
      name: "ana",
      kind: "api-token",
      reach: null,
      gitUser: "x-bitbucket-api-token-auth",
      username: "ana",
      email: "ana@acme.example",
      rights: ["pull", "push", "rest"],
      expires: "2026-11-24",
      daysLeft: -1,
      secret: { kind: "keychain", name: "ana-2" },
      added: "2026-11-23T10:11:12.000Z",
      acceptedAt: "2026-11-24T10:11:12.000Z",
      refusedAt: "2026-11-25T10:00:00.000Z",
      refusals: 2,
    },
    {
      name: "acme/site",
      kind: "access-token",
      reach: { workspace: "acme", repository: "site" },
      gitUser: "x-token-auth",
      username: null,
      email: null,
      rights: ["pull"],
      expires: null,
      daysLeft: null,
      secret: { kind: "command", argv: ["pass", "show", "bitbucket"] },
      added: "2026-11-23T10:11:12.000Z",
      acceptedAt: null,
      refusedAt: null,
      refusals: 0,
    },
  ],
  toRevoke: [
    {
      name: "ana",
      kind: "app-password",
      page: "https://bitbucket.org/account/settings/app-passwords/",
      since: "2026-11-23T10:11:12.000Z",
    },
  ],
};

const gitconfig = "/home/ana/.gitconfig";
const store = "/home/ana/.git-credentials";
const user = "x-bitbucket-api-token-auth";
const url = `https://${user}@bitbucket.org/acme/site.git`;
const host = "bitbucket.org";

const SOURCES = [
  { kind: "helper", helper: "cache --timeout=900" },
  { kind: "netrc" },
  { kind: "ask" },
  null,
] as const;

const key = "/home/ana/.ssh/bitbucket_acme_site";
const aliasUrl = "git@bitbucket.org-acme-site:acme/site.git";

const SSH_STEPS: readonly Step[] = [
  { kind: "put-ssh-key", file: key, half: "private" },
  { kind: "put-ssh-key", file: `${key}.pub`, half: "public" },
  { kind: "add-known-hosts", file: "/home/ana/.ssh/known_hosts", host: "[altssh.bitbucket.org]:443" },
  {
    kind: "drop-known-host",
    file: "/home/ana/.ssh/known_hosts",
    entry: { host, fingerprint: "SHA256:zzXQOXSRBEiUtuE8AikJYKwbHaxvSc0ojez9YXaGp1A", occurrence: 0 },
  },
  {
    kind: "add-ssh-host",
    file: "/home/ana/.ssh/config",
    block: {
      host: "bitbucket.org-acme-site",
      hostname: "altssh.bitbucket.org",
      port: 443,
      user: "git",
      identityFile: key,
      hostKeyAlias: host,
    },
  },
  {
    kind: "register-key",
    repository: { workspace: "acme", repository: "site" },
    label: "ana at laptop",
    publicKey: `${key}.pub`,
  },
  {
    kind: "prove",
    direction: "fetch",
    remote: "origin",
    url: aliasUrl,
    source: { kind: "ssh", key },
  },
  {
    kind: "set-config",
    file: "/srv/site/.git/config",
    entry: { key: "remote.origin.url", occurrence: 0 },
    to: aliasUrl,
  },
  { kind: "verify", direction: "fetch", remote: "origin", url: aliasUrl, source: null },
];

/** One step of each kind, and more where a kind has forms. */
export const EXAMPLE_STEPS: readonly Step[] = [
  {
    kind: "set-config",
    file: "/srv/site/.git/config",
    entry: { key: "remote.origin.url", occurrence: 0 },
    to: url,
  },
  { kind: "unset-config", file: gitconfig, entry: { key: "http.extraheader", occurrence: 1 } },
  {
    kind: "unset-config",
    file: gitconfig,
    entry: { key: "url.https://ana:‹secret›@bitbucket.org/.insteadof", occurrence: 0 },
  },
  {
    kind: "add-config",
    file: gitconfig,
    section: "credential",
    subsection: "https://bitbucket.org",
    lines: [
      { name: "helper", value: "" },
      { name: "helper", value: "store" },
      { name: "helper", value: "store --file '/home/o'\\''neil/.git-credentials-acme-site'" },
      { name: "helper", value: "/opt/git-rekey/bin/git-credential-rekey" },
      { name: "useHttpPath", value: "true" },
    ],
  },
  {
    kind: "set-netrc",
    file: "/home/ana/.netrc",
    entry: { machine: null, occurrence: 0 },
    login: user,
    password: "newToken",
  },
  { kind: "drop-netrc", file: "/home/ana/.netrc", entry: { machine: host, occurrence: 1 } },
  { kind: "put-stored", file: store, host, path: null, username: user, password: "newToken" },
  {
    kind: "drop-stored",
    file: store,
    entry: { host, username: "ana", path: "acme/site.git", occurrence: 0 },
  },
  { kind: "set-mode", file: store, mode: 0o600 },
  { kind: "helper-store", helper: "cache", host, path: null, username: user, password: "newToken" },
  { kind: "helper-erase", helper: "store --file '/home/a na/x'", host, path: null, username: "ana" },
  ...SOURCES.map((source): Step => ({ kind: "prove", direction: "push", remote: "origin", url, source })),
  { kind: "verify", direction: "fetch", remote: null, url, source: null },
  {
    kind: "put-account",
    file: "/home/ana/.config/git-rekey/accounts.json",
    account: {
      name: "ana",
      kind: "api-token",
      reach: null,
      username: "ana",
      email: "ana@acme.example",
      rights: ["pull", "push", "rest"],
      expires: "2027-11-24",
      secret: { kind: "file", name: "ana-2" },
    },
    replaces: "2026-11-24T10:11:12.000Z",
  },
  {
    kind: "drop-account",
    file: "/home/ana/.config/git-rekey/accounts.json",
    name: "ana",
    added: "2026-11-24T10:11:12.000Z",
    revoke: { name: "ana", kind: "api-token", page: "https://id.atlassian.com/manage-profile" },
  },
  {
    kind: "put-unrevoked",
    file: "/home/ana/.config/git-rekey/accounts.json",
    revoke: { name: "ana", kind: "app-password", page: "https://bitbucket.org/account/settings/" },
  },
  { kind: "drop-unrevoked", file: "/home/ana/.config/git-rekey/accounts.json", name: "ana" },
  { kind: "put-token", file: "/home/ana/.local/share/git-rekey/tokens/ana-2", password: "newToken" },
  { kind: "drop-token", file: "/home/ana/.local/share/git-rekey/tokens/ana-1" },
  ...SSH_STEPS,
  { kind: "person", what: "unset `GIT_ASKPASS` in your shell", command: "unset GIT_ASKPASS" },
];

export const examplePlan: Plan = {
  schema: "git-rekey/plan@1",
  tool,
  uid: 1000,
  target: { kind: "repository", path: "/srv/site" },
  choices: {
    with: "remote",
    kind: "api-token",
    store: "git-store",
    email: "ana@acme.example",
    expires: "2027-11-24",
    push: false,
    accept: ["netrc-shadows"],
  },
  needsToken: true,
  steps: EXAMPLE_STEPS.map(
    (step): PlannedStep => ({ phase: "change", safety: "safe", answers: "app-password-sent", step }),
  ),
};

export const exampleTokenCheck: TokenCheck = {
  schema: "git-rekey/token-check@1",
  tool,
  at: "2026-11-23T10:11:12.000Z",
  host: "laptop",
  user: "ana",
  tokens: [
    {
      name: "ana",
      verdict: "refused",
      looks: [
        { what: "git fetch of `acme/site`", state: "accepted", why: null },
        { what: "git push of `acme/site`", state: "refused", why: "`ana` may not write to `acme/site`" },
      ],
      scopes: ["read:repository:bitbucket"],
    },
  ],
};

export const exampleAdvice: AdviceReport = adviceReport(
  { machine: "server", push: false, repositories: "one", rest: false, ssh: "open" },
  tool,
);

export const exampleBaseline: Baseline = {
  schema: "git-rekey/baseline@1",
  salt: "00112233445566778899aabbccddeeff",
  entries: [
    {
      id: "token-in-file",
      path: "deploy/env",
      kind: "api-token",
      length: 192,
      fingerprint: "6f1c",
      count: 1,
    },
    { id: "password-in-file", path: ".netrc", kind: "unknown", length: 12, fingerprint: null, count: 2 },
  ],
};
