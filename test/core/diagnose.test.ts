/** From checks to findings, and from findings to an exit code. */
import { describe, expect, test } from "bun:test";
import { answer, outcome, remoteUrl, route, source } from "../../src/checks/example.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRoute } from "../../src/checks/example-ssh.ts";
import type { AnyCheck } from "../../src/core/check.ts";
import { diagnose } from "../../src/core/diagnose.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { CheckId } from "../../src/core/ids.ts";
import { exitCodeOf, reportRemotes } from "../../src/core/report.ts";
import { type Gathered, type Setup, Unavailable } from "../../src/core/setup.ts";

function finding(id: CheckId, more: Partial<Finding> = {}): Finding {
  const words = { title: id, what: "", why: "", next: "" };
  return {
    id,
    severity: "error",
    confidence: "certain",
    cause: true,
    ...words,
    location: null,
    evidence: [],
    remedy: null,
    ...more,
  };
}

function check(id: CheckId, run: AnyCheck["run"], needs: readonly (keyof Setup)[] = []): AnyCheck {
  const words = { what: "", why: "", next: "" };
  const examples = () => ({ broken: [{} as Setup], healthy: [{} as Setup] }) as const;
  return { id, title: id, needs, run, describe: () => words, examples, also: [] };
}

const GATHERED = {
  git: { text: "git version 2", version: null },
  config: new Unavailable("`git config` failed"),
} as unknown as Gathered;

const NOTHING_MORE = { answers: [], rest: [], ssh: null } as const;

describe("diagnose", () => {
  test("causes first, then severity, confidence, and the order of the checks", () => {
    const order: [CheckId, Partial<Finding>][] = [
      ["scope-excessive", { severity: "note", confidence: "possible", cause: false }],
      ["token-refused", { severity: "error", confidence: "certain", cause: false }],
      ["netrc-shadows", { severity: "note" }],
      ["token-expired", { severity: "error", confidence: "possible" }],
      ["app-password-sent", { severity: "warning" }],
      ["helper-missing", {}],
      ["no-credential", {}],
    ];
    const checks = order.map(([id, more]) => check(id, () => [finding(id, more)]));
    expect(diagnose(checks, GATHERED).findings.map(({ id }) => id)).toEqual([
      "helper-missing",
      "no-credential",
      "token-expired",
      "app-password-sent",
      "netrc-shadows",
      "token-refused",
      "scope-excessive",
    ]);
  });

  test("nothing found is ruled out; what cannot tell, crashes or lacks a part was not looked at", () => {
    const seen: unknown[] = [];
    const checks = [
      check("token-expired", () => []),
      check("token-refused", () => ({ cannotTell: "nobody answered" })),
      check("helper-missing", () => {
        throw new Error("oh");
      }),
      check("netrc-shadows", () => [finding("netrc-shadows")], ["config"]),
      check(
        "git-too-old",
        (setup) => {
          seen.push(Object.keys(setup));
          return [];
        },
        ["git"],
      ),
    ];
    const { findings, ruledOut, notLooked } = diagnose(checks, GATHERED);
    expect(findings).toEqual([]);
    expect(ruledOut).toEqual(["token-expired", "git-too-old"]);
    expect(seen).toEqual([["git"]]);
    expect(notLooked).toEqual([
      { id: "token-refused", reason: "nobody answered" },
      { id: "helper-missing", reason: "the check itself failed (oh)" },
      { id: "netrc-shadows", reason: "`git config` failed" },
    ]);
  });
});

describe("a fault that shows in several places", () => {
  const found = check("netrc-shadows", () => [finding("netrc-shadows")]);
  const silent = check("netrc-shadows", () => []);
  const blind = check("netrc-shadows", () => [], ["config"]);
  const judged = (first: AnyCheck, ...also: AnyCheck[]) => {
    const { findings, ruledOut, notLooked } = diagnose([{ ...first, also }], GATHERED);
    return [findings.length, ruledOut.length, notLooked.length];
  };

  test("is found by any, also where another cannot look", () => {
    expect(judged(silent, found)).toEqual([1, 0, 0]);
    expect(judged(blind, found)).toEqual([1, 0, 0]);
    expect(judged(found, blind, found)).toEqual([2, 0, 0]);
  });

  test("is ruled out by all", () => {
    expect(judged(silent, silent)).toEqual([0, 1, 0]);
    expect(judged(silent, blind)).toEqual([0, 0, 1]);
    expect(judged(blind, silent)).toEqual([0, 0, 1]);
  });
});

