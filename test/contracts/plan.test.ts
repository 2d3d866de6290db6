import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { readPlan } from "../../src/contracts/plan.ts";
import type { Step } from "../../src/core/plan.ts";
import { EXAMPLE_STEPS, examplePlan } from "./examples.ts";

const read = (document: unknown) => readPlan(JSON.stringify(document));

function reasonFor(document: unknown): string {
  const result = read(document);
  return result.ok ? "was taken" : result.reason;
}

const withStep = (step: unknown) => ({
  ...examplePlan,
  steps: [{ phase: "change", safety: "safe", answers: null, step }],
});

/** The example's step of that kind with something else in it. */
function changed(kind: Step["kind"], change: object): unknown {
  const found = EXAMPLE_STEPS.find((step) => step.kind === kind);
  return withStep({ ...found, ...change });
}

test("a whole plan comes back as it was", () => {
  expect(read(examplePlan)).toEqual({ ok: true, plan: examplePlan });
});

test("a plan for a URL", () => {
  const target = { kind: "url", url: "https://bitbucket.org/acme/site.git" };
  expect(read({ ...examplePlan, target }).ok).toBe(true);
});

describe("what is no plan says why", () => {
  const CASES: readonly [string, string, string][] = [
    ["nothing", "", "is not JSON"],
    ["half a plan", JSON.stringify(examplePlan).slice(0, 200), "is not JSON"],
    ["something else", "[]", "lacks something that a plan needs"],
    ["null", "null", "is not a plan of git-rekey"],
    [
      "another version",
      JSON.stringify({ schema: "git-rekey/plan@2" }),
      "was written by another version of git-rekey (git-rekey/plan@2)",
    ],
    [
      "a report",
      JSON.stringify({ ...examplePlan, schema: "git-rekey/report@1" }),
      "is not a plan of git-rekey (at `schema`)",
    ],
    [
      "more than a plan",
      JSON.stringify({ ...examplePlan, more: 1 }),
      "has something that a plan does not know",
    ],
    [
      "an inherited name",
      JSON.stringify(examplePlan).replace("{", '{"__proto__":{"a":1},'),
      "has something that a plan does not know",
    ],
  ];
  for (const [name, text, reason] of CASES)
    test(name, () => expect(readPlan(text)).toEqual({ ok: false, reason }));

  test("where it is wrong, without repeating it", () => {
    const secret = "ATBB".concat("x".repeat(20));
    const extra = changed("set-mode", { [secret]: secret });
    expect(reasonFor(extra)).toBe("has something that a plan does not know (at `steps.1.step`)");
    expect(reasonFor(changed("set-mode", { mode: secret }))).toBe(
      "is not a plan of git-rekey (at `steps.1.step.mode`)",
    );
    expect(reasonFor(changed("put-stored", { password: secret }))).not.toContain(secret);
  });
});

const BLOCK = EXAMPLE_STEPS.flatMap((step) => (step.kind === "add-ssh-host" ? [step.block] : []))[0];

test("a URL over SSH as a fix writes it", () => {
  const urls = [
    "git@bitbucket.org:acme/site.git",
    "git@bitbucket.org-acme-site:acme/site.git",
    "ssh://git@bitbucket.org/acme/site.git",
    "ssh://git@altssh.bitbucket.org:443/acme/site.git",
  ];
  for (const url of urls) {
    expect(reasonFor(changed("set-config", { to: url }))).toBe("was taken");
    expect(reasonFor(changed("verify", { url }))).toBe("was taken");
  }
});

