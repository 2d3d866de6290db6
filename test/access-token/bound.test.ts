/** An access token reaches its own repository and no other, wherever it is kept. */
import { describe, expect, test } from "bun:test";
import type { AccountList } from "../../src/core/account.ts";
import { ACCOUNTS_FILE } from "../helper/accounts.ts";
import { sentBy } from "../scenarios/causes.ts";
import { fix } from "../scenarios/run-scenario.ts";
import { type Direction, type Ground, makeScene, type Scene, SITE } from "../scenarios/scene.ts";

const BESIDE = "https://bob@bitbucket.org/acme/guarded.git";
/** The person is named, so that Git does not take the other's credential for it. */
const ANAS = SITE.replace("//", "//ana@");
const WAY = ["--with", "access-token"];

const tokenOf = (scene: Scene, label = "repository-token"): string => scene.box.emulator.secret(label);

/** Each place, and what a person has done for it. */
const STORES: Readonly<Record<string, (scene: Scene) => readonly string[]>> = {
  "git-store": () => ["--store", "git-store"],
  file: () => ["--store", "file"],
  env: (scene) => {
    scene.box.env.SITE_TOKEN = tokenOf(scene);
    return ["--store", "env:SITE_TOKEN"];
  },
  command: (scene) => {
    const kept = scene.box.write("../vault/site", `${tokenOf(scene)}\n`, 0o600);
    return ["--store", `command:cat ${kept}`];
  },
};

/** `site` is refused; `guarded`, in a clone of its own and as a second remote here, works as `bob`. */
async function broken(ground: Ground = "plain", url = ANAS): Promise<Scene> {
  const scene = await makeScene(ground, sentBy("app password"));
  scene.global("[credential]\n\thelper = store\n");
  scene.origin(url);
  scene.local(`[remote "fork"]\n\turl = ${BESIDE}\n`);
  // Git puts what worked first: so it stays where it is.
  scene.stored([{ user: "bob", secret: tokenOf(scene, "api-token-bob") }, scene.sent], undefined, true);
  await scene.box.git(["init", "-q", "beside"]);
  await scene.box.git(["remote", "add", "origin", BESIDE], { cwd: "beside" });
  await scene.finish();
  return scene;
}

/** Which credentials arrived for a repository, each once. libcurl's own try with an empty password is none. */
function arrivedFor(scene: Scene, repository: string): string[] {
  const entries = scene.box.emulator.log.filter(({ path }) => path.toLowerCase().includes(`/${repository}`));
  const labels = entries.flatMap(({ credential }) => credential ?? []);
  return [...new Set(labels)].filter((label) => label !== "unknown");
}

/** The second repository signs in as ever, in both places. */
async function besideWorks(scene: Scene): Promise<void> {
  for (const [remote, options] of [
    ["origin", { cwd: "beside" }],
    ["fork", {}],
  ] as const) {
    scene.box.emulator.clearLog();
    const { code, stderr } = await scene.git(["ls-remote", remote], options);
    expect(code, stderr).toBe(0);
    expect(arrivedFor(scene, "acme/guarded")).toEqual(["api-token-bob"]);
  }
}

async function works(scene: Scene, direction: Direction): Promise<void> {
  scene.box.emulator.clearLog();
  const { code, stderr } = await scene.act(direction);
  expect(code, stderr).toBe(0);
  expect(arrivedFor(scene, "acme/site")).toEqual(["repository-token"]);
}

async function undo(scene: Scene, before: Record<string, string>): Promise<void> {
  const undone = await scene.rekey(["undo", "--yes"]);
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  expect(scene.files()).toEqual(before);
}

const inside = (name: string): boolean => name === "env" || name === "command";

