import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { waysPage } from "../../build/docs.ts";
import { type Advice, advise, commandFor, type Situation, WHY } from "../../src/core/advice.ts";
import { ADVICE_EXAMPLES } from "../../src/core/advice-examples.ts";
import { adviceReport } from "../../src/core/advice-report.ts";
import { WAYS } from "../../src/core/ways.ts";

const TOOL = { name: "git-rekey", version: "0.0.0" } as const;

/** Every situation there is. */
const ALL: readonly Situation[] = (["desk", "server", "ci", "pipelines"] as const).flatMap((machine) =>
  [true, false].flatMap((push) =>
    (["one", "many"] as const).flatMap((repositories) =>
      [true, false].flatMap((rest) =>
        (["works", "open", "open-443", "closed", "no-client", "forbidden", "unknown"] as const).map(
          (ssh) => ({
            machine,
            push,
            repositories,
            rest,
            ssh,
          }),
        ),
      ),
    ),
  ),
);

test("there are enough examples, each of a situation of its own", () => {
  expect(ADVICE_EXAMPLES.length).toBeGreaterThanOrEqual(30);
  const situations = ADVICE_EXAMPLES.map(({ situation }) => JSON.stringify(situation));
  expect(new Set(situations).size).toBe(situations.length);
});

for (const { title, situation, advice } of ADVICE_EXAMPLES) {
  test(`${situation.machine}: ${title}`, () => {
    expect(advise(situation)).toEqual(advice);
  });
}

test("every reason has an example", () => {
  const shown = new Set(ADVICE_EXAMPLES.map(({ advice }) => advice.reason));
  expect([...shown].sort()).toEqual((Object.keys(WHY) as Advice["reason"][]).sort());
});

test("an access key is never advised where pushing is wanted, nor SSH where it cannot be or for REST", () => {
  for (const situation of ALL) {
    const { way, reason } = advise(situation);
    if (reason === "key-only-reads" || reason === "pipelines-have-a-key") expect(situation.push).toBe(false);
    if (way !== "ssh") continue;
    expect(situation.rest).toBe(false);
    // Pipelines' own key does not depend on what is installed in the step.
    if (situation.machine === "pipelines") continue;
    expect(["closed", "no-client", "forbidden"], JSON.stringify(situation)).not.toContain(situation.ssh);
  }
});

test("the advised way is one of those listed, and open", () => {
  for (const situation of ALL) {
    const { advice, ways } = adviceReport(situation, TOOL);
    const advised = ways.filter((way) => way.advised);
    expect(advised.length, JSON.stringify(situation)).toBe(advice.way === "none" ? 0 : 1);
    if (situation.machine !== "pipelines") expect(advised.map(({ closed }) => closed)).toEqual([null]);
    expect(advice.command).toBe(commandFor(advice, situation));
  }
  expect(new Set(WAYS.map(({ id }) => id)).size).toBe(WAYS.length);
});

test("docs/ways.md is what `npm run docs` writes", () => {
  const page = readFileSync(join(import.meta.dir, "../../docs/ways.md"), "utf8");
  expect(page).toBe(waysPage());
});
