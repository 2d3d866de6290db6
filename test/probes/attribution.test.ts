/** The credential git-rekey says Git ends on is the one that real git shows last, for every combination of sources. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Outcome } from "../../src/core/setup.ts";
import { Unavailable } from "../../src/core/setup.ts";
import { survey } from "../../src/probes/gather.ts";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";
import { eyesOf } from "./eyes.ts";

let box: EmulatedSandbox;
beforeAll(async () => {
  box = await withEmulator();
  await box.git(["init", "-q", box.path("site")]);
});
afterAll(() => box.remove());

/** Each source holds the credential of a label, under a user name that suits it. */
interface Sources {
  url?: string;
  urlUser?: string;
  header?: string;
  bearer?: string;
  netrc?: string;
  /** `default` instead of a machine. */
  netrcDefault?: string;
  helpers?: readonly string[];
  askpass?: string;
  repository?: string;
}

const userOf = (label: string): string => (label.startsWith("repository") ? "x-token-auth" : "ana");

function addressOf({ url, urlUser, repository = "acme/site" }: Sources): string {
  if (url !== undefined) return box.urlWith(userOf(url), url, repository);
  return `https://${urlUser === undefined ? "" : `${urlUser}@`}bitbucket.org/${repository}.git`;
}

function netrcOf({ netrc, netrcDefault }: Sources): string {
  const entry = (head: string, label: string) =>
    `${head} login ${userOf(label)} password ${box.emulator.secret(label)}\n`;
  if (netrc !== undefined) return entry("machine bitbucket.org", netrc);
  return netrcDefault === undefined ? "" : entry("default", netrcDefault);
}

function writeAll(sources: Sources): void {
  const { header, bearer, helpers = [] } = sources;
  const lines = [`[remote "origin"]\n\turl = ${addressOf(sources)}`];
  if (header !== undefined) {
    const pair = Buffer.from(`${userOf(header)}:${box.emulator.secret(header)}`).toString("base64");
    lines.push(`[http "https://bitbucket.org"]\n\textraHeader = "Authorization: Basic ${pair}"`);
  }
  if (bearer !== undefined)
    lines.push(`[http]\n\textraHeader = "Authorization: Bearer ${box.emulator.secret(bearer)}"`);
  for (const [index, label] of helpers.entries()) {
    const pair =
      label === "none"
        ? ""
        : `https://${userOf(label)}:${encodeURIComponent(box.emulator.secret(label))}@bitbucket.org\n`;
    lines.push(`[credential]\n\thelper = store --file ${box.write(`store-${index}`, pair, 0o600)}`);
  }
  box.write(
    "site/.git/config",
    `[core]\n\trepositoryformatversion = 0\n\tbare = false\n${lines.join("\n")}\n`,
  );
  box.write(".netrc", netrcOf(sources), 0o600);
}

/** What git showed last, and how it ended. */
async function gits(env: Readonly<Record<string, string>>) {
  box.emulator.clearLog();
  const { code } = await box.git(["ls-remote", "origin"], {
    cwd: "site",
    env: { GIT_TERMINAL_PROMPT: "0", ...env },
  });
  const last = box.emulator.log.at(-1);
  return { label: last?.credential ?? null, user: last?.user ?? null, ok: code === 0 };
}

async function ours(
  env: Readonly<Record<string, string>>,
  offline = false,
): Promise<{ outcome: Outcome; label: string | null }> {
  const eyes = eyesOf({ ...box.env, ...env }, box.path("site"));
  const inquiry = {
    ownHelper: "",
    target: ".",
    offline,
    email: null,
    runHelpers: false,
    trustRepository: false,
    hasTerminal: false,
    push: false,
  };
  const { gathered } = await survey(eyes, inquiry);
  const outcomes = gathered.outcomes instanceof Unavailable ? [] : gathered.outcomes;
  const outcome = outcomes.find(({ route }) => route.direction === "fetch");
  if (!outcome) throw new Error("there is no outcome");
  const secret = outcome.last?.secret ?? outcome.used?.secret;
  const known = box.emulator.world.credentials.find(
    (one) => secret && one.secret === eyes.vault.reveal(secret),
  );
  return { outcome, label: known?.label ?? null };
}

const GOOD = "api-token";
const STALE = "api-token-revoked";
const APP = "app-password";

