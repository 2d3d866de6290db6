/** URLs that are not Bitbucket's own and lead to it: what real git does there, and that all of it is looked at. */
import { describe, expect, test } from "bun:test";
import { faultsIn } from "../bad-input/sentence.ts";
import { withEmulator } from "../sandbox.ts";
import { sentBy } from "./causes.ts";
import { API_USER, makeScene, type Scene, SITE } from "./scene.ts";

const PATH = "/acme/site.git";
const STORE = "[credential]\n\thelper = store\n";
const REDIRECTED = {
  "plain HTTP": `http://bitbucket.org${PATH}`,
  "plain HTTP with its port": `http://bitbucket.org:80${PATH}`,
  "www.": `https://www.bitbucket.org${PATH}`,
  "www. over plain HTTP": `http://www.bitbucket.org${PATH}`,
} as const;
const DOT = `https://bitbucket.org.${PATH}`;

const tokenOf = (scene: Scene, label = "api-token"): string => scene.box.emulator.secret(label);

/** A repository with this URL, and a store that holds this. */
async function makeSite(url: string, user: string, label: string, more = ""): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  scene.box.env.http_proxy = scene.box.emulator.proxyUrl;
  scene.global(STORE + more);
  scene.origin(url);
  scene.stored([{ user, secret: tokenOf(scene, label) }], undefined, true);
  return scene;
}

const urlOf = async (scene: Scene) => (await scene.git(["config", "remote.origin.url"])).stdout.trim();
const doctor = (scene: Scene, ...flags: string[]) => scene.rekey(["doctor", "--json", ...flags]);

describe("what real git asks its helpers for", () => {
  async function asked(url: string, ...options: string[]) {
    await using box = await withEmulator();
    box.env.http_proxy = box.emulator.proxyUrl;
    const helper = '!f() { test "$1" = get && cat >>"$HOME/asked"; }; f';
    box.write("asked", "");
    const ran = await box.git(["-c", `credential.helper=${helper}`, ...options, "ls-remote", url]);
    const hosts = box.emulator.log.map(({ host, status }) => `${host} ${status}`);
    // Newer Git tells helpers more.
    const question = box.read("asked").match(/^(?:protocol|host|username)=.*$/gm) ?? [];
    return { asked: question, hosts, stderr: ran.stderr };
  }

  test.each(Object.values(REDIRECTED))("%s: bitbucket.org, without the user that was named", async (url) => {
    for (const named of [url, url.replace("//", "//ana@")]) {
      const { asked: question, hosts } = await asked(named);
      expect(question).toEqual(["protocol=https", "host=bitbucket.org"]);
      expect(hosts[0]).toEndWith("bitbucket.org 301");
      expect(hosts).toContain("bitbucket.org 401");
    }
  });

  test.each([
    ["a password in it", REDIRECTED["www."].replace("//", "//ana:geheim@"), []],
    ["no redirects", REDIRECTED["plain HTTP"], ["-c", "http.followRedirects=false"]],
  ])("%s: nothing", async (_, url, options) => {
    const { asked: question, stderr } = await asked(url, ...options);
    expect(question).toEqual([]);
    expect(stderr).toMatch(/Authentication failed|error: 301/);
  });

  test("a dot at the end: never for bitbucket.org", async () => {
    expect((await asked(DOT)).asked).not.toContain("host=bitbucket.org");
  });
});

