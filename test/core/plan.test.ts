/** Where a new token goes, and which steps lead there. */
import { describe, expect, test } from "bun:test";
import { answer, configEntry, outcome, secret, source } from "../../src/checks/example.ts";
import type { Finding } from "../../src/core/finding.ts";
import { type MadePlan, makePlan, type PlanInput } from "../../src/core/make-plan.ts";
import { placeToken } from "../../src/core/placement.ts";
import type { Placement, Places } from "../../src/core/placement-parts.ts";
import type { Choices, PlannedStep, Step } from "../../src/core/plan.ts";
import type { ConfigEntry, NetrcFile, Source } from "../../src/core/setup.ts";

const PLACES: Places = {
  globalConfig: "/home/ana/.gitconfig",
  localConfig: "/srv/site/.git/config",
  worktreeConfig: null,
  storeFile: "/home/ana/.git-credentials",
  home: "/home/ana",
  own: {
    accounts: "/home/ana/.config/git-rekey/accounts.json",
    tokens: "/home/ana/.local/share/git-rekey/tokens",
    taken: [],
    helper: "/usr/bin/git-credential-rekey",
    known: [],
    accepted: [],
  },
};
const API = "x-bitbucket-api-token-auth";

const choose = (more: Partial<Choices> = {}): Choices => ({
  with: "remote",
  kind: more.with === "access-token" ? "access-token" : "api-token",
  store: null,
  email: null,
  expires: null,
  push: false,
  accept: [],
  ...more,
});
const helper = (label: string, more: Partial<Source> = {}) =>
  source("helper", { label, helper: label, stored: null, ...more });
const broken = (...sources: Source[]) => {
  const used = sources.find(({ state }) => state === "answers") ?? null;
  return outcome(used, answer(410), { sources, state: "refused" });
};

interface Ground {
  sources?: Source[];
  netrc?: NetrcFile[];
  config?: ConfigEntry[];
  places?: Partial<Places>;
  choices?: Partial<Choices>;
}

function place({ sources = [], netrc = [], config = [], places = {}, choices = {} }: Ground) {
  const outcomes = [broken(...sources)];
  return placeToken(outcomes, { netrc, config, outcomes }, choose(choices), { ...PLACES, ...places });
}

function placed(ground: Ground): Placement {
  const found = place(ground);
  if ("noPlace" in found) throw new Error(found.noPlace);
  return found;
}

const stepsOf = (steps: readonly PlannedStep[]): Step[] => steps.map(({ step }) => step);
const put = (file: string, username = API): Step => ({
  kind: "put-stored",
  file,
  host: "bitbucket.org",
  path: null,
  username,
  password: "newToken",
});
const scoped = (file: string, ...helpers: string[]): Step => ({
  kind: "add-config",
  file,
  section: "credential",
  subsection: "https://bitbucket.org",
  lines: ["", ...helpers].map((value) => ({ name: "helper", value })),
});

const NETRC = (machine: string | null): NetrcFile => ({
  file: "/home/ana/.netrc",
  mode: 0o600,
  entries: [{ machine, login: "ana", secret: secret("app-password"), line: 1, occurrence: 0 }],
});
const fromNetrc = source("netrc", { stored: { file: "/home/ana/.netrc", line: 1, scope: null } });