const CASES: Readonly<Record<string, Sources>> = {
  nothing: {},
  "nothing, public": { repository: "acme/docs" },
  "a stale helper, public": { repository: "acme/docs", helpers: [STALE] },
  "a stale header, public": { repository: "acme/docs", header: STALE },
  "a stale URL, public": { repository: "acme/docs", url: STALE },
  "a good URL": { url: GOOD },
  "a stale URL before a good helper": { url: STALE, helpers: [GOOD] },
  "a URL with an app password before a good helper": { url: APP, helpers: [GOOD] },
  "a stale URL before a good netrc": { url: STALE, netrc: GOOD },
  "a good URL before a stale netrc": { url: GOOD, netrc: STALE },
  "a good netrc": { netrc: GOOD, helpers: [STALE] },
  "a stale netrc falls through to the helper": { netrc: STALE, helpers: [GOOD] },
  "a stale netrc falls through to a stale helper": { netrc: STALE, helpers: [APP, GOOD] },
  "netrc with an app password stops": { netrc: APP, helpers: [GOOD] },
  "netrc by default": { netrcDefault: GOOD, helpers: [STALE] },
  "netrc with an app password by default": { netrcDefault: APP, helpers: [GOOD] },
  "a stale netrc alone": { netrc: STALE },
  "netrc under the URL's user": { urlUser: "bob", netrc: GOOD },
  "a good helper": { helpers: [GOOD] },
  "a stale helper before a good one": { helpers: [STALE, GOOD] },
  "a silent helper before a good one": { helpers: ["none", GOOD, STALE] },
  "a helper with the URL's user": { urlUser: "ana", helpers: [GOOD] },
  "a stale header before everything": { header: STALE, url: GOOD, netrc: GOOD, helpers: [GOOD] },
  "a header with an app password": { header: APP, helpers: [GOOD] },
  "a good header before everything": { header: GOOD, url: STALE, netrc: STALE, helpers: [STALE] },
  "a good header of an access token": { bearer: "repository-token", helpers: [STALE] },
  "a helper with an access token": { helpers: ["repository-token"] },
  "an access token of another repository": { helpers: ["repository-token-docs"] },
  "a token without the scope": { netrc: "api-token-user-only", helpers: [GOOD] },
  "no such repository": { helpers: [GOOD], repository: "acme/nothing" },
  "no such repository, from netrc": { netrc: GOOD, helpers: [STALE], repository: "acme/nothing" },
};

describe("git and git-rekey agree", () => {
  for (const [name, sources] of Object.entries(CASES)) {
    test(name, async () => {
      writeAll(sources);
      // First ours: git takes stale entries out of the stores.
      const { outcome, label } = await ours({});
      const told = await gits({});
      const user = outcome.last?.user ?? null;
      const state = outcome.state === "ok";
      expect({ label, ok: state, user: label === null ? null : user }).toEqual({
        label: told.label,
        ok: told.ok,
        // The user of a bearer token is the token.
        user: told.label === null ? null : sources.bearer === undefined ? told.user : "",
      });
    });
  }
});

describe("what is not sent", () => {
  test("a user name alone is no credential: libcurl tries it with an empty password", async () => {
    writeAll({ urlUser: "bob", helpers: [GOOD] });
    const { outcome, label } = await ours({});
    expect([outcome.state, outcome.used, label]).toEqual(["refused", null, null]);
    expect(outcome.sources.find(({ kind }) => kind === "helper")?.state).toBe("silent");
    // The helper knows nothing for that name, so git ends there.
    expect((await gits({})).ok).toBe(false);
    expect(box.emulator.sawSecret(GOOD)).toBe(false);
  });

  test("offline the sources are known, and nothing is sent", async () => {
    writeAll({ netrc: STALE, helpers: [GOOD] });
    box.emulator.clearLog();
    const { outcome } = await ours({}, true);
    expect(box.emulator.log).toBeEmpty();
    expect([outcome.state, outcome.used?.kind]).toEqual(["unknown", "netrc"]);
    expect(outcome.sources.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
      "netrc answers",
      "helper answers",
      "terminal silent",
    ]);
  });

  test("a helper that was not asked leaves the end open, and what stands behind it unreached", async () => {
    writeAll({ helpers: [GOOD] });
    const asked = box.path("asked");
    const config = box.read("site/.git/config");
    box.write(
      ".gitconfig",
      `[credential]\n\thelper = "!touch ${asked}; echo username=x; echo password=$(cat /dev/null)y; :"\n`,
    );
    box.write("site/.git/config", config);
    const { outcome } = await ours({});
    box.write(".gitconfig", "");
    expect(box.exists("asked")).toBe(false);
    expect(outcome.state).toBe("unknown");
    expect(outcome.sources[0]?.state).toBe("not-asked");
    expect(outcome.unreached.map(({ source }) => source?.label)).toEqual(["store"]);
  });

  test("an askpass program is named and not run; git asks it where nothing else answers", async () => {
    const script = `#!/bin/sh\ntouch ${box.path("asked")}\ncase $1 in U*) echo ana;; *) echo ${box.emulator.secret(GOOD)};; esac\n`;
    const env = { GIT_ASKPASS: box.write("askpass", script, 0o700) };
    for (const sources of [{}, { netrc: STALE }, { helpers: ["none"] }]) {
      writeAll(sources);
      const { outcome } = await ours(env);
      expect(outcome.sources.find(({ kind }) => kind === "askpass")?.state).toBe("asks");
      expect(box.exists("asked")).toBe(false);
      expect(await gits(env)).toMatchObject({ label: GOOD, ok: true });
      await box.run(["rm", box.path("asked")]);
    }
    writeAll({ helpers: [STALE] });
    expect((await ours(env)).label).toBe(STALE);
    expect((await gits(env)).label).toBe(STALE);
  });

  test("nothing stored is changed by looking", async () => {
    writeAll({ url: STALE, netrc: APP, helpers: [STALE, GOOD] });
    const before = box.snapshot();
    await ours({});
    expect(box.snapshot()).toEqual(before);
  });
});