describe.each(Object.entries(REDIRECTED))("%s", (_, url) => {
  test("with a dead credential: both faults are told, both are mended, nothing is called unused", async () => {
    await using scene = await makeSite(url, "ana", "app-password");
    const before = scene.files();
    expect((await scene.act("fetch")).stderr).toContain("410");
    const ran = await doctor(scene);
    expect(ran.code).toBe(1);
    expect(faultsIn(ran)).toEqual(["app-password-sent", "detour-in-url"]);
    const fixed = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
    expect(fixed.code, fixed.stderr).toBe(0);
    expect(await urlOf(scene)).toBe(SITE.replace("//", `//${API_USER}@`));
    scene.box.emulator.clearLog();
    expect((await scene.act("fetch")).code).toBe(0);
    expect(scene.arrived().at(-1)).toBe("api-token");
    expect((await doctor(scene)).code).toBe(0);
    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual(before);
  });

  test("with a good one: the plain URL is written, and real git is asked about it", async () => {
    await using scene = await makeSite(url, API_USER, "api-token");
    expect((await scene.act("fetch")).code).toBe(0);
    const ran = await doctor(scene);
    expect({ code: ran.code, faults: faultsIn(ran) }).toEqual({ code: 1, faults: ["detour-in-url"] });
    const fixed = await scene.rekey(["fix", "--yes", "--json"]);
    expect(fixed.code, fixed.stderr).toBe(0);
    expect(JSON.parse(fixed.stdout).proven).toContainEqual(
      expect.objectContaining({ how: "verify", direction: "fetch", result: "succeeded" }),
    );
    expect(await urlOf(scene)).toBe(SITE);
    expect((await doctor(scene)).code).toBe(0);
  });
});

test("a password in it is never sent, and is taken out", async () => {
  await using scene = await makeSite(`https://ana:geheim-7@www.bitbucket.org${PATH}`, API_USER, "api-token");
  expect((await scene.act("fetch")).code).not.toBe(0);
  expect(scene.arrived()).toEqual([]);
  const ran = await doctor(scene);
  expect({ code: ran.code, faults: faultsIn(ran) }).toEqual({ code: 1, faults: ["detour-in-url"] });
  expect(ran.stdout).toContain("the password in the URL is for the host beside it");
  expect((await scene.rekey(["fix", "--yes"])).code).toBe(0);
  expect(await urlOf(scene)).toBe(SITE);
  expect((await scene.act("fetch")).code).toBe(0);
});

describe("where Git does not arrive", () => {
  const NO_REDIRECTS = "[http]\n\tfollowRedirects = false\n";
  test.each([
    ["a dot at the end", DOT, ""],
    ["no redirects are followed", REDIRECTED["www."], NO_REDIRECTS],
  ])("%s: a fault, mended where a good credential is kept", async (_, url, more) => {
    await using scene = await makeSite(url, API_USER, "api-token", more);
    expect((await scene.act("fetch")).code).not.toBe(0);
    const ran = await doctor(scene);
    expect({ code: ran.code, faults: faultsIn(ran) }).toEqual({ code: 1, faults: ["detour-in-url"] });
    const { ruledOut, notLooked } = JSON.parse(ran.stdout);
    expect(ruledOut).not.toContain("app-password-sent");
    expect(notLooked.map(({ id }: { id: string }) => id)).toContain("app-password-sent");
    expect((await scene.rekey(["fix", "--yes"])).code).toBe(0);
    expect(await urlOf(scene)).toBe(SITE);
    expect((await scene.act("fetch")).code).toBe(0);
  });

  test.each([
    ["a dot at the end", DOT, ""],
    ["no redirects are followed", REDIRECTED["www."], NO_REDIRECTS],
  ])("%s, and the credential is dead: never called fixed, all as before", async (_, url, more) => {
    await using scene = await makeSite(url, "ana", "app-password", more);
    const before = scene.files();
    const ran = await scene.rekey(["fix", "--yes"], { stdin: tokenOf(scene) });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain("everything was put back as it was");
    expect(scene.files()).toEqual(before);
  });
});

test("in a step of Pipelines plain HTTP is right: the proxy signs in", async () => {
  const proxy = '[http "http://bitbucket.org"]\n\tproxy = http://localhost:29418/\n';
  await using scene = await makeSite(REDIRECTED["plain HTTP"], "ana", "api-token", proxy);
  const ran = await doctor(scene);
  expect({ code: ran.code, faults: faultsIn(ran) }).toEqual({ code: 0, faults: [] });
  expect(scene.arrived()).toEqual([]);
});

test("a URL by itself: what to write in its place is said", async () => {
  await using scene = await makeSite(SITE, API_USER, "api-token");
  const ran = await scene.rekey(["doctor", REDIRECTED["www."]]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toContain(`\`${SITE}\``);
});
