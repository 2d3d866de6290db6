/** What advice rests on, read from real folders and made-up environments. */
import { expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRoute } from "../../src/checks/example-ssh.ts";
import type { Situation } from "../../src/core/advice.ts";
import type { SshAttempt, SshView } from "../../src/core/ssh.ts";
import { survey } from "../../src/probes/gather.ts";
import { machineOf, readSituation, sshHere } from "../../src/probes/situation.ts";
import { makeSandbox, type Sandbox } from "../sandbox.ts";
import { eyesOf } from "./eyes.ts";

const URL = "https://bitbucket.org/acme/site.git";
const NOBODY = { hasScreen: false, hasPushed: false, hasAuthor: false };

const NOTHING_ASKED = {
  target: ".",
  offline: true,
  email: null,
  runHelpers: false,
  trustRepository: false,
  ownHelper: "rekey",
};

async function clone(box: Sandbox, folder = "www/site", url = URL): Promise<void> {
  await box.git(["init", "--quiet", "--initial-branch=main", folder]);
  await box.git(["remote", "add", "origin", url], { cwd: folder });
}

interface Wanted {
  env?: Record<string, string>;
  push?: boolean;
  hasTerminal?: boolean;
}

async function look(
  box: Sandbox,
  { env = {}, push = false, hasTerminal = false }: Wanted = {},
): Promise<Situation> {
  const eyes = eyesOf({ ...box.env, ...env }, box.path("www/site"));
  const found = await survey(eyes, { ...NOTHING_ASKED, hasTerminal, push });
  return readSituation(eyes, found, { push, hasScreen: false, hasTerminal });
}

test("a checkout that was only ever pulled, alone on its server", async () => {
  await using box = makeSandbox();
  await clone(box);
  expect(await look(box)).toEqual({
    machine: "server",
    push: false,
    repositories: "one",
    rest: false,
    ssh: "unknown",
  });
  expect((await look(box, { push: true })).push).toBe(true);
});

test("a push that Git has noted is seen, and is somebody's work", async () => {
  await using box = makeSandbox();
  await clone(box);
  await box.git(["init", "--quiet", "--bare", "there.git"]);
  await box.git(["commit", "--quiet", "--allow-empty", "-m", "first"], { cwd: "www/site" });
  const insteadOf = `url.${box.path("there.git")}.insteadOf=${URL}`;
  const pushed = await box.git(["-c", insteadOf, "push", "--quiet", "origin", "main"], { cwd: "www/site" });
  expect(pushed.code, pushed.stderr).toBe(0);
  expect(await look(box)).toMatchObject({ machine: "desk", push: true });
});

test("a fetch is no push", async () => {
  await using box = makeSandbox();
  await clone(box);
  await box.git(["init", "--quiet", "--bare", "there.git"]);
  await box.git(["commit", "--quiet", "--allow-empty", "-m", "first"], { cwd: "www/site" });
  await box.git(["push", "--quiet", box.path("there.git"), "main"], { cwd: "www/site" });
  const insteadOf = `url.${box.path("there.git")}.insteadOf=${URL}`;
  const fetched = await box.git(["-c", insteadOf, "fetch", "--quiet", "origin"], { cwd: "www/site" });
  expect(fetched.code, fetched.stderr).toBe(0);
  expect(await look(box)).toMatchObject({ machine: "server", push: false });
});

test("several repositories: a checkout beside this one, a second remote, a submodule", async () => {
  await using box = makeSandbox();
  await clone(box);
  await clone(box, "www/blog", "https://github.com/acme/blog.git");
  expect((await look(box)).repositories).toBe("one");
  await clone(box, "www/shop", "git@bitbucket.org:acme/shop.git");
  expect((await look(box)).repositories).toBe("many");

  await using second = makeSandbox();
  await clone(second);
  await second.git(["remote", "add", "same", "https://ana@bitbucket.org/ACME/site"], { cwd: "www/site" });
  expect((await look(second)).repositories).toBe("one");
  await second.git(["config", "submodule.lib.url", "https://bitbucket.org/acme/lib.git"], {
    cwd: "www/site",
  });
  expect((await look(second)).repositories).toBe("many");
});

test("one repository, however often it is checked out here, and whatever a comment says", async () => {
  await using box = makeSandbox();
  await clone(box);
  await clone(box, "www/staging", "git@bitbucket.org:ACME/site.git");
  await clone(box, "www/blog", "https://github.com/acme/blog.git");
  const config = box.read("www/blog/.git/config");
  box.write("www/blog/.git/config", `# not https://bitbucket.org/acme/blog\n${config}`);
  symlinkSync("site", box.path("www/current"));
  expect((await look(box)).repositories).toBe("one");
});

