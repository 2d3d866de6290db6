/** Lays a broken set-up out: the home folder's files anew, and a fresh clone. */
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Emulator, makeRepository, makeWorkspace } from "../../emulator/index.ts";
import { must, type RunGit } from "./child.ts";
import { forgetAll } from "./remember.ts";
import { gitConfig } from "./sandbox.ts";
import type { Breakage, Entry, SetUp } from "./set-ups.ts";
import type { Stage } from "./stage.ts";

/** What the set-ups need beside the emulator's usual world. The addresses are reserved for documentation. */
export function furnish({ world }: Emulator): void {
  const members = new Map([["ana", "owner" as const]]);
  world.workspaces.set(
    "vault",
    makeWorkspace("vault", { name: "Vault", members, allowedAddresses: ["203.0.113.0/24"] }),
  );
  world.repositories.set("vault/ledger", makeRepository("vault/ledger"));
}

function line({ user, secret }: Entry): string {
  return `https://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@bitbucket.org\n`;
}

/** A key and a value as a configuration file has them; never given to git as arguments, which others can read. */
function configText(settings: Breakage["local"] = []): string {
  return settings
    .map(([key, value]) => {
      const first = key.indexOf(".");
      const last = key.lastIndexOf(".");
      const heading = `[${key.slice(0, first)} "${key.slice(first + 1, last)}"]`;
      return `${heading}\n\t${key.slice(last + 1)} = ${JSON.stringify(value)}\n`;
    })
    .join("");
}

/** Takes what an earlier set-up left in the home folder. */
async function clearHome({ sandbox }: Stage): Promise<void> {
  await forgetAll(sandbox);
  for (const name of [".netrc", ".git-credentials", ".gitconfig"])
    rmSync(join(sandbox.home, name), { force: true });
}

function fillHome({ sandbox }: Stage, { stored, netrc, global }: Breakage): void {
  const helper = stored === undefined ? "" : "[credential]\n\thelper = store\n";
  sandbox.write(".gitconfig", gitConfig(helper + configText(global)));
  if (stored) sandbox.write(".git-credentials", line(stored));
  if (netrc)
    sandbox.write(".netrc", `machine bitbucket.org\nlogin ${netrc.user}\npassword ${netrc.secret}\n`);
}

function freshFolder(home: string, name: string): string {
  mkdirSync(join(home, "practice"), { recursive: true });
  for (let number = 1; ; number++) {
    const folder = join(home, "practice", number === 1 ? name : `${name}-${number}`);
    if (!existsSync(folder)) return folder;
  }
}

/** Clones with a good token while no address is barred. */
async function clone(stage: Stage, repository: string, folder: string): Promise<void> {
  const { emulator, sandbox, run } = stage;
  fillHome(stage, {
    stored: { user: "x-bitbucket-api-token-auth", secret: emulator.secret("api-token") },
  });
  const workspace = emulator.world.workspaces.get(repository.split("/", 1)[0] ?? "");
  const allowed = workspace?.allowedAddresses ?? null;
  if (workspace) workspace.allowedAddresses = null;
  try {
    const url = `https://bitbucket.org/${repository}.git`;
    await must(run, { args: ["clone", "--quiet", url, folder], cwd: sandbox.home });
  } finally {
    if (workspace) workspace.allowedAddresses = allowed;
  }
}

/** A commit to push, so that a push is more than a look. */
async function addCommit(run: RunGit, folder: string): Promise<void> {
  await must(run, { args: ["commit", "--quiet", "--allow-empty", "--message", "Practice"], cwd: folder });
}

async function addSubmodule({ run, emulator }: Stage, folder: string, url: string): Promise<void> {
  const commit = await emulator.pushCommit("other/tools");
  await Bun.write(join(folder, ".gitmodules"), `[submodule "tools"]\n\tpath = tools\n\turl = ${url}\n`);
  await must(run, {
    args: ["update-index", "--add", "--cacheinfo", `160000,${commit},tools`],
    cwd: folder,
  });
  await must(run, { args: ["add", ".gitmodules"], cwd: folder });
  await addCommit(run, folder);
}

/** Gives the folder of the fresh clone. What another set-up has put into the home folder is taken away first. */
export async function prepare(stage: Stage, setUp: SetUp): Promise<string> {
  const { emulator, sandbox } = stage;
  const folder = freshFolder(sandbox.home, setUp.name);
  await clearHome(stage);
  await clone(stage, setUp.repository ?? "acme/site", folder);
  const broken = setUp.broken(emulator.secret);
  await clearHome(stage);
  const config = join(folder, ".git", "config");
  const text = await Bun.file(config).text();
  const url = broken.remote ?? `https://bitbucket.org/${setUp.repository ?? "acme/site"}.git`;
  await Bun.write(config, text.replace(/^(\turl = ).*$/m, `$1${url}`) + configText(broken.local));
  fillHome(stage, broken);
  if (broken.submodule) await addSubmodule(stage, folder, broken.submodule);
  else if (setUp.fails[0] === "push") await addCommit(stage.run, folder);
  return folder;
}
