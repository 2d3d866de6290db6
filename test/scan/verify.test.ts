/** Which credential arrives where, with which user name, and how often; and what is never sent. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import type { Fault } from "../../emulator/index.ts";
import type { Alive, Seen } from "../../src/core/spot.ts";
import { readReply } from "../../src/probes/answers.ts";
import { keepShapes, lookAtText } from "../../src/scan/look.ts";
import { type Asking, verify } from "../../src/scan/verify.ts";
import { realFiles } from "../../src/world/files.ts";
import { randomBytes } from "../../src/world/hash.ts";
import { realHttp } from "../../src/world/http.ts";
import { openVault } from "../../src/world/vault.ts";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";

let box: EmulatedSandbox;
beforeAll(async () => {
  box = await withEmulator();
});
afterAll(() => box.remove());
beforeEach(() => {
  box.emulator.clearLog();
  box.emulator.switches.faults = [];
});

const SALT = randomBytes(16);

/** Asks as the tool does: one vault, one way, certificates checked. */
function asking(given: Partial<Asking> = {}): Asking {
  const vault = openVault();
  const http = realHttp(vault);
  const line = {
    proxy: box.emulator.proxyUrl,
    ca: readFileSync(box.emulator.caFile, "utf8"),
    timeout: 20_000,
  };
  return {
    files: realFiles(),
    salt: SALT,
    keep: (secret) => vault.keep(secret),
    ask: async (url, credential) =>
      readReply(await http.get({ url, credential, ...line }), (text) => vault.mask(text)),
    cancelled: new AbortController().signal,
    pause: 0,
    ...given,
  };
}

let files = 0;
/** What a scan sees in a file with this text. */
function seenIn(text: string, name = "notes.txt"): Seen[] {
  const path = box.write(`scan-${files++}/${name}`, text);
  return lookAtText(readFileSync(path), path, keepShapes(SALT)).seen;
}

const urlOf = (user: string, label: string, repository?: string): string =>
  `${box.urlWith(user, label, repository)}\n`;
const curl = (user: string, label: string): string =>
  `curl -u '${user}:${box.emulator.secret(label)}' https://api.bitbucket.org/2.0/user\n`;

/** What arrived, in order. */
const arrived = () =>
  box.emulator.log.map(({ host, path, how, user, credential }) =>
    [host, path, how, user, credential].join(" "),
  );

async function aliveIn(text: string, given?: Partial<Asking>): Promise<Alive[]> {
  return [...(await verify(seenIn(text), asking(given))).alive.values()];
}

test("a damaged token is not sent anywhere", async () => {
  const whole = box.emulator.secret("api-token");
  const damaged = whole.slice(0, -1) + (whole.endsWith("0") ? "1" : "0");
  const url = `https://x-bitbucket-api-token-auth:${damaged}@bitbucket.org/acme/site.git\n`;
  expect(await aliveIn(url)).toEqual(["unknown"]);
  expect(arrived()).toEqual([]);
});