describe.each(Object.entries(STORES))("--store %s", (name, prepare) => {
  test("a second repository keeps its credential: before, after, undone", async () => {
    await using scene = await broken();
    await besideWorks(scene);
    const flags = [...WAY, ...prepare(scene)];
    const before = scene.files();
    await fix(scene, { direction: "push", flags }, inside(name) ? "" : tokenOf(scene));
    await works(scene, "fetch");
    await works(scene, "push");
    await besideWorks(scene);
    await works(scene, "fetch");
    await undo(scene, before);
    await besideWorks(scene);
  });
});

test.each<Ground>(["bare", "worktree", "odd-path", "crlf"])("on the ground %s", async (ground) => {
  await using scene = await broken(ground);
  const before = scene.files();
  await fix(scene, { direction: "fetch", flags: WAY }, tokenOf(scene));
  await works(scene, "fetch");
  await besideWorks(scene);
  await undo(scene, before);
});

test("nowhere: Git asks for it, for this repository alone", async () => {
  await using scene = await broken();
  const before = scene.files();
  await fix(scene, { direction: "fetch", flags: [...WAY, "--store", "prompt"] }, tokenOf(scene));
  const typed = scene.box.write("../tmp/typed", tokenOf(scene), 0o600);
  const GIT_ASKPASS = scene.box.write("../tmp/ask", `#!/bin/sh\nexec cat '${typed}'\n`, 0o755);
  scene.box.emulator.clearLog();
  expect((await scene.act("fetch", { env: { GIT_ASKPASS } })).code).toBe(0);
  expect(arrivedFor(scene, "acme/site")).toEqual(["repository-token"]);
  expect(scene.box.read(".git-credentials")).not.toContain("x-token-auth");
  await besideWorks(scene);
  await undo(scene, before);
});

describe("every way to the repository", () => {
  test.each(["acme/site.git", "acme/site", "Acme/Site.git"])("%s", async (path) => {
    for (const store of ["git-store", "file"]) {
      await using scene = await broken("plain", `https://ana@bitbucket.org/${path}`);
      const before = scene.files();
      await fix(scene, { direction: "fetch", flags: [...WAY, "--store", store] }, tokenOf(scene));
      await works(scene, "fetch");
      await undo(scene, before);
    }
  });

  test.each(["git-store", "file"])("a push URL of its own, and the other spelling · %s", async (store) => {
    await using scene = await makeScene("plain", sentBy("app password"));
    scene.global("[credential]\n\thelper = store\n");
    scene.origin(SITE, "\tpushurl = https://bitbucket.org/acme/site\n");
    scene.stored([scene.sent]);
    const before = scene.files();
    await fix(scene, { direction: "push", flags: [...WAY, "--store", store] }, tokenOf(scene));
    await works(scene, "fetch");
    await works(scene, "push");
    await undo(scene, before);
  });

  test("another clone of it that names another person", async () => {
    await using scene = await broken();
    await fix(scene, { direction: "fetch", flags: [...WAY, "--store", "file"] }, tokenOf(scene));
    scene.box.emulator.clearLog();
    const { code, stderr } = await scene.git(["ls-remote", SITE.replace("//", "//bob@")]);
    expect(code, stderr).toBe(0);
    expect(arrivedFor(scene, "acme/site")).toEqual(["repository-token"]);
  });

  test.each(["acme/site.git/../../eve/x", "acme/si*te", "acme/x\\n[alias]"])(
    "not to a name that a checkout made up: %s",
    async (path) => {
      await using scene = await makeScene("plain", sentBy("app password"));
      scene.global("[credential]\n\thelper = store\n");
      scene.origin(`"https://bitbucket.org/${path}"`);
      scene.stored([scene.sent]);
      for (const store of ["git-store", "file"]) {
        const { code, stderr } = await scene.rekey(["fix", "--dry-run", ...WAY, "--store", store]);
        expect(code, stderr).toBe(4);
        expect(stderr).toContain("does not name one as Bitbucket writes it; nothing has been changed");
      }
    },
  );

  test("another clone of it, where git-rekey keeps the token", async () => {
    await using scene = await broken();
    await fix(scene, { direction: "fetch", flags: [...WAY, "--store", "file"] }, tokenOf(scene));
    scene.box.emulator.clearLog();
    const cloned = await scene.git(["clone", "-q", "https://bitbucket.org/acme/site", "../again"]);
    expect(cloned.code, cloned.stderr).toBe(0);
    expect(arrivedFor(scene, "acme/site")).toEqual(["repository-token"]);
  });
});

