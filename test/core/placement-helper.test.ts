/** Which account a new token is for, and what becomes of the names in the URLs. */
import { describe, expect, test } from "bun:test";
import { answer, configEntry, outcome, remoteUrl, route, source } from "../../src/checks/example.ts";
import type { Account } from "../../src/core/account.ts";
import type { CheckId } from "../../src/core/ids.ts";
import { placeInHelper } from "../../src/core/placement-helper.ts";
import type { Placement, Places } from "../../src/core/placement-parts.ts";
import type { Choices, PlannedAccount, Step } from "../../src/core/plan.ts";
import type { ConfigEntry, Outcome } from "../../src/core/setup.ts";

const account = (name: string, more: Partial<Account> = {}): Account => ({
  name,
  kind: "api-token",
  reach: null,
  username: null,
  email: null,
  rights: ["pull"],
  expires: null,
  added: "",
  secret: { kind: "file", name: `${name}-1` },
  digest: null,
  ...more,
});

const CHOICES: Choices = {
  with: "helper",
  kind: "api-token",
  store: { kind: "file" },
  email: null,
  expires: null,
  push: false,
  accept: [],
};

const placesWith = (known: readonly Account[], accepted: readonly string[] = []): Places => ({
  globalConfig: "/home/ana/.gitconfig",
  localConfig: "/srv/site/.git/config",
  worktreeConfig: null,
  storeFile: "/home/ana/.git-credentials",
  home: "/home/ana",
  own: {
    accounts: "/a/accounts.json",
    tokens: "/t",
    taken: [],
    helper: "/bin/git-credential-rekey",
    known,
    accepted,
  },
});

/** A remote that is refused, with this user in its URL. */
function refused(user: string | null, remote = "origin"): Outcome {
  const entry = configEntry(`remote.${remote}.url`, "x", { scope: "local", file: "/srv/site/.git/config" });
  return outcome(source("helper"), answer(410), { route: route({ remote, entry, url: remoteUrl(user) }) });
}

interface Ground {
  users?: readonly (string | null)[];
  known?: readonly Account[];
  accepted?: readonly string[];
  choices?: Partial<Choices>;
  config?: readonly ConfigEntry[];
  found?: readonly CheckId[];
}

function place({ users = [null], known = [], accepted = [], choices = {}, config = [], found = [] }: Ground) {
  const broken = users.map((user, index) => refused(user, index === 0 ? "origin" : `remote-${index}`));
  const diagnosis = { findings: found.map((id) => ({ id })) };
  const setup = { netrc: [], config, outcomes: broken, diagnosis };
  return placeInHelper(broken, setup, { ...CHOICES, ...choices }, placesWith(known, accepted));
}

function placed(ground: Ground): Placement {
  const found = place(ground);
  if ("noPlace" in found) throw new Error(found.noPlace);
  return found;
}

const stepsOf = (ground: Ground): Step[] => placed(ground).steps.map(({ step }) => step);

function put(ground: Ground): PlannedAccount {
  const step = stepsOf(ground).find(({ kind }) => kind === "put-account");
  if (step?.kind !== "put-account") throw new Error("no account is put");
  return step.account;
}

const urlsSet = (ground: Ground): string[] =>
  stepsOf(ground).flatMap((step) => (step.kind === "set-config" ? [step.to] : []));

const dropped = (ground: Ground): string[] =>
  stepsOf(ground).flatMap((step) => (step.kind === "drop-token" ? [step.file] : []));

const ACME = { workspace: "acme", repository: null };
const ACME_SITE = { workspace: "acme", repository: "site" };
const username = (value: string) => configEntry("credential.https://bitbucket.org.username", value);

describe("the names", () => {
  test.each<[string, Ground, string | null, string | null]>([
    ["none", {}, null, null],
    ["nobody's", { users: ["x-token-auth"] }, null, null],
    ["a user's", { users: ["ana"] }, "ana", null],
    ["an e-mail", { users: ["ana@acme.example"] }, null, "ana@acme.example"],
    ["one of each", { users: ["ana@acme.example", "ana"] }, "ana", "ana@acme.example"],
    ["a configured one", { config: [username("ana")] }, "ana", null],
    ["a configured one under the URL's", { users: ["bob"], config: [username("ana")] }, "bob", null],
  ])("%s", (_, ground, name, email) => {
    expect(put(ground)).toMatchObject({ username: name, email });
    expect(urlsSet(ground)).toEqual([]);
  });

  test("of several the first stays, the others give way", () => {
    expect(put({ users: ["ana", "bob", "ana"] }).username).toBe("ana");
    expect(urlsSet({ users: ["ana", "bob", "ana"] })).toEqual([
      "https://x-bitbucket-api-token-auth@bitbucket.org/acme/site.git",
    ]);
  });
});

