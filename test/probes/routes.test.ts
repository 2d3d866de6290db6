/** Ways to a repository that are no remote: URLs in the place of one, and URLs by themselves. */
import { afterAll, expect, test } from "bun:test";
import { readConfig } from "../../src/probes/config.ts";
import { readEnvironment } from "../../src/probes/environment.ts";
import { standInRepository } from "../../src/probes/place.ts";
import { readRoutes, routesOfUrl } from "../../src/probes/routes.ts";
import { Somebody } from "../core/real-git.ts";
import { eyesOf } from "./eyes.ts";

const somebody = new Somebody();
afterAll(() => somebody[Symbol.dispose]());

const ENV = { PATH: process.env.PATH ?? "", HOME: somebody.home, GIT_CONFIG_NOSYSTEM: "1" };

async function look(config: string) {
  somebody.configure(config);
  const eyes = eyesOf(ENV, somebody.repository);
  const stand = await standInRepository(eyes, somebody.repository);
  if (!("place" in stand)) throw new Error(stand.reason);
  const entries = await readConfig(eyes, stand);
  if (!Array.isArray(entries)) throw new Error("the configuration could not be read");
  return { eyes, stand, entries };
}

const REWRITES = `[url "https://f@bitbucket.org/"]
	insteadOf = bb://
[url "https://p@bitbucket.org/"]
	pushInsteadOf = bb://
`;

test("`branch.<name>.remote` and `remote.pushDefault` may be URLs, and are rewritten like those of a remote", async () => {
  const { eyes, stand, entries } = await look(
    `${REWRITES}[branch "main"]\n\tremote = bb://acme/site\n[branch "x"]\n\tremote = origin\n[remote]\n\tpushDefault = bb://acme/fork\n`,
  );
  const routes = await readRoutes(eyes, stand, entries);
  expect(routes.map(({ route, rawUrl }) => `${route.direction} ${rawUrl}`)).toEqual([
    "fetch https://f@bitbucket.org/acme/site",
    "push https://p@bitbucket.org/acme/site",
    "push https://p@bitbucket.org/acme/fork",
  ]);
});

test("a URL by itself", async () => {
  const { eyes, entries } = await look(REWRITES);
  const urls = routesOfUrl(eyes, entries, "bb://acme/site").map(({ route, rawUrl }) => [
    route.direction,
    rawUrl,
  ]);
  expect(urls).toEqual([
    ["fetch", "https://f@bitbucket.org/acme/site"],
    ["push", "https://p@bitbucket.org/acme/site"],
  ]);
});

test("no terminal where Git is told not to ask, in any of its words", () => {
  for (const [value, asks] of [
    ["0", false],
    ["false", false],
    ["no", false],
    ["1", true],
    ["true", true],
  ] as const) {
    expect(readEnvironment(eyesOf({ ...ENV, GIT_TERMINAL_PROMPT: value }), [], true).hasTerminal).toBe(asks);
  }
  expect(readEnvironment(eyesOf(ENV), [], true).hasTerminal).toBe(true);
  expect(readEnvironment(eyesOf(ENV), [], false).hasTerminal).toBe(false);
});