describe("exit code", () => {
  const refused = outcome(source("helper"), answer(410));
  const unknown = outcome(source("helper"), answer(503));
  const well = outcome(source("helper"), answer(200));
  const pushed = (one: typeof refused) => ({ ...one, route: route({ direction: "push" }) });
  const code = (
    findings: Finding[],
    outcomes: (typeof refused)[] = [],
    overSsh: Parameters<typeof exitCodeOf>[2] = [],
  ) => exitCodeOf({ findings }, outcomes, overSsh);

  test("0 is healthy", () => {
    expect(code([])).toBe(0);
    expect(code([], [well, pushed(refused)])).toBe(0);
    expect(code([finding("scope-excessive", { severity: "note" })], [well])).toBe(0);
    expect(code([], [pushed(unknown)])).toBe(0);
  });

  test("1 is a fault, with a name or without", () => {
    expect(code([finding("app-password-sent")])).toBe(1);
    expect(code([finding("token-expired", { severity: "warning" })], [well])).toBe(1);
    expect(code([], [refused])).toBe(1);
    expect(code([finding("service-unavailable"), finding("app-password-sent")], [unknown])).toBe(1);
  });

  test("a push that was set up for itself counts like a fetch", () => {
    const alone = (one: typeof refused) => ({ ...one, route: route({ direction: "push", pushOnly: true }) });
    expect([refused, unknown, well].map((one) => code([], [alone(one)]))).toEqual([1, 3, 0]);
  });

  test("what goes over SSH counts like the rest", () => {
    const states = ["ok", "refused", "unknown"] as const;
    const overSsh = (direction: "fetch" | "push", pushOnly = false) =>
      states.map((state) =>
        code([], [well], [sshOutcome({ state, route: sshRoute({ direction, pushOnly }) })]),
      );
    expect(overSsh("fetch")).toEqual([0, 1, 3]);
    expect(overSsh("push")).toEqual([0, 0, 0]);
    expect(overSsh("push", true)).toEqual([0, 1, 3]);
    // `git rekey doctor git@bitbucket.org:…`
    expect(code([], [], [sshOutcome({ state: "refused", route: sshRoute({ entry: null }) })])).toBe(1);
  });

  test("3 is: nobody can know", () => {
    for (const id of [
      "service-unavailable",
      "host-unreachable",
      "proxy-refused",
      "rate-limited",
      "tls-untrusted",
    ] as const) {
      expect(code([finding(id)], [unknown])).toBe(3);
    }
    expect(code([], [unknown])).toBe(3);
  });

  test("a remote is as bad as its worst URL", () => {
    const fetch = route();
    const pushes = [route({ direction: "push" }), route({ direction: "push", url: remoteUrl("bob") })];
    const outcomes = [
      outcome(source("helper"), answer(200), { route: fetch }),
      ...pushes.map((one, index) =>
        outcome(source("helper"), answer(index === 0 ? 200 : 401), { route: one }),
      ),
    ];
    const others = [
      route({ purpose: "lfs", remote: null }),
      route({ remote: "up", url: { ...remoteUrl(), isBitbucket: false } }),
    ];
    expect(reportRemotes([fetch, ...pushes, ...others], outcomes, NOTHING_MORE)).toEqual([
      {
        name: "origin",
        url: "https://bitbucket.org/acme/site.git",
        fetch: "ok",
        push: "refused",
        token: null,
        accessToken: null,
        ssh: null,
      },
      {
        name: "up",
        url: "https://bitbucket.org/acme/site.git",
        fetch: "unknown",
        push: "unknown",
        token: null,
        accessToken: null,
        ssh: null,
      },
    ]);
  });

  test("a remote over SSH, and a push over SSH beside a fetch over HTTPS", () => {
    const [fetch, push] = [route(), sshRoute({ direction: "push" })];
    const alias = sshRoute({ remote: "work", url: { ...sshRoute().url, user: null, host: "bb-work" } });
    const other = sshRoute({ remote: "other", url: { ...sshRoute().url, host: "git.acme.example" } });
    const named = sshDestination({ name: "bb-work", user: null, attempt: sshAttempt({ as: "access-key" }) });
    const elsewhere = sshDestination({ name: "git.acme.example", isBitbucket: false, attempt: null });
    const view = ssh({
      destinations: [sshDestination(), named, elsewhere],
      outcomes: [
        sshOutcome({ route: push }),
        sshOutcome({ route: alias, destination: "bb-work" }),
        // How it would be, were it over SSH.
        sshOutcome({ route: fetch, state: "refused" }),
      ],
    });
    const outcomes = [outcome(source("helper"), answer(200), { route: fetch })];
    const remotes = reportRemotes([fetch, push, alias, other], outcomes, { ...NOTHING_MORE, ssh: view });
    expect(remotes.map(({ fetch, push, ssh }) => [fetch, push, ssh?.name ?? null, ssh?.as ?? null])).toEqual([
      ["ok", "ok", "bitbucket.org", "person"],
      ["ok", "unknown", "bb-work", "access-key"],
      ["unknown", "unknown", null, null],
    ]);
  });
});