describe("the account", () => {
  test("a new one: everything for an API token, the repository for an access token", () => {
    expect(put({ users: ["ana"] })).toMatchObject({ name: "ana", reach: null });
    expect(put({ choices: { kind: "access-token" } })).toMatchObject({ name: "acme/site", reach: ACME_SITE });
  });

  test("an access token is nobody's, but a person's own account does not go before it", () => {
    const choices = { kind: "access-token" } as const;
    expect(put({ users: ["ana"], choices })).toMatchObject({ username: null, email: null });
    expect(urlsSet({ users: ["ana"], choices })).toEqual([]);
    const known = [account("ana", { username: "ana" })];
    expect(put({ users: ["ana"], choices, known })).toMatchObject({
      name: "acme/site",
      username: "ana",
      reach: ACME_SITE,
    });
    expect(dropped({ users: ["ana"], choices, known })).toEqual([]);
  });

  test("one that answers here already gets the new token, and the old one goes at the end", () => {
    const known = [account("work", { reach: ACME, email: "ana@acme.example" })];
    expect(put({ known })).toMatchObject({
      name: "work",
      reach: ACME,
      email: "ana@acme.example",
      secret: { name: "work-2" },
    });
    expect(dropped({ known })).toEqual(["/t/work-1"]);
    const last = placed({ known }).steps.slice(-2);
    expect(last).toMatchObject([
      { phase: "cleanUp", step: { kind: "drop-token" } },
      { phase: "verify", step: { kind: "person", command: "git rekey token revoked work" } },
    ]);
  });

  test("its place stays where nothing else was said", () => {
    const known = [account("work", { secret: { kind: "keychain", name: "work-7" } })];
    expect(put({ known, choices: { store: null } }).secret).toEqual({ kind: "keychain", name: "work-8" });
    expect(place({ choices: { store: null } })).toMatchObject({ choosable: true });
  });

  test("one without a name is taken for that of the name in the URL", () => {
    expect(put({ users: ["ana"], known: [account("work")] })).toMatchObject({
      name: "work",
      username: "ana",
    });
  });

  test("another person's stays, and is gone before only here", () => {
    const known = [account("bob", { email: "bob@acme.example" })];
    const ground = { known, choices: { email: "ana@acme.example" } };
    expect(put(ground)).toMatchObject({ reach: ACME, email: "ana@acme.example" });
    expect(put(ground).name).not.toBe("bob");
    expect(dropped(ground)).toEqual([]);
    expect(put({ users: ["ana"], known: [account("bob", { username: "bob" })] })).toMatchObject({
      name: "ana",
      reach: null,
    });
  });

  test("one that lives, and is refused for this repository alone, stays as well", () => {
    const ground: Ground = { known: [account("ana")], found: ["repository-not-accessible"] };
    expect(put(ground)).toMatchObject({ name: "acme", reach: ACME });
    expect(dropped(ground)).toEqual([]);
  });

  test("a closer one of another kind gives way, because nothing would go before it", () => {
    const known = [account("acme/site", { kind: "access-token", reach: ACME_SITE })];
    expect(put({ known })).toMatchObject({ name: "acme/site", kind: "api-token", reach: ACME_SITE });
  });

  test("no name is taken twice", () => {
    const known = [account("ana", { username: "eve", reach: { workspace: "other", repository: null } })];
    expect(put({ users: ["ana"], known }).name).toBe("ana-2");
  });

  test("one whose token is good needs no other", () => {
    const ground = { known: [account("ana")], accepted: ["ana"], choices: { store: null } };
    expect(placed(ground).ready).toBe(true);
    expect(stepsOf(ground).map(({ kind }) => kind)).toEqual(["add-config"]);
    expect(placed({ ...ground, choices: {} }).ready).toBe(false);
  });
});

test("a list that cannot be used is the reason", () => {
  const broken = [refused(null)];
  const places = { ...placesWith([]), own: { trouble: "`x` is damaged" } };
  const found = placeInHelper(
    broken,
    { netrc: [], config: [], outcomes: broken, diagnosis: { findings: [] } },
    CHOICES,
    places,
  );
  expect(found).toEqual({ noPlace: "`x` is damaged", choosable: false });
});
