import { describe, expect, test } from "bun:test";
import { authenticate } from "../../emulator/authenticate.ts";
import { refusesAppPasswords } from "../../emulator/brownout.ts";
import { defaultWorld } from "../../emulator/default-world.ts";
import type { Presented, Refusal } from "../../emulator/identify.ts";
import { defaultSwitches, type Switches } from "../../emulator/switches.ts";
import { repositoryNamed, type World } from "../../emulator/world.ts";
import { shapeOfToken } from "../../src/core/token.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const STATIC = "x-bitbucket-api-token-auth";
const TOKEN = "x-token-auth";
const BEARER = "(Bearer)";
const MAIL = "ana@acme.example";

type Verdict = "ok" | Refusal;

const secretOf = (world: World, label: string): string =>
  world.credentials.find((each) => each.label === label)?.secret ?? label;

interface Setting {
  repository?: string;
  switches?: Partial<Switches>;
  arrange?: (world: World) => void;
  now?: Date;
}

function judge(
  surface: "git" | "rest",
  user: string,
  label: string,
  access: "read" | "write" | "admin",
  setting: Setting = {},
): Verdict {
  const world = defaultWorld(NOW);
  setting.arrange?.(world);
  const secret = secretOf(world, label);
  const presented: Presented =
    user === BEARER ? { how: "bearer", secret } : user ? { how: "basic", user, secret } : { how: "none" };
  const [workspace = "", slug = ""] = (setting.repository ?? "acme/site").split("/");
  const outcome = authenticate(
    { world, switches: { ...defaultSwitches(), ...setting.switches }, now: setting.now ?? NOW },
    presented,
    { surface, repository: repositoryNamed(world, workspace, slug), access },
  );
  return outcome.granted ? "ok" : outcome.refusal;
}

describe("on Git, by user name and credential: fetch, push", () => {
  test.each<[string, string, Verdict, Verdict]>([
    ["ana", "api-token", "ok", "ok"],
    [STATIC, "api-token", "ok", "ok"],
    ["Ana", "api-token", "no-access", "no-access"],
    [MAIL, "api-token", "no-access", "no-access"],
    [TOKEN, "api-token", "no-access", "no-access"],
    ["bob", "api-token", "no-access", "no-access"],
    [BEARER, "api-token", "no-access", "no-access"],
    ["ana", "api-token-read", "ok", "scope-missing"],
    ["ana", "api-token-write-only", "scope-missing", "scope-missing"],
    ["ana", "api-token-admin-only", "scope-missing", "scope-missing"],
    ["ana", "api-token-user-only", "scope-missing", "scope-missing"],
    ["ana", "api-token-unscoped", "no-access", "no-access"],
    [STATIC, "api-token-unscoped", "no-access", "no-access"],
    ["ana", "api-token-jira", "no-access", "no-access"],
    ["ana", "api-token-expired", "no-access", "no-access"],
    ["ana", "api-token-expiring", "ok", "ok"],
    ["ana", "api-token-revoked", "no-access", "no-access"],
    ["ana", "api-token-other-workspace", "no-access", "no-access"],
    [STATIC, "api-token-bob", "ok", "no-access"],
    [STATIC, "api-token-eve", "no-access", "no-access"],
    ["ana", "app-password", "app-password-removed", "app-password-removed"],
    ["ana", "legacy-app-password", "app-password-removed", "app-password-removed"],
    ["bob", "app-password", "no-access", "no-access"],
    [TOKEN, "repository-token", "ok", "ok"],
    ["ana", "repository-token", "no-access", "no-access"],
    [STATIC, "repository-token", "no-access", "no-access"],
    [BEARER, "repository-token", "ok", "ok"],
    [TOKEN, "repository-token-read", "ok", "scope-missing"],
    [TOKEN, "repository-token-pullrequest", "ok", "ok"],
    [TOKEN, "repository-token-pipeline", "scope-missing", "scope-missing"],
    [TOKEN, "repository-token-docs", "no-access", "no-access"],
    [TOKEN, "repository-token-expired", "no-access", "no-access"],
    [TOKEN, "repository-token-revoked", "no-access", "no-access"],
    [TOKEN, "project-token", "ok", "ok"],
    [TOKEN, "workspace-token", "ok", "ok"],
    [TOKEN, "oauth", "ok", "ok"],
    ["ana", "oauth", "ok", "ok"],
    ["bob", "oauth", "no-access", "no-access"],
    [BEARER, "oauth", "ok", "ok"],
    [TOKEN, "oauth-expired", "no-access", "no-access"],
    ["ana", "account-password", "account-password", "account-password"],
    [MAIL, "account-password", "account-password", "account-password"],
    ["bob", "account-password", "no-access", "no-access"],
    ["ana", "data-center", "no-access", "no-access"],
    ["ana", "something nobody issued", "no-access", "no-access"],
    ["ana", "", "no-access", "no-access"],
    ["", "", "credential-needed", "credential-needed"],
  ])("%s with %s", (user, label, fetching, pushing) => {
    expect(judge("git", user, label, "read")).toBe(fetching);
    expect(judge("git", user, label, "write")).toBe(pushing);
  });
});

