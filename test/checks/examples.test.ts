import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { CHECKS as REGISTRY } from "../../src/checks/index.ts";
import type { AnyCheck } from "../../src/core/check.ts";
import type { Finding } from "../../src/core/finding.ts";
import { CHECK_IDS } from "../../src/core/ids.ts";
import type { Choices } from "../../src/core/plan.ts";
import type { Setup } from "../../src/core/setup.ts";

/** Faults that no observation shows; only other programs' output does. */
const ONLY_TOLD = ["branch-restricted", "rest-endpoint-removed"];

/** Those of the registry, each with what recognises the same fault elsewhere. */
const CHECKS = REGISTRY.flatMap((check) => [check, ...check.also]);

const CANARY = "canary-hunter2-in-the-clear";

const CHOICES: readonly Choices[] = (["remote", "access-token", "forget"] as const).flatMap((way) =>
  ([null, "git-store", "own-helper", "netrc", "prompt"] as const).map((store) => ({
    with: way,
    kind: way === "access-token" ? ("access-token" as const) : ("api-token" as const),
    store,
    email: null,
    expires: null,
    push: true,
    accept: [],
  })),
);

function findings(check: AnyCheck, setup: Setup): readonly Finding[] {
  const result = check.run(setup);
  return "cannotTell" in result ? [] : result;
}

/** The same set-up, with a secret's own text smuggled into every shape of one. */
function withCanary<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withCanary) as T;
  if (typeof value !== "object" || value === null) return value;
  const copy = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withCanary(part)]));
  return ("ref" in copy && "checksum" in copy ? { ...copy, text: CANARY } : copy) as T;
}

function expectSound(words: { title?: string; what: string; why: string; next: string }): void {
  for (const [name, text] of Object.entries(words)) {
    expect(text.trim(), name).toBe(text);
    expect(text, name).not.toBe("");
    expect(text, name).not.toContain("!");
    expect(text, name).not.toMatch(/undefined|\[object|NaN|\bnull\b|``| {2}/);
    expect(text.split("`").length % 2, `backticks of ${name}: ${text}`).toBe(1);
  }
  for (const text of [words.title ?? "", words.what]) expect(text).not.toMatch(/\.$/);
}

const ALL: readonly [AnyCheck, Setup][] = CHECKS.flatMap((check) => {
  const { broken, healthy } = check.examples();
  return [...broken, ...healthy].map((setup): [AnyCheck, Setup] => [check, setup]);
});

describe("the registry", () => {
  test("names every check once, by a known id, in a file of that name", () => {
    const ids = REGISTRY.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(CHECK_IDS as readonly string[]).toContain(id);
      expect(existsSync(resolve(import.meta.dir, `../../src/checks/${id}.ts`)), id).toBe(true);
    }
  });

  test("has nothing under an id that is about another", () => {
    for (const { id, also } of REGISTRY) expect(also.map((one) => one.id)).toEqual(also.map(() => id));
  });

  test("has a check for every id", () => {
    expect(CHECK_IDS.filter((id) => !CHECKS.some((check) => check.id === id))).toEqual([]);
  });
});

for (const check of CHECKS) {
  describe(check.id, () => {
    const { broken, healthy } = check.examples();

    test("describes itself without a machine", () => {
      expectSound({ title: check.title, ...check.describe() });
    });

    if (ONLY_TOLD.includes(check.id)) {
      test("says that it cannot tell", () => {
        for (const setup of broken) expect(check.run(setup)).toHaveProperty("cannotTell");
      });
      return;
    }

    test("finds itself in what is broken", () => {
      for (const [index, setup] of broken.entries()) {
        const found = findings(check, setup);
        expect(found.length, `broken ${index}`).toBeGreaterThan(0);
        for (const finding of found) {
          expect(finding.id).toBe(check.id);
          expect(finding.evidence.length, "evidence").toBeGreaterThan(0);
        }
      }
    });

    test("finds nothing in what is healthy", () => {
      for (const [index, setup] of healthy.entries())
        expect(findings(check, setup), `healthy ${index}`).toEqual([]);
    });
  });
}

describe("on the examples of all checks, with a secret smuggled in,", () => {
  for (const check of CHECKS) {
    test(`${check.id} does not throw, speaks well and gives nothing away`, () => {
      for (const [owner, setup] of ALL) {
        if (!check.needs.every((key) => key in setup)) continue;
        for (const finding of findings(check, withCanary(setup))) {
          const { title, what, why, next, remedy } = finding;
          expectSound({ title, what, why, next });
          const steps = CHOICES.map((choices) => remedy?.steps(choices) ?? []);
          for (const step of steps.flat()) expect(step.answers, owner.id).toBe(check.id);
          const shown = JSON.stringify([finding, steps]);
          expect(shown, owner.id).not.toContain(CANARY);
          expect(shown, owner.id).not.toMatch(/(ATBB|ATATT|ATCTT|BBDC-)[A-Za-z0-9]{6}/);
        }
      }
    });
  }
});