describe("each kind by its own door", () => {
  const GIT =
    "bitbucket.org /acme/site.git/info/refs?service=git-upload-pack basic x-bitbucket-api-token-auth";
  const USER = "api.bitbucket.org /2.0/user";
  const REPOSITORY = "api.bitbucket.org /2.0/repositories/acme/site bearer ";
  const DOCS = "api.bitbucket.org /2.0/repositories/acme/docs bearer ";
  const TABLE: Readonly<Record<string, { text: () => string; sent: string[]; is: Alive[] }>> = {
    "an API token with its e-mail": {
      text: () => curl("ana@acme.example", "api-token"),
      sent: [`${USER} basic ana@acme.example api-token`],
      is: ["alive"],
    },
    "one without the scope for that": {
      text: () => curl("ana@acme.example", "api-token-read"),
      sent: [`${USER} basic ana@acme.example api-token-read`],
      is: ["alive"],
    },
    "one that was revoked": {
      text: () => curl("ana@acme.example", "api-token-revoked"),
      sent: [`${USER} basic ana@acme.example api-token-revoked`],
      is: ["dead"],
    },
    "an API token in a URL": {
      text: () => urlOf("x-bitbucket-api-token-auth", "api-token"),
      sent: [`${GIT} api-token`],
      is: ["alive"],
    },
    "with a name that Git would not take": {
      text: () => urlOf("x-token-auth", "api-token"),
      sent: [`${GIT} api-token`],
      is: ["alive"],
    },
    "one that may only do something else": {
      text: () => urlOf("ana", "api-token-user-only"),
      sent: [`${GIT} api-token-user-only`],
      is: ["alive"],
    },
    "one that is dead or may not see it: Git's door does not tell": {
      text: () => urlOf("ana", "api-token-revoked") + urlOf("eve", "api-token-eve"),
      sent: [`${GIT} api-token-revoked`, `${GIT} api-token-eve`],
      is: ["unknown", "unknown"],
    },
    "an API token that leads nowhere": {
      text: () => `TOKEN=${box.emulator.secret("api-token")}\n`,
      sent: [],
      is: ["unknown"],
    },
    "an access token in a URL": {
      text: () => urlOf("x-token-auth", "repository-token"),
      sent: [`${REPOSITORY} repository-token`],
      is: ["alive"],
    },
    "one of another repository": {
      text: () => urlOf("x-token-auth", "repository-token-docs"),
      sent: [`${REPOSITORY} repository-token-docs`],
      is: ["alive"],
    },
    "one that has expired, on a repository that all may see": {
      text: () => urlOf("x-token-auth", "repository-token-expired", "acme/docs"),
      sent: [`${DOCS} repository-token-expired`],
      is: ["dead"],
    },
    "an access token that leads nowhere": {
      text: () => `TOKEN=${box.emulator.secret("repository-token")}\n`,
      sent: [`${USER} bearer  repository-token`],
      is: ["alive"],
    },
    "one that leads nowhere and was revoked": {
      text: () => `TOKEN=${box.emulator.secret("repository-token-revoked")}\n`,
      sent: [`${USER} bearer  repository-token-revoked`],
      is: ["dead"],
    },
    "app passwords of both forms are not asked about": {
      text: () => urlOf("ana", "app-password") + urlOf("ana", "legacy-app-password"),
      sent: [],
      is: ["dead", "dead"],
    },
    "what is not Bitbucket Cloud's is not sent there": {
      text: () =>
        `BITBUCKET_TOKEN=${box.emulator.secret("data-center")}\n${urlOf("ana", "account-password")}`,
      sent: [],
      is: ["unknown", "unknown"],
    },
  };
  for (const [name, { text, sent, is }] of Object.entries(TABLE))
    test(name, async () => {
      expect(await aliveIn(text())).toEqual(is);
      // A Bearer has no user.
      expect(arrived()).toEqual(sent.map((line) => line.replace(/bearer {1,2}/, "bearer  ")));
    });
});

describe("how often", () => {
  test("once for each credential, however many places it stands in", async () => {
    const seen = [
      ...seenIn(urlOf("ana", "api-token") + curl("ana@acme.example", "api-token")),
      ...seenIn(urlOf("x-token-auth", "repository-token").repeat(3)),
      ...seenIn(urlOf("x-bitbucket-api-token-auth", "api-token", "acme/docs"), ".git-credentials"),
    ];
    expect(seen.length).toBeGreaterThan(5);
    const { alive, asked, stopped } = await verify(seen, asking());
    expect([...alive.values()]).toEqual(["alive", "alive"]);
    expect([asked, stopped]).toEqual([2, null]);
    // The e-mail that stands beside it in one of the places serves.
    expect(arrived()).toEqual([
      "api.bitbucket.org /2.0/user basic ana@acme.example api-token",
      "api.bitbucket.org /2.0/repositories/acme/site bearer  repository-token",
    ]);
  });

  test("one after the other", async () => {
    const labels = ["repository-token", "project-token", "workspace-token"];
    const text = labels.map((label) => urlOf("x-token-auth", label)).join("");
    let [running, most] = [0, 0];
    const own = asking();
    const ask: Asking["ask"] = async (...words) => {
      most = Math.max(most, ++running);
      const answer = await own.ask(...words);
      running--;
      return answer;
    };
    expect(await aliveIn(text, { ...own, ask })).toEqual(["alive", "alive", "alive"]);
    expect(most).toBe(1);
  });
});