describe("a step may not", () => {
  const elsewhere = "https://evil.example/acme/site.git";
  const entry = (key: string) => ({ entry: { key, occurrence: 0 } });
  const HOSTILE: Readonly<Record<string, readonly unknown[]>> = {
    "name a URL elsewhere": [
      elsewhere,
      "http://bitbucket.org/acme/site.git",
      "https://bitbucket.org.evil.example/a/b",
      "https://bitbucket.org:8443/a/b",
      "https://bitbucket.org@evil.example/a/b",
      "https://evil.example\\@bitbucket.org/a/b",
      "https://ana:secret@bitbucket.org/a/b",
      "https://api.bitbucket.org/a/b",
      "git@evil.example:a/b",
      "ana@bitbucket.org:a/b",
      "git@bitbucket.org.evil.example:a/b",
      "git@bitbucket.org:-oProxyCommand=id",
      "git@bitbucket.org:a/../b",
      "git@bitbucket.org:/etc/x",
      "git@-oProxyCommand=id:a/b",
      "ssh://-oProxyCommand=id/a/b",
      "ssh://git@evil.example/a/b",
      "ssh://git@bitbucket.org:2222/a/b",
      "ssh://git:x@bitbucket.org/a/b",
      "ssh://git@altssh.bitbucket.org/a/b",
      "ext::sh -c id",
      "/srv/other",
      "",
    ].flatMap((url) => [
      changed("set-config", { to: url }),
      changed("verify", { url }),
      { ...examplePlan, target: { kind: "url", url } },
    ]),
    "set another entry": [
      "core.sshcommand",
      "core.fsmonitor",
      "credential.helper",
      "http.extraheader",
      "http.proxy",
      "remote.url",
      "lfs.x.url",
      "remote.origin.proxy",
      "alias.x",
      "url.https://bitbucket.org/.insteadof",
      "constructor.x.url",
      "",
      ".",
    ].map((key) => changed("set-config", entry(key))),
    "take out another's entry": [
      "core.hookspath",
      "user.name",
      "credential.https://gitlab.example.helper",
      "http.https://gitlab.example/.extraheader",
      "http.sslverify",
      "url.https://gitlab.example/.insteadof",
      "url.ssh://git@bitbucket.org/.insteadof",
      "__proto__.url",
    ].map((key) => changed("unset-config", entry(key))),
    "add another section": [
      { section: "core" },
      { subsection: null },
      { subsection: "https://bitbucket.org.evil.example" },
      { lines: [] },
      { lines: [{ name: "helper", value: "!id" }] },
      { lines: [{ name: "helper", value: "cache" }] },
      { lines: [{ name: "useHttpPath", value: "false" }] },
      { lines: [{ name: "helper", value: "store --file 'x'" }] },
      { lines: [{ name: "helper", value: "store --file '/x'; id" }] },
      { lines: [{ name: "helper", value: "store --file '/x/../y'" }] },
      { lines: [{ name: "helper", value: "store --file '/x' '/y'" }] },
      { lines: [{ name: "username", value: "true" }] },
      { lines: [{ name: "constructor", value: "true" }] },
    ].map((change) => changed("add-config", change)),
    "name a file by a roundabout way": ["", "x", "../x", "/home/../etc/passwd", "~/x", "C:\\..\\x"].flatMap(
      (file) => [
        changed("set-config", { file }),
        changed("set-mode", { file }),
        changed("put-stored", { file }),
        { ...examplePlan, target: { kind: "repository", path: file } },
      ],
    ),
    "name another host": [
      changed("put-stored", { host: "gitlab.example" }),
      changed("helper-store", { host: "gitlab.example" }),
      changed("helper-erase", { host: "" }),
      changed("set-netrc", { entry: { machine: "gitlab.example", occurrence: 0 } }),
      changed("drop-stored", { entry: { host: "x", username: "ana", path: null, occurrence: 0 } }),
    ],
    "run a command": [
      "!id",
      "store; id",
      "store $(id)",
      "store `id`",
      "store | id",
      "store > /x",
      "",
    ].flatMap((helper) => [
      changed("helper-store", { helper }),
      changed("helper-erase", { helper }),
      changed("prove", { source: { kind: "helper", helper } }),
    ]),
    "set up SSH otherwise than git-rekey does": [
      ...["/home/ana/id", "/home/ana/.ssh/../x", "/home/ana/.ssh/a/b", "/home/ana/.ssh/"].flatMap((file) => [
        changed("put-ssh-key", { file }),
        changed("add-known-hosts", { file }),
        changed("drop-known-host", { file }),
        changed("add-ssh-host", { file }),
        changed("register-key", { publicKey: `${file}.pub` }),
      ]),
      ...["config", "authorized_keys", "authorized_keys2", "rc", "environment", "known_hosts", "x.pub"].map(
        (name) => changed("put-ssh-key", { file: `/home/ana/.ssh/${name}` }),
      ),
      changed("put-ssh-key", { half: "public" }),
      changed("register-key", { publicKey: "/home/ana/.ssh/id_ed25519" }),
      changed("register-key", { repository: { workspace: "a/b", repository: ".." } }),
      changed("register-key", { repository: { workspace: "..", repository: "x" } }),
      ...[
        "github.com",
        "*",
        "bitbucket.org.evil.example",
        "[bitbucket.org]:22",
        "bitbucket.org,x",
        "",
      ].flatMap((host) => [
        changed("add-known-hosts", { host }),
        changed("drop-known-host", { entry: { host, fingerprint: "SHA256:x", occurrence: 0 } }),
        changed("add-ssh-host", { block: { ...BLOCK, host } }),
      ]),
      ...[
        { hostname: "evil.example" },
        { port: 2222 },
        { user: "root" },
        { hostKeyAlias: "evil.example" },
        { identityFile: "id" },
        { identityFile: "/home/ana/../bob/id" },
        { proxyCommand: "id" },
      ].map((change) => changed("add-ssh-host", { block: { ...BLOCK, ...change } })),
      changed("prove", { source: { kind: "ssh", key: "-oProxyCommand=id" } }),
      changed("prove", { source: { kind: "ssh", key: "/home/../etc/x" } }),
    ],
    "open a file": [0o644, 0o666, 0o4700].map((mode) => changed("set-mode", { mode })),
    "pass an option to git": [changed("prove", { remote: "--upload-pack=id" })],
    "hold control characters": [
      changed("put-stored", { username: "ana\npassword=x" }),
      changed("person", { what: "\u001b[2J" }),
      changed("set-config", { file: "/home/ana/\u0000x" }),
      { ...examplePlan, choices: { ...examplePlan.choices, email: "a\r\nb" } },
    ],
  };
  for (const [what, documents] of Object.entries(HOSTILE)) {
    test(what, () => {
      for (const document of documents)
        expect(read(document), JSON.stringify(document)).toHaveProperty("ok", false);
    });
  }
});