test("what is looked at stays within bounds, however much there is", async () => {
  await using box = makeSandbox();
  await clone(box);
  for (let n = 0; n < 2000; n++) {
    mkdirSync(box.path(`www/other-${n}`));
    mkdirSync(box.path(`www/site/.git/logs/refs/remotes/origin/topic-${n}`), { recursive: true });
  }
  const eyes = eyesOf(box.env, box.path("www/site"));
  const found = await survey(eyes, { ...NOTHING_ASKED, hasTerminal: false, push: false });
  let looks = 0;
  const counted =
    <T>(look: (path: string) => T) =>
    (path: string): T => {
      looks += 1;
      return look(path);
    };
  const { read, facts, resolve, list } = eyes.files;
  const files = {
    ...eyes.files,
    read: counted(read),
    facts: counted(facts),
    resolve: counted(resolve),
    list: counted(list),
  };
  readSituation({ ...eyes, files }, found, { push: false, hasScreen: false, hasTerminal: false });
  expect(looks).toBeLessThan(1000);
});

test("REST: Composer's packages from Bitbucket, and variables for scripts", async () => {
  await using box = makeSandbox();
  await clone(box);
  box.write("www/site/composer.json", '{"require": {"acme/lib": "^1"}}');
  expect((await look(box)).rest).toBe(false);
  expect((await look(box, { env: { BITBUCKET_API_TOKEN: "x" } })).rest).toBe(true);
  box.write(
    "www/site/composer.json",
    '{"repositories": [{"type": "vcs", "url": "https://bitbucket.org/acme/lib"}]}',
  );
  expect((await look(box)).rest).toBe(true);
});

test("somebody at a terminal who told Git their address works here; a root shell on a server does not", async () => {
  await using box = makeSandbox();
  await clone(box);
  expect((await look(box, { hasTerminal: true })).machine).toBe("server");
  await box.git(["config", "--global", "user.email", "ana@acme.example"]);
  expect((await look(box)).machine).toBe("server");
  expect((await look(box, { hasTerminal: true })).machine).toBe("desk");
});

test("outside any repository", async () => {
  await using box = makeSandbox();
  box.write("www/site/file", "");
  expect(await look(box)).toMatchObject({ machine: "server", push: false, repositories: "one" });
});

for (const [env, platform, machine] of [
  [{}, "linux", "server"],
  [{}, "darwin", "desk"],
  [{}, "win32", "desk"],
  [{ WSL_DISTRO_NAME: "Debian" }, "linux", "desk"],
  [{ CI: "true" }, "darwin", "ci"],
  [{ CI: "false" }, "linux", "server"],
  [{ JENKINS_URL: "https://ci.acme.example/" }, "linux", "ci"],
  [{ CI: "true", BITBUCKET_BUILD_NUMBER: "7", BITBUCKET_REPO_SLUG: "site" }, "linux", "pipelines"],
  [{ BITBUCKET_BUILD_NUMBER: "7" }, "linux", "server"],
] as const) {
  test(`${JSON.stringify(env)} on ${platform} is: ${machine}`, () => {
    expect(machineOf({ env, platform }, NOBODY)).toBe(machine);
  });
}

function attempted(attempt: Partial<SshAttempt>, port = 22): Partial<SshView> {
  const one = sshDestination();
  const resolved = { ...one.resolved, port };
  return { destinations: [{ ...one, resolved, attempt: sshAttempt(attempt) }], outcomes: [] };
}

const closed = attempted({ state: "unknown", saying: "port-blocked", serverKey: null }).destinations ?? [];
const byTheOtherPort = attempted({ state: "refused", saying: "key-refused" }, 443).destinations ?? [];
const reads = [
  sshOutcome(),
  sshOutcome({ route: sshRoute({ direction: "push" }), state: "refused", saying: "read-only-key" }),
];

for (const [title, view, pushes, here] of [
  ["a key that reads, where only pulling is wanted", { outcomes: reads }, false, "works"],
  ["a key that reads, where pushing is wanted", { outcomes: reads }, true, "open"],
  ["no key", attempted({ state: "refused", saying: "key-refused" }), false, "open"],
  ["a host key nobody knows yet", attempted({ state: "refused", saying: "host-key-unknown" }), false, "open"],
  ["a firewall", { destinations: closed, outcomes: [] }, false, "closed"],
  [
    "a firewall with a hole",
    { destinations: [...closed, ...byTheOtherPort], outcomes: [] },
    false,
    "open-443",
  ],
  [
    "no name server",
    attempted({ state: "unknown", saying: "name-not-found", serverKey: null }),
    false,
    "unknown",
  ],
  ["nobody asked", { destinations: [], outcomes: [] }, false, "unknown"],
  ["no ssh", { client: null }, false, "no-client"],
  ["Git may not", { forbidden: "`GIT_ALLOW_PROTOCOL` does not name `ssh`" }, false, "forbidden"],
] as const) {
  test(`SSH, ${title}: ${here}`, () => {
    expect(sshHere(ssh(view), pushes)).toBe(here);
  });
}