describe("two repositories in one checkout are refused", () => {
  async function both(): Promise<Scene> {
    const scene = await makeScene("plain", sentBy("app password"));
    scene.global("[credential]\n\thelper = store\n");
    scene.origin();
    scene.local(`[remote "docs"]\n\turl = https://${scene.pair}@bitbucket.org/acme/docs.git\n`);
    scene.stored([scene.sent]);
    return scene;
  }

  test("one is served, the other is named and left as it is; then its own token comes beside", async () => {
    await using scene = await both();
    const before = scene.files();
    const flags = ["--with", "access-token", "--push", "--yes", "--store", "file"];
    const first = await scene.rekey(["fix", ...flags], { stdin: tokenOf(scene) });
    expect(first.code, first.stdout + first.stderr).toBe(0);
    expect(first.stderr).toContain("an access token is for one repository, so this plan leaves `acme/docs`");
    expect(scene.box.read(scene.localConfig)).toContain(`${scene.pair}@bitbucket.org/acme/docs.git`);
    expect(arrivedFor(scene, "acme/docs")).not.toContain("repository-token");

    const second = await scene.rekey(["fix", ...flags], { stdin: tokenOf(scene, "repository-token-docs") });
    expect(second.code, second.stdout + second.stderr).toBe(0);
    const { accounts } = JSON.parse(scene.box.read(ACCOUNTS_FILE)) as AccountList;
    expect(accounts.map(({ name }) => name)).toEqual(["acme/site", "acme/docs"]);
    await works(scene, "push");
    scene.box.emulator.clearLog();
    expect((await scene.git(["push", "docs", "HEAD:refs/heads/topic"])).code).toBe(0);
    expect(arrivedFor(scene, "acme/docs")).toEqual(["repository-token-docs"]);
    const tooEarly = await scene.rekey(["undo", "--yes", "1"]);
    expect(tooEarly.code).toBe(2);
    expect(tooEarly.stderr).toContain("`git rekey undo 2` comes first; nothing was changed");
    await works(scene, "push");
    await scene.rekey(["undo", "--yes", "2"]);
    await undo(scene, before);
  });
});

describe("where a person's own token works", () => {
  async function working(): Promise<Scene> {
    const scene = await makeScene("plain", sentBy("app password"));
    scene.global("[credential]\n\thelper = store\n");
    scene.origin(SITE, '[remote "fork"]\n\turl = https://bitbucket.org/acme/guarded.git\n');
    scene.stored([{ user: "ana", secret: tokenOf(scene, "api-token") }], undefined, true);
    return scene;
  }

  test.each(["git-store", "file"])(
    "the access token is sent instead, for its repository · %s",
    async (store) => {
      await using scene = await working();
      const before = scene.files();
      await fix(scene, { direction: "fetch", flags: [...WAY, "--store", store] }, tokenOf(scene));
      await works(scene, "fetch");
      expect(scene.box.read(".git-credentials")).toBe(before[".git-credentials"]?.slice(5) ?? "");
      scene.box.emulator.clearLog();
      expect((await scene.git(["ls-remote", "fork"])).code).toBe(0);
      expect(arrivedFor(scene, "acme/guarded")).toEqual(["api-token"]);
      const again = await scene.rekey(["fix", "--yes", ...WAY, "--store", store], { stdin: tokenOf(scene) });
      expect(again.stderr).toContain("there is nothing to fix here");
      await undo(scene, before);
    },
  );

  test("nobody who did not ask for it gets one", async () => {
    await using scene = await working();
    const ran = await scene.rekey(["fix", "--yes", "--store", "file"], { stdin: tokenOf(scene) });
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr).toContain("there is nothing to fix here");
  });
});

