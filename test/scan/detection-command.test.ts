/** The whole set of detection, as files on a disk, through the command: the same build and settings that are fast. */
import { expect, test } from "bun:test";
import type { Report } from "../../src/core/report.ts";
import { makeSandbox } from "../sandbox.ts";
import { plantAll } from "./detection.ts";
import { around, harmlessTexts, VARIABLES } from "./detection-harmless.ts";

test("every credential of the set is found, with its file, line and kind, and none is printed", async () => {
  await using box = makeSandbox();
  const planted = plantAll().map((one, at) => ({ ...one, file: `planted/${at}${one.path}` }));
  for (const { file, bytes } of planted) box.write(file, bytes);
  const { stdout } = await box.rekey(["scan", "--json", box.home]);
  const { findings } = JSON.parse(stdout) as Report;
  const found = new Set(
    findings.map(({ location, credential }) => `${location?.file}:${location?.line} ${credential?.kind}`),
  );
  const missed = planted
    .map(({ file, line, kind }) => `${box.path(file)}:${line} ${kind}`)
    .filter((one) => !found.has(one));
  expect(missed).toEqual([]);
  for (const { secret } of planted) expect(stdout).not.toContain(secret);
});

test("of what is harmless nothing is more than a note", async () => {
  await using box = makeSandbox();
  const texts = [...harmlessTexts(), ...VARIABLES.flatMap((value) => around(value))];
  for (const [at, { path, text }] of texts.entries()) box.write(`harmless/${at}${path}`, text);
  const { stdout } = await box.rekey(["scan", "--json", box.home]);
  const { findings } = JSON.parse(stdout) as Report;
  const loud = findings.filter(({ severity }) => severity !== "note");
  expect(
    loud.map(
      ({ id, certainty, location }) =>
        `${id} ${certainty} ${location?.file.slice(box.home.length)}:${location?.line}`,
    ),
  ).toEqual([]);
});