describe("the place", () => {
  test("the file of `store`: the default, its own, where an entry is already", () => {
    expect(stepsOf(placed({ sources: [helper("store", { state: "silent" })] }).steps)).toEqual([
      put(PLACES.storeFile),
    ]);
    const own = helper("store", { state: "silent", keepsIn: "/home/ana/mine" });
    expect(stepsOf(placed({ sources: [own] }).steps)).toEqual([put("/home/ana/mine")]);
    const stored = helper("store", {
      stored: { file: "/home/ana/.config/git/credentials", line: 2, scope: null },
    });
    expect(stepsOf(placed({ sources: [stored] }).steps)).toEqual([put("/home/ana/.config/git/credentials")]);
  });

  test("another helper that keeps what it is given", () => {
    const found = placed({ sources: [helper("cache", { state: "silent", helper: "cache --timeout=900" })] });
    expect(stepsOf(found.steps)).toMatchObject([
      { kind: "helper-store", helper: "cache --timeout=900", username: API, path: null },
    ]);
    expect(found.proof).toEqual({ kind: "helper", helper: "cache --timeout=900" });
  });

  test("no place: none, one with opinions, one that is missing, one only the repository brings", () => {
    const untrusted = configEntry("credential.helper", "store --file /tmp/x", { fromRepository: true });
    const NONE: Source[][] = [
      [],
      [helper("manager", { state: "not-asked" })],
      [helper("store", { state: "missing" })],
      [helper("cache", { state: "failed" })],
      [helper("store", { helper: "store --file /tmp/x", entry: untrusted })],
    ];
    for (const sources of NONE) expect(place({ sources })).toMatchObject({ choosable: true });
  });

  test("--store git-store: its own section, once", () => {
    const choices = { store: "git-store" } as const;
    expect(stepsOf(placed({ choices }).steps)).toEqual([
      scoped(PLACES.globalConfig, "store"),
      put(PLACES.storeFile),
    ]);
    const key = "credential.https://bitbucket.org.helper";
    const config = [configEntry(key, ""), configEntry(key, "store", { occurrence: 1 })];
    expect(stepsOf(placed({ choices, config }).steps)).toEqual([put(PLACES.storeFile)]);
  });

  test("--store prompt: nowhere, and helpers are forgotten", () => {
    const choices = { store: "prompt" } as const;
    expect(placed({ choices })).toMatchObject({ steps: [], proof: { kind: "ask" }, pinUser: true });
    const found = placed({ choices, sources: [helper("store")] });
    expect(stepsOf(found.steps)).toEqual([scoped(PLACES.localConfig ?? "")]);
    const without = placed({ choices, sources: [helper("store")], places: { localConfig: null } });
    expect(stepsOf(without.steps)).toEqual([scoped(PLACES.globalConfig)]);
  });

  test("netrc answers first, so it gets the token, whatever else is there", () => {
    const netrc = [NETRC("bitbucket.org")];
    const found = placed({ sources: [fromNetrc, helper("store")], netrc, choices: { store: "git-store" } });
    expect(stepsOf(found.steps)).toMatchObject([
      { kind: "set-netrc", entry: { machine: "bitbucket.org", occurrence: 0 }, login: API },
    ]);
    expect(found.proof).toEqual({ kind: "netrc" });
    expect(place({ sources: [fromNetrc], netrc, choices: { store: "prompt" } })).toMatchObject({
      choosable: false,
    });
  });

  test("netrc's `default` only with a person's word", () => {
    const ground = { sources: [fromNetrc], netrc: [NETRC(null)] };
    expect(place(ground)).toMatchObject({
      choosable: false,
      noPlace: expect.stringContaining("--accept netrc-shadows"),
    });
    const found = placed({ ...ground, choices: { accept: ["netrc-shadows"] } });
    expect(stepsOf(found.steps)).toMatchObject([{ kind: "set-netrc", entry: { machine: null } }]);
  });

  test("an access token gets a file that only sections about its repository name", () => {
    const choices = { with: "access-token" } as const;
    const file = "/home/ana/.git-credentials-acme-site";
    const named = `store --file '${file}'`;
    const sections = ["https://bitbucket.org/acme/site.git", "https://bitbucket.org/acme/site"];
    const lines = [
      { name: "helper", value: "" },
      { name: "helper", value: named },
      { name: "useHttpPath", value: "true" },
    ];
    const kept = ["acme/site.git", "acme/site", "acme/site.git/info/lfs"].map((path) => ({
      ...put(file, "x-token-auth"),
      path,
    }));
    for (const [localConfig, into] of [
      [PLACES.localConfig, PLACES.localConfig],
      [null, PLACES.globalConfig],
    ])
      expect(
        stepsOf(
          placed({ choices, sources: [helper("store")], places: { localConfig: localConfig ?? null } }).steps,
        ),
      ).toEqual([
        ...sections.map((subsection) => ({
          kind: "add-config" as const,
          file: into ?? "",
          section: "credential",
          subsection,
          lines,
        })),
        ...kept,
      ]);
    const config = lines.map(({ name, value }) =>
      configEntry(`credential.${sections[0]}.${name.toLowerCase()}`, value, { scope: "local" }),
    );
    expect(stepsOf(placed({ choices, config }).steps)).toEqual(kept);
    expect(place({ choices, sources: [helper("cache")] })).toMatchObject({ choosable: true });
  });
});