describe("where git-rekey keeps a person's token already", () => {
  const OTHERS = ["https://bitbucket.org/acme/guarded.git", "https://ana@bitbucket.org/acme/guarded"];

  async function kept(): Promise<Scene> {
    const scene = await makeScene("plain", sentBy("app password"));
    scene.global("[credential]\n\thelper = store\n");
    scene.origin();
    scene.stored([scene.sent]);
    await fix(
      scene,
      { direction: "fetch", flags: ["--with", "helper", "--store", "file"] },
      tokenOf(scene, "api-token"),
    );
    return scene;
  }

  test("Git that names no repository here does not mean the one it would have named", async () => {
    await using scene = await kept();
    const before = scene.files();
    await fix(scene, { direction: "fetch", flags: [...WAY, "--store", "file"] }, tokenOf(scene));
    await works(scene, "fetch");
    for (const url of OTHERS) {
      scene.box.emulator.clearLog();
      const { code, stderr } = await scene.git(["ls-remote", url]);
      expect(code, stderr).toBe(0);
      expect(arrivedFor(scene, "acme/guarded")).toEqual(["api-token"]);
    }
    await works(scene, "fetch");
    await undo(scene, before);
  });

  test("a submodule is cloned with the person's token", async () => {
    await using scene = await kept();
    await fix(scene, { direction: "fetch", flags: [...WAY, "--store", "file"] }, tokenOf(scene));
    scene.box.emulator.clearLog();
    const added = await scene.git(["submodule", "add", "-q", OTHERS[0] ?? "", "guarded"]);
    expect(added.code, added.stderr).toBe(0);
    expect(arrivedFor(scene, "acme/guarded")).toEqual(["api-token"]);
  });
});

describe("a URL, before there is a clone", () => {
  async function alone(): Promise<Scene> {
    const scene = await makeScene("plain", sentBy("app password"));
    scene.global("[credential]\n\thelper = store\n");
    scene.stored([scene.sent]);
    scene.cwd = ".";
    return scene;
  }

  test.each(["git-store", "file"])("git clone works afterwards · %s", async (store) => {
    await using scene = await alone();
    const before = scene.files();
    const args = ["fix", "--yes", "--json", ...WAY, "--store", store, SITE];
    const ran = await scene.rekey(args, { stdin: tokenOf(scene) });
    expect(ran.code, ran.stdout + ran.stderr).toBe(0);
    for (const url of [SITE, SITE.replace(".git", "")]) {
      scene.box.emulator.clearLog();
      const cloned = await scene.git(["clone", "-q", url, `../clone${url.length}`]);
      expect(cloned.code, cloned.stderr).toBe(0);
      expect(arrivedFor(scene, "acme/site")).toEqual(["repository-token"]);
    }
    scene.box.emulator.clearLog();
    await scene.git(["ls-remote", "https://bitbucket.org/acme/guarded.git"]);
    await scene.git(["ls-remote", "https://bitbucket.org/acme/site-two"]);
    expect(scene.arrived()).not.toContain("repository-token");
    await undo(scene, before);
  });

  test("a person's name in it is for the store no name of the token", async () => {
    await using scene = await alone();
    const args = ["fix", "--yes", ...WAY, "--store", "git-store", ANAS];
    const ran = await scene.rekey(args, { stdin: tokenOf(scene) });
    expect(ran.code).toBe(4);
    expect(ran.stderr).toMatch(/the URL names `ana`.*--store file.*nothing has been changed/);
  });

  test("no repository in it", async () => {
    await using scene = await broken();
    const ran = await scene.rekey(["fix", "--yes", ...WAY, "https://bitbucket.org/acme"]);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain("the URL names none");
    expect(scene.arrived()).toEqual([]);
  });
});
