// Needs: git-lfs
/** Git LFS in one run: by its own commands, by its hook, and by its filter, whatever is in the way. */
import { describe, expect, test } from "bun:test";
import type { LogEntry } from "../../emulator/index.ts";
import {
  belongings,
  cloneSite,
  commit,
  credentialsSeen,
  leftovers,
  run,
  withAccount,
} from "../run-git/scene.ts";
import type { EmulatedSandbox } from "../sandbox.ts";

const plants: Readonly<Record<string, (box: EmulatedSandbox) => void>> = {
  nothing: () => {},
  "a netrc": (box) =>
    void box.write(
      ".netrc",
      `machine bitbucket.org login ana password ${box.emulator.secret("app-password")}\n`,
      0o600,
    ),
  "a stored app password and a header": (box) => {
    const pair = Buffer.from(`ana:${box.emulator.secret("app-password")}`).toString("base64");
    box.write(
      ".gitconfig",
      `${box.exists(".gitconfig") ? box.read(".gitconfig") : ""}[credential]\n\thelper = store\n[http "https://bitbucket.org"]\n\textraHeader = Authorization: Basic ${pair}\n`,
    );
    box.write(
      ".git-credentials",
      `https://ana:${box.emulator.secret("app-password")}@bitbucket.org\n`,
      0o600,
    );
  },
};

const lfsRequests = (box: EmulatedSandbox): LogEntry[] =>
  box.emulator.log.filter(({ service, credential }) => service === "lfs" && credential !== null);

describe.each(Object.entries(plants))("%s in the way", (_, plant) => {
  async function works(
    box: EmulatedSandbox,
    words: readonly string[],
    cwd: string,
    viaLfs = true,
  ): Promise<void> {
    const before = belongings(box);
    box.emulator.clearLog();
    expect(await run(box, words, { cwd }), words.join(" ")).toMatchObject({ code: 0 });
    expect(credentialsSeen(box), words.join(" ")).toEqual(["api-token"]);
    if (viaLfs) expect(lfsRequests(box).length, words.join(" ")).toBeGreaterThan(0);
    expect(belongings(box)).toEqual(before);
    expect(leftovers(box)).toEqual([]);
  }

  test("push through the hook, clone through the filter, lfs push, pull and fetch", async () => {
    await using box = await withAccount();
    await box.git(["lfs", "install", "--skip-repo"]);
    await cloneSite(box);
    await box.git(["lfs", "install", "--local"], { cwd: "site" });
    await box.git(["lfs", "track", "*.bin"], { cwd: "site" });
    plant(box);
    await commit(box, "large.bin", "large as such files go\n");
    box.write("site/below/deep/.keep", "");
    await works(box, ["push", "origin", "HEAD"], "site/below/deep");
    await works(box, ["clone", "https://bitbucket.org/acme/site.git", "copy"], ".");
    expect(box.read("copy/large.bin")).toBe("large as such files go\n");
    await commit(box, "larger.bin", "larger still\n");
    await works(box, ["lfs", "push", "--all", "origin"], "site");
    await works(box, ["push", "origin", "HEAD"], "site");
    await works(box, ["pull", "--quiet"], "copy");
    expect(box.read("copy/larger.bin")).toBe("larger still\n");
    const env = { GIT_LFS_SKIP_SMUDGE: "1" };
    await Bun.$`rm -rf ${box.path("copy")}`.quiet();
    await run(box, ["clone", "--quiet", "https://bitbucket.org/acme/site.git", "copy"], { env });
    expect(box.read("copy/larger.bin")).toStartWith("version https://git-lfs");
    await works(box, ["lfs", "fetch"], "copy");
    await Bun.$`rm -rf ${box.path("copy/.git/lfs")}`.quiet();
    await works(box, ["lfs", "pull"], "copy");
    expect(box.read("copy/larger.bin")).toBe("larger still\n");
  });
});

test("a hook with more in it than LFS wrote gets nothing", async () => {
  await using box = await withAccount();
  await cloneSite(box);
  await box.git(["lfs", "install", "--local"], { cwd: "site" });
  await box.git(["lfs", "track", "*.bin"], { cwd: "site" });
  await commit(box, "large.bin", "large\n");
  const hook = "site/.git/hooks/pre-push";
  box.write(hook, box.read(hook).replace("git lfs", "echo more\ngit lfs"), 0o755);
  const env = { GIT_TERMINAL_PROMPT: "0" };
  expect((await run(box, ["push", "origin", "HEAD"], { cwd: "site", env })).code).not.toBe(0);
  expect(lfsRequests(box)).toEqual([]);
});
