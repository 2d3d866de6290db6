import { expect, test } from "bun:test";
import manifest from "../../package.json";
import { VERSION } from "../../src/core/version.ts";
import { textOf } from "./tree.ts";

test("the version is the same everywhere", () => {
  expect(VERSION).toBe(manifest.version);
  expect(JSON.parse(textOf("package-lock.json")).version).toBe(VERSION);
  expect(textOf("CHANGELOG.md")).toContain(`## [${VERSION}]`);
});

test("every package is pinned to one version", () => {
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
    expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
});
