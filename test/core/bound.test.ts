/** What is about one repository alone, and what concerns others. */
import { describe, expect, test } from "bun:test";
import { outcome, remoteUrl, route, secret, source } from "../../src/checks/example.ts";
import { repositoryOf } from "../../src/core/bitbucket.ts";
import {
  canBeBound,
  pathsFor,
  sectionsFor,
  servedBy,
  sparesOthers,
  wantedFor,
} from "../../src/core/bound.ts";
import type { Choices, PlannedStep } from "../../src/core/plan.ts";
import type { Outcome, RemoteUrl } from "../../src/core/setup.ts";
import { splitUrl } from "../../src/core/split-url.ts";
import { matchUrl } from "../../src/core/url-match.ts";

const at = (path: string): RemoteUrl => ({ ...remoteUrl(), path, repository: repositoryOf(path) });

describe("the sections of one repository", () => {
  test.each([["/acme/site.git"], ["/acme/site"], ["/acme/site/"], ["/acme/site.git/info/lfs"]])(
    "%s: both spellings, each once",
    (path) => {
      expect(sectionsFor([at(path), at("/acme/site")])).toEqual([
        "https://bitbucket.org/acme/site.git",
        "https://bitbucket.org/acme/site",
      ]);
      expect(pathsFor([at(path)])).toEqual(["acme/site.git", "acme/site", "acme/site.git/info/lfs"]);
    },
  );

  test.each([
    ["acme/site.git/info/lfs", true],
    ["acme/site", true],
    ["acme/site-two", false],
    ["acme/site.gitx", false],
    ["acme/sit", false],
    ["acme", false],
    ["other/site.git", false],
  ])("%s: %p", (path, fits) => {
    const url = splitUrl(`https://x-token-auth@bitbucket.org/${path}`);
    const sections = sectionsFor([at("/acme/site.git")]);
    expect(sections.some((one) => url !== null && matchUrl(one, url) !== null)).toBe(fits);
  });

  test.each([
    ["/acme/site.git", true],
    ["/Acme/my_site-2.0", true],
    ["/{c0ffee}/{cafe}", true],
    ["/acme", false],
    ["//acme/site", false],
    ["/acme/..", false],
    ["/acme/site/x", false],
    ["/acme/si te", false],
    ['/acme/s"]', false],
    ["/acme/s\\nx", false],
    ["/acme/s\nx", false],
    ["/acme/*", false],
  ])("%j names a repository plainly: %p", (path, plain) => expect(canBeBound([at(path)])).toBe(plain));
});

const CHOICES: Choices = {
  with: "access-token",
  kind: "access-token",
  store: null,
  email: null,
  expires: null,
  push: false,
  accept: [],
};

function way(path: string, state: Outcome["state"], kind: "api-token" | "access-token"): Outcome {
  const used = source("helper", { secret: secret(kind) });
  const answer = { kind: "http", status: state === "ok" ? 200 : 401 } as never;
  return outcome(used, answer, { route: route({ url: at(path) }), state });
}

const paths = (outcomes: readonly Outcome[]) => outcomes.map((one) => one.route.url.path);

describe("what a token is wanted for", () => {
  const site = way("/acme/site.git", "refused", "api-token");
  const again = way("/Acme/Site", "refused", "api-token");
  const docs = way("/acme/docs.git", "refused", "api-token");
  const works = way("/acme/site.git", "ok", "api-token");
  const has = way("/acme/site.git", "ok", "access-token");

  test("an access token serves the first repository, any other token everything", () => {
    const { served, others } = servedBy(CHOICES, [site, docs, again]);
    expect([paths(served), paths(others)]).toEqual([["/acme/site.git", "/Acme/Site"], ["/acme/docs.git"]]);
    expect(servedBy({ kind: "api-token" }, [site, docs]).others).toEqual([]);
  });

  test.each<[string, Outcome[], Choices["kind"], Outcome[]]>([
    ["what is refused", [works, docs], "access-token", [docs]],
    ["what works with another token, where one is asked for", [works], "access-token", [works]],
    ["nothing, where the first has one", [has, way("/acme/docs.git", "ok", "api-token")], "access-token", []],
    ["nothing, where no access token is asked for", [works], "api-token", []],
  ])("%s", (_, outcomes, kind, wanted) => expect(wantedFor(outcomes, { ...CHOICES, kind })).toEqual(wanted));
});

describe("others are spared", () => {
  const repository = { workspace: "acme", repository: "site" };
  const entry = { host: "bitbucket.org", username: "ana", path: null, occurrence: 0 };
  const drop = (answers: PlannedStep["answers"]): PlannedStep => ({
    phase: "cleanUp",
    safety: "safe",
    answers,
    step: { kind: "drop-stored", file: "/s", entry },
  });
  const set = (to: string): PlannedStep => ({
    phase: "change",
    safety: "safe",
    answers: null,
    step: { kind: "set-config", file: "/c", entry: { key: "remote.x.url", occurrence: 0 }, to },
  });

  test.each([
    ["an app password is dead for all", drop("app-password-sent"), true],
    ["a token may open others", drop("token-refused"), false],
    ["this repository's URL", set("https://x-token-auth@bitbucket.org/Acme/site"), true],
    ["another's URL", set("https://x-token-auth@bitbucket.org/acme/docs.git"), false],
  ])("%s", (_, step, carried) => expect(sparesOthers(step, repository)).toBe(carried));
});