const drop = (username: string): PlannedStep => ({
  phase: "cleanUp",
  safety: "safe",
  answers: "app-password-sent",
  step: {
    kind: "drop-stored",
    file: PLACES.storeFile,
    entry: { host: "bitbucket.org", username, path: null, occurrence: 0 },
  },
});
const unset = (safety: PlannedStep["safety"], key: string): PlannedStep => ({
  phase: "change",
  safety,
  answers: null,
  step: { kind: "unset-config", file: PLACES.globalConfig, entry: { key, occurrence: 0 } },
});

function finding(steps: PlannedStep[], more: Partial<Finding> = {}): Finding {
  const words = { title: "", what: "", why: "", next: "", location: null, evidence: [] };
  const remedy = { safety: "safe", summary: "a remedy", needsToken: true, steps: () => steps } as const;
  return {
    id: "app-password-sent",
    severity: "error",
    confidence: "certain",
    cause: true,
    ...words,
    remedy,
    ...more,
  };
}

function plan(
  findings: Finding[],
  choices: Partial<Choices> = {},
  sources = [helper("store", { state: "silent" })],
): MadePlan {
  const input: PlanInput = {
    diagnosis: { findings, ruledOut: [], notLooked: [] },
    outcomes: [broken(...sources)],
    overSsh: [],
    netrc: [],
    stores: [],
    config: [],
    places: PLACES,
    target: { kind: "repository", path: "/srv/site" },
    tool: { name: "git-rekey", version: "0" },
    uid: 1000,
  };
  const made = makePlan(input, choose(choices));
  if ("noPlace" in made) throw new Error(made.noPlace);
  return made;
}

const kinds = ({ plan: { steps } }: MadePlan): string[] => steps.map(({ step }) => step.kind);

describe("the plan", () => {
  test("first what stands in the way, then the token, the proof, the cleaning up, the whole", () => {
    const steps = [drop("ana"), unset("safe", "http.extraheader")];
    expect(kinds(plan([finding(steps)]))).toEqual([
      "unset-config",
      "put-stored",
      "prove",
      "drop-stored",
      "verify",
    ]);
  });

  test("what two findings propose is done once", () => {
    const made = plan([
      finding([drop("ana"), unset("safe", "a.b")]),
      finding([unset("safe", "a.b"), drop("ana")]),
    ]);
    expect(kinds(made)).toEqual(["unset-config", "put-stored", "prove", "drop-stored", "verify"]);
  });

  test("the entry that the new token takes is spared", () => {
    expect(kinds(plan([finding([drop(API)])]))).toEqual(["put-stored", "prove", "verify"]);
    expect(kinds(plan([finding([drop("ana")])]))).toContain("drop-stored");
  });

  test("steps that ask need a person's word", () => {
    const asking = finding([unset("ask", "credential.username")], { id: "username-pinned-in-url" });
    const without = plan([asking]);
    expect(kinds(without)).not.toContain("unset-config");
    expect(without.unaccepted).toEqual([{ id: "username-pinned-in-url", summary: "a remedy" }]);
    const accepted = plan([asking], { accept: ["username-pinned-in-url"] });
    expect(kinds(accepted)).toContain("unset-config");
    expect(accepted.unaccepted).toEqual([]);
  });

  test("--with forget places no token and proves nothing", () => {
    const made = plan([finding([drop("ana")])], { with: "forget" });
    expect(kinds(made)).toEqual(["drop-stored"]);
    expect([made.plan.needsToken, made.where]).toEqual([false, null]);
  });

  test("the same input gives the same plan, and no secret is in it", () => {
    const made = [1, 2].map(() => JSON.stringify(plan([finding([drop("ana")])])));
    expect(made[0]).toBe(made[1] ?? "");
    expect(made[0]).not.toContain(secret("app-password").ref);
  });
});