describe("on REST, reading a repository", () => {
  test.each<[string, string, Verdict]>([
    [MAIL, "api-token", "ok"],
    ["ANA@acme.example", "api-token", "ok"],
    ["ana", "api-token", "basic-refused"],
    [STATIC, "api-token", "basic-refused"],
    [BEARER, "api-token", "bearer-refused"],
    [MAIL, "api-token-unscoped", "basic-refused"],
    [BEARER, "api-token-unscoped", "bearer-refused-without-scopes"],
    [MAIL, "api-token-jira", "basic-refused"],
    [MAIL, "api-token-expired", "basic-refused"],
    [MAIL, "api-token-revoked", "basic-refused"],
    [MAIL, "api-token-user-only", "scope-missing"],
    ["ana", "app-password", "app-password-removed"],
    ["bob", "app-password", "basic-refused"],
    [BEARER, "app-password", "bearer-refused"],
    [BEARER, "repository-token", "ok"],
    [TOKEN, "repository-token", "basic-refused"],
    [BEARER, "repository-token-docs", "no-access"],
    [BEARER, "repository-token-expired", "bearer-refused"],
    [BEARER, "project-token", "ok"],
    [BEARER, "workspace-token", "ok"],
    [BEARER, "oauth", "ok"],
    ["ana", "oauth", "basic-refused"],
    [BEARER, "oauth-expired", "oauth-expired"],
    ["ana", "account-password", "login-failed"],
    [BEARER, "data-center", "bearer-refused"],
    ["ana", "something nobody issued", "basic-refused"],
    ["", "", "no-access"],
  ])("%s with %s", (user, label, verdict) => {
    expect(judge("rest", user, label, "read")).toBe(verdict);
  });

  test("administering needs permission as well as scopes", () => {
    expect(judge("rest", "bob@acme.example", "api-token-bob", "admin")).toBe("administrator-needed");
    expect(judge("rest", MAIL, "api-token", "admin")).toBe("ok");
  });
});

describe("where the repository is", () => {
  test.each<[string, string, string, "read" | "write", Verdict]>([
    ["acme/docs", "", "", "read", "ok"],
    ["acme/docs", "", "", "write", "credential-needed"],
    ["acme/docs", STATIC, "api-token-eve", "read", "ok"],
    ["acme/docs", STATIC, "api-token-eve", "write", "no-access"],
    ["acme/docs", "ana", "app-password", "read", "app-password-removed"],
    ["acme/docs", STATIC, "api-token-bob", "write", "ok"],
    ["acme/missing", "", "", "read", "credential-needed"],
    ["acme/missing", "ana", "api-token", "read", "no-access"],
    ["other/tools", "ana", "api-token-other-workspace", "read", "ok"],
    ["acme/guarded", TOKEN, "project-token", "read", "no-access"],
    ["ACME/Site", "ana", "api-token", "read", "ok"],
  ])("%s: %s with %s, %s", (repository, user, label, access, verdict) => {
    expect(judge("git", user, label, access, { repository })).toBe(verdict);
  });
});

