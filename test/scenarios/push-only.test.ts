/** Fetched over SSH, pushed over HTTPS: who has set that up wants to push, without saying `--push`. */
import { describe, expect, test } from "bun:test";
import { sentBy } from "./causes.ts";
import { worksWith } from "./run-scenario.ts";
import { API_USER, makeScene, type Scene, SITE } from "./scene.ts";

const SSH = "git@bitbucket.org:acme/site.git";
const STORE = "[credential]\n\thelper = store\n";
const AS_ANA = SITE.replace("https://", "https://ana@");

const PLACES: Readonly<Record<string, (scene: Scene) => void>> = {
  pushurl: (scene) => scene.origin(SSH, `\tpushurl = ${AS_ANA}\n`),
  pushInsteadOf(scene) {
    scene.global('[url "https://ana@bitbucket.org/"]\n\tpushInsteadOf = git@bitbucket.org:\n');
    scene.origin(SSH);
  },
  "remote.pushDefault"(scene) {
    scene.origin(SSH);
    scene.local(`[remote]\n\tpushDefault = ${AS_ANA}\n`);
  },
};

async function broken(place: string): Promise<Scene> {
  const scene = await makeScene("plain", sentBy("app password"));
  scene.global(STORE);
  PLACES[place]?.(scene);
  scene.stored([scene.sent]);
  return scene;
}

async function doctor(scene: Scene, ...flags: string[]) {
  const { code, stdout } = await scene.rekey(["doctor", "--json", ...flags]);
  const findings: { id: string; severity: string }[] = JSON.parse(stdout).findings;
  return { code, faults: findings.filter(({ severity }) => severity === "error").map(({ id }) => id) };
}

describe.each(Object.keys(PLACES))("%s", (place) => {
  test("a refused push is a fault, and offline too what would be sent", async () => {
    await using scene = await broken(place);
    // Tests forbid SSH to Git, so that none goes to the real Bitbucket: here fetching fails too.
    const faults = ["app-password-sent", "ssh-not-allowed"];
    expect(await doctor(scene)).toEqual({ code: 1, faults });
    // What nobody was asked about is less certain, and so comes last.
    expect(await doctor(scene, "--offline")).toEqual({ code: 1, faults: faults.toReversed() });
  });

  test("is mended and taken back; what is fetched from stays as it is", async () => {
    await using scene = await broken(place);
    const before = scene.files();
    const urlOf = async (...flags: string[]) =>
      (await scene.git(["remote", "get-url", ...flags, "origin"])).stdout.trim();
    const stdin = scene.box.emulator.secret("api-token");
    const ran = await scene.rekey(["fix", "--yes", "--json"], { stdin });
    expect(ran.code, ran.stderr).toBe(0);
    expect(JSON.parse(ran.stdout).proven).toContainEqual(
      expect.objectContaining({ how: "verify", direction: "push", result: "succeeded" }),
    );
    expect(await urlOf()).toBe(SSH);
    if (place !== "remote.pushDefault") await worksWith(scene, "push", "api-token");
    else {
      const url = (await scene.git(["config", "remote.pushDefault"])).stdout.trim();
      expect((await scene.git(["push", url, "HEAD:refs/heads/topic"])).code).toBe(0);
    }
    expect((await scene.rekey(["undo", "--yes"])).code).toBe(0);
    expect(scene.files()).toEqual(before);
  });

  test("a token that may only read is not taken", async () => {
    await using scene = await broken(place);
    const before = scene.files();
    const stdin = scene.box.emulator.secret("api-token-read");
    const ran = await scene.rekey(["fix", "--yes"], { stdin });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toContain("may not write to `acme/site`");
    expect(scene.files()).toEqual(before);
  });
});

test("its plan may be written down and applied", async () => {
  await using scene = await broken("pushInsteadOf");
  const plan = scene.box.path("plan.json");
  expect((await scene.rekey(["fix", "--yes", "--plan-out", plan])).code).toBe(0);
  expect(scene.box.read(plan)).toContain('"pushurl"');
  const stdin = scene.box.emulator.secret("api-token");
  expect(await scene.rekey(["apply", "--yes", plan], { stdin })).toMatchObject({ code: 0 });
});

test("of another remote, which is fetched over HTTPS, a refused push stays a remark", async () => {
  await using scene = await makeScene("plain", sentBy("app password"));
  scene.global(STORE);
  scene.origin("git@github.com:acme/site.git", "\tpushurl = https://bitbucket.org/acme/docs.git\n");
  scene.local(`[remote "upstream"]\n\turl = ${SITE}\n`);
  scene.stored([{ user: API_USER, secret: scene.box.emulator.secret("api-token-bob") }]);
  expect(await doctor(scene)).toEqual({ code: 0, faults: [] });
  expect((await doctor(scene, "--push")).code).toBe(1);
});