test("what real configurations hold is let through", () => {
  const keys = [
    "remote.origin.pushurl",
    "remote.a.b.c.lfspushurl",
    "branch.feature/x.y.pushremote",
    "remote.pushdefault",
    "lfs.pushurl",
    "submodule.libs/a.url",
    "url.https://ana@bitbucket.org/.pushinsteadof",
    "http.https://bitbucket.org/acme.extraheader",
    "http.https://*.org.extraheader",
    "credential.helper",
    "credential.bitbucket.org.username",
    "credential.https://bitbucket.org.helper",
  ];
  for (const key of keys) {
    const entry = { key, occurrence: 0 };
    expect(reasonFor(changed("unset-config", { entry })), key).toBe("was taken");
  }
  const helpers = [
    "osxkeychain",
    "store --file=$HOME/x",
    "/mnt/c/Program\\ Files\\ \\(x86\\)/git-credential-wincred.exe",
  ];
  for (const helper of helpers)
    expect(reasonFor(changed("helper-erase", { helper })), helper).toBe("was taken");
});

/** Replaces one value, somewhere in the document. */
function mutate(value: unknown, path: readonly number[], by: unknown): unknown {
  const [at, ...rest] = path;
  if (at === undefined || typeof value !== "object" || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(keys.length, 1)];
  if (key === undefined) return by;
  const part = mutate((value as Record<string, unknown>)[key], rest, by);
  return Array.isArray(value) ? value.with(Number(key), part) : { ...value, [key]: part };
}

describe("never throws", () => {
  const settings = { seed: 20260728, numRuns: 400 } as const;

  test("on any text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.json()), (text) => {
        expect(readPlan(text).ok).toBe(false);
      }),
      settings,
    );
  });

  test("on a plan with something else in it", () => {
    const path = fc.array(fc.nat(20), { maxLength: 7 });
    fc.assert(
      fc.property(path, fc.jsonValue(), (where, by) => {
        const text = JSON.stringify(mutate(examplePlan, where, by));
        const result = readPlan(text);
        expect(result).toEqual(
          result.ok ? { ok: true, plan: JSON.parse(text) } : { ok: false, reason: result.reason },
        );
      }),
      settings,
    );
  });

  test("on texts that nest deeply", () => {
    for (const text of ["[".repeat(200_000), `${'{"steps":'.repeat(50_000)}1${"}".repeat(50_000)}`])
      expect(readPlan(text).ok).toBe(false);
  });
});