describe("what a workspace demands", () => {
  function demand(change: { allowedAddresses?: string[]; requiresTwoStep?: boolean }) {
    return (world: World): void => {
      const acme = world.workspaces.get("acme");
      if (acme) Object.assign(acme, change);
    };
  }

  test("an address on its list", () => {
    const closed = demand({ allowedAddresses: ["203.0.113.0/24"] });
    expect(judge("git", "ana", "api-token", "read", { arrange: closed })).toBe("address-not-allowed");
    expect(judge("git", TOKEN, "repository-token", "read", { arrange: closed })).toBe("address-not-allowed");
    const switches = { clientAddress: "203.0.113.9" };
    expect(judge("git", "ana", "api-token", "read", { arrange: closed, switches })).toBe("ok");
  });

  test("two-step verification of people, not of access tokens", () => {
    const arrange = demand({ requiresTwoStep: true });
    expect(judge("git", STATIC, "api-token-bob", "read", { arrange })).toBe("two-step-required");
    expect(judge("git", STATIC, "api-token", "read", { arrange })).toBe("ok");
    expect(judge("git", TOKEN, "repository-token", "read", { arrange })).toBe("ok");
  });
});

describe("switches", () => {
  test.each<[Partial<Switches>, "git" | "rest", string, string, Verdict]>([
    [{ era: "before" }, "git", "ana", "app-password", "ok"],
    [{ era: "before" }, "rest", "ana", "app-password", "ok"],
    [{ era: "before" }, "git", "bob", "app-password", "no-access"],
    [{ appPasswordWithWrongSecret: "410" }, "git", "bob", "app-password", "app-password-removed"],
    [{ unknownSecretOnGit: "login-failed" }, "git", "ana", "hunter2", "login-failed"],
    [{ apiTokenAsBearer: "accept" }, "git", BEARER, "api-token", "ok"],
    [{ apiTokenAsBearer: "accept" }, "rest", BEARER, "api-token", "ok"],
    [{ apiTokenAsBearer: "accept" }, "rest", BEARER, "api-token-unscoped", "bearer-refused-without-scopes"],
    [{ unscopedRestFingerprint: false }, "rest", BEARER, "api-token-unscoped", "bearer-refused"],
    [{ oauthUnderOwnName: false }, "git", "ana", "oauth", "no-access"],
    [{ accessTokenAsBasicOnRest: true }, "rest", TOKEN, "repository-token", "ok"],
    [{ expiredTokenOnGit: "expired" }, "git", "ana", "api-token-expired", "api-token-expired"],
    [{ forbiddenGitText: "403-text" }, "git", STATIC, "api-token-eve", "forbidden"],
    [{ forbiddenGitText: "403-text" }, "git", "", "", "credential-needed"],
  ])("%j: %s %s %s", (switches, surface, user, label, verdict) => {
    expect(judge(surface, user, label, "read", { switches })).toBe(verdict);
  });

  test("an app password nobody issued is told apart by its switch alone", () => {
    // Its shape is enough; built here, as no token may stand in a file.
    const stranger = ["AT", "BB", "x".repeat(32)].join("");
    const all = { switches: { appPasswordWithWrongSecret: "410" as const } };
    expect(judge("git", "ana", stranger, "read", all)).toBe("app-password-removed");
    expect(judge("git", "ana", stranger, "read")).toBe("no-access");
  });
});

test.each([
  ["2026-06-08T00:05:00Z", false],
  ["2026-06-09T00:05:00Z", true],
  ["2026-06-09T00:15:00Z", false],
  ["2026-06-16T06:29:00Z", true],
  ["2026-06-16T06:30:00Z", false],
  ["2026-07-27T22:59:00Z", true],
  ["2026-07-27T23:00:00Z", false],
  ["2026-07-28T00:00:00Z", true],
  ["2026-11-23T03:00:00Z", true],
])("in the brownouts, app passwords at %s: refused is %p", (time, refused) => {
  expect(refusesAppPasswords("brownout", new Date(time))).toBe(refused);
});

test("every secret has the shape of its kind", () => {
  const world = defaultWorld(NOW);
  const seen = Object.fromEntries(
    world.credentials.map(({ label, secret }) => {
      const { kind, length, checksum } = shapeOfToken(secret);
      return [label, `${kind} ${length} ${checksum}`];
    }),
  );
  expect(seen).toMatchObject({
    "api-token": "api-token 192 ok",
    "api-token-unscoped": "api-token 192 ok",
    "app-password": "app-password 36 ok",
    "legacy-app-password": "legacy-app-password 20 none",
    "repository-token": "access-token 192 ok",
    "workspace-token": "access-token 192 ok",
    "data-center": "data-center 49 none",
  });
});
