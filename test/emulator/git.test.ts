import { afterAll, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeRepository, startEmulator } from "../../emulator/index.ts";
import { ask, basic, bearer, makePerson } from "./person.ts";

const emulator = await startEmulator();
const ana = makePerson(emulator);
const talkative = makePerson(emulator, { GIT_CURL_VERBOSE: "1", GIT_TRACE_CURL_NO_DATA: "1" });

afterAll(async () => {
  await Promise.all([ana.leave(), talkative.leave()]);
  await emulator.stop();
});

const SITE = "https://bitbucket.org/acme/site.git";
const ADVERTISEMENT = `${SITE}/info/refs?service=git-upload-pack`;

test("clone, commit on the server, fetch, push back", async () => {
  emulator.world.repositories.set("acme/round", makeRepository("acme/round"));
  const url = ana.url("x-bitbucket-api-token-auth", "api-token", "acme/round");
  expect(await ana.git("clone", "--quiet", url, "round")).toEqual({ code: 0, stdout: "", stderr: "" });
  const hash = await emulator.pushCommit("acme/round", { message: "Two", files: { "two.txt": "2\n" } });
  expect((await ana.git("-C", "round", "pull", "--quiet", "--ff-only")).code).toBe(0);
  expect((await ana.git("-C", "round", "rev-parse", "HEAD")).stdout.trim()).toBe(hash);
  expect(readFileSync(join(ana.home, "round/two.txt"), "utf8")).toBe("2\n");
  await ana.git("-C", "round", "commit", "--quiet", "--allow-empty", "--message", "Three");
  const told = await ana.git("-C", "round", "push", "--quiet");
  expect(told).toEqual({ code: 0, stdout: "", stderr: "" });
  const here = await ana.git("-C", "round", "rev-parse", "HEAD");
  const there = await ana.git("ls-remote", url, "refs/heads/main");
  expect(there.stdout).toBe(`${here.stdout.trim()}\trefs/heads/main\n`);
});

test("a bearer header, an address without .git, protocol 0, a shallow clone", async () => {
  const header = `http.extraHeader=Authorization: ${bearer(emulator, "repository-token")}`;
  const bare = "https://bitbucket.org/acme/site";
  expect((await ana.git("-c", header, "ls-remote", bare)).stdout).toContain("refs/heads/draft");
  expect((await ana.git("-c", "protocol.version=0", "-c", header, "ls-remote", bare)).code).toBe(0);
  expect((await ana.git("-c", header, "clone", "--quiet", "--depth=1", bare, "shallow")).code).toBe(0);
});

test("a repository without commits can be filled", async () => {
  const url = ana.url("ana", "api-token", "acme/empty");
  expect((await ana.git("clone", "--quiet", url, "empty")).stderr).toContain("empty repository");
  await ana.git("-C", "empty", "switch", "--quiet", "--create", "main");
  await ana.git("-C", "empty", "commit", "--quiet", "--allow-empty", "--message", "One");
  // The first push of the main branch is nobody's pull request.
  const told = await ana.git("-C", "empty", "push", "--quiet", "origin", "main");
  expect(told).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("a push larger than git's buffer comes in chunks", async () => {
  const url = talkative.url("ana", "api-token");
  await talkative.git("clone", "--quiet", url, "large");
  writeFileSync(join(talkative.home, "large/noise"), randomBytes(3_000_000));
  await talkative.git("-C", "large", "add", "noise");
  await talkative.git("-C", "large", "commit", "--quiet", "--message", "Noise");
  const told = await talkative.git("-C", "large", "push", "origin", "HEAD:refs/heads/large");
  expect(told.stderr).toContain("Transfer-Encoding: chunked");
  expect(told.code).toBe(0);
});

test("a long request comes gzipped", async () => {
  const url = talkative.url("ana", "api-token");
  await talkative.git("clone", "--quiet", url, "many");
  const commits = await Promise.all(
    Array.from({ length: 40 }, async (_, each) => {
      const made = await talkative.git("-C", "many", "commit-tree", "-m", String(each), "HEAD^{tree}");
      return made.stdout.trim();
    }),
  );
  const refs = commits.map((hash, each) => `${hash}:refs/tags/t${each}`);
  expect((await talkative.git("-C", "many", "push", "--quiet", "origin", ...refs)).code).toBe(0);
  const told = await talkative.git("clone", "--quiet", "--mirror", url, "mirror");
  expect(told.stderr).toContain("Content-Encoding: gzip");
  expect(told.code).toBe(0);
});

test("the first line of the advertisement has no line feed, unless switched", async () => {
  const authorization = basic(emulator, "ana", "api-token");
  const first = async () =>
    (await (await ask(emulator, ADVERTISEMENT, { authorization })).text()).slice(0, 42);
  expect(await first()).toStartWith("001d# service=git-upload-pack0000");
  emulator.switches.advertisementServiceLineLf = true;
  expect(await first()).toStartWith("001e# service=git-upload-pack\n0000");
  emulator.switches.advertisementServiceLineLf = false;
});

test("an archive", async () => {
  const archive = "https://bitbucket.org/acme/site/get/main.tar.gz";
  const statusOf = async (authorization?: string) =>
    (await ask(emulator, archive, authorization ? { authorization } : {})).status;
  expect(await statusOf(basic(emulator, "ana@acme.example", "api-token"))).toBe(200);
  expect(await statusOf(bearer(emulator, "repository-token"))).toBe(200);
  expect(await statusOf(basic(emulator, "x-token-auth", "repository-token"))).toBe(302);
  expect(await statusOf()).toBe(302);
  expect((await ask(emulator, `${archive}?access_token=x`)).status).toBe(403);
});

test("credentials are issued, revoked and minted while it runs", async () => {
  const issued = emulator.issue({ kind: "api-token", owner: "ana", scopes: ["read:repository:bitbucket"] });
  const codeOf = async () => (await ana.git("ls-remote", ana.url("ana", issued.label))).code;
  expect(await codeOf()).toBe(0);
  issued.revoked = true;
  expect(await codeOf()).toBe(128);
  const stranger = emulator.mint("api-token");
  await ana.git("ls-remote", `https://ana:${encodeURIComponent(stranger)}@bitbucket.org/acme/site.git`);
  expect(emulator.log.at(-1)).toMatchObject({ user: "ana", credential: "unknown", status: 401 });
});

test("the log names credentials, never secrets", async () => {
  emulator.clearLog();
  const secret = emulator.secret("api-token");
  await ana.git("ls-remote", ana.url("ana", "api-token"));
  await ana.git("ls-remote", `https://${secret}@bitbucket.org/acme/site.git`);
  await ask(emulator, `https://bitbucket.org/acme/site/get/main.zip?access_token=${secret}`);
  await ask(emulator, ADVERTISEMENT, { authorization: "Basic dXNlcjp3cm9uZw==" });
  expect(JSON.stringify(emulator.log)).not.toContain(secret);
  expect(emulator.sawSecret("api-token")).toBe(true);
  expect(emulator.sawSecret("app-password")).toBe(false);
  expect(emulator.log.at(-1)).toMatchObject({
    host: "bitbucket.org",
    method: "GET",
    service: "git-upload-pack",
    how: "basic",
    user: "user",
    credential: "unknown",
    status: 401,
  });
});