describe("when to stop", () => {
  const three = () =>
    ["repository-token", "repository-token-read", "project-token"]
      .map((label) => urlOf("x-token-auth", label))
      .join("") + urlOf("ana", "app-password");

  async function with3(faults: Fault[], given: Partial<Asking> = {}) {
    box.emulator.switches.faults = faults;
    const { alive, ...rest } = await verify(seenIn(three()), asking(given));
    return { alive: [...alive.values()], ...rest };
  }

  test("Bitbucket says that it is too much", async () => {
    const result = await with3([{ kind: "rate-limited", retryAfterSeconds: 30 }]);
    expect(result).toEqual({
      alive: ["unknown", "unknown", "unknown", "dead"],
      asked: 1,
      stopped: "rate-limited",
    });
    expect(arrived()).toHaveLength(1);
  });

  test("one answer lost is not the end, two are", async () => {
    const lost: Fault = { kind: "status", status: 503 };
    const once = await with3([{ ...lost, times: 1 }]);
    expect(once).toEqual({ alive: ["unknown", "alive", "alive", "dead"], asked: 3, stopped: null });
    const result = await with3([lost]);
    expect(result).toEqual({
      alive: ["unknown", "unknown", "unknown", "dead"],
      asked: 2,
      stopped: "no-answer",
    });
  });

  test("nothing is sent to a server that is not Bitbucket", async () => {
    const result = await with3([{ kind: "tls", problem: "untrusted" }]);
    expect(result).toMatchObject({ alive: ["unknown", "unknown", "unknown", "dead"], stopped: "no-answer" });
    expect(arrived()).toEqual([]);
  });

  for (const [pause, name] of [
    [60_000, "Ctrl-C in a pause"],
    [undefined, "there is a pause where nobody says how long"],
  ] as const)
    test(name, async () => {
      const control = new AbortController();
      const own = asking();
      // Right after the first answer, and so before any timer that is started then.
      const ask: Asking["ask"] = (...words) =>
        own.ask(...words).finally(() => setTimeout(() => control.abort(), 0));
      const { pause: _, ...usual } = own;
      const given = { ...usual, ask, cancelled: control.signal };
      const { alive, asked, stopped } = await verify(
        seenIn(three()),
        pause === undefined ? given : { ...given, pause },
      );
      expect([...alive.values()]).toEqual(["alive", "unknown", "unknown", "dead"]);
      expect({ asked, stopped }).toEqual({ asked: 1, stopped: "cancelled" });
    });
});

describe("the secret", () => {
  test("that is gone, or has become another, is not asked about", async () => {
    const seen = seenIn(urlOf("x-token-auth", "repository-token"));
    box.write(seen[0]?.file ?? "", urlOf("x-token-auth", "project-token"));
    const other = seenIn(urlOf("x-token-auth", "workspace-token"));
    const gone = other.map((one) => ({ ...one, file: box.path("gone") }));
    const inArchive = seenIn(urlOf("x-token-auth", "repository-token-read")).map((one) => ({
      ...one,
      member: "a",
    }));
    const { alive, asked } = await verify([...seen, ...gone, ...inArchive], asking());
    expect([...alive.values()]).toEqual(["unknown", "unknown", "unknown"]);
    expect(asked).toBe(0);
    expect(arrived()).toEqual([]);
  });

  test("is found in another place, where the first has lost it", async () => {
    const [first, second] = [seenIn(curl("x", "repository-token")), seenIn(urlOf("x", "repository-token"))];
    box.write(first[0]?.file ?? "", "");
    expect([...(await verify([...first, ...second], asking())).alive.values()]).toEqual(["alive"]);
  });
});
