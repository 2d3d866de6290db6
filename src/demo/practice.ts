/** A shell in which bitbucket.org is the emulator, with broken set-ups to ask for. */
import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import type { Shell } from "../cli/shell.ts";
import { paints, wrap } from "../report/style.ts";
import { openCounter } from "./counter.ts";
import { furnish } from "./prepare.ts";
import { SET_UPS } from "./set-ups.ts";
import type { Stage } from "./stage.ts";
import { layOutTokens } from "./tokens.ts";

const PROMPT = "(demo)";

/** A shell with a marked prompt and without anybody's start-up files. */
interface Interactive {
  args: readonly string[];
  prompt: string;
}

const FISH_PROMPT = `function fish_prompt; echo -n "${PROMPT} "(prompt_pwd)" > "; end`;

const KNOWN: Readonly<Record<string, Interactive>> = {
  bash: { args: ["--norc", "--noprofile", "-i"], prompt: `${PROMPT} \\w \\$ ` },
  zsh: { args: ["-f", "-i"], prompt: `${PROMPT} %~ %# ` },
  fish: { args: ["-C", FISH_PROMPT], prompt: "" },
};

/** What is not known gets no arguments: what it reads at its start is below HOME, where nothing is. */
const OTHER: Interactive = { args: [], prompt: `${PROMPT} $ ` };

function banner(shell: Shell): string {
  const { width } = shell.outStyle;
  const paint = paints(shell.outStyle);
  const rows = [
    ["demo-break", "lists broken set-ups; `demo-break NAME` makes one in a fresh folder"],
    ["demo-token", "lists tokens; `demo-token NAME` prints one, for `git rekey fix` to take from stdin"],
    ["exit", "ends the demo and removes all of it"],
  ] as const;
  return [
    "",
    ...wrap(
      "In this shell bitbucket.org is an emulator on this machine, and your home is a temporary folder. Your own " +
        "files, Git configuration and credentials are not touched, and Git reaches nothing else from here.",
      width,
    ),
    "",
    ...wrap(
      "Accounts: `ana` owns the workspaces `acme` (repositories `site`, `docs`, `guarded`, `empty`) and `other` " +
        "(`tools`); `bob` may read `acme/site`. Tokens work nowhere else, so printing them is harmless.",
      width,
    ),
    "",
    ...rows.flatMap(([name, says]) =>
      wrap(says, width - 14).map(
        (line, i) => `  ${i === 0 ? paint.cyan(name.padEnd(12)) : " ".repeat(12)}${line}`,
      ),
    ),
    "",
    `Try: \`demo-break ${SET_UPS[0]?.name}\``,
    "",
    "",
  ].join("\n");
}

function leaving(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", () => done());
  });
}

/** Milliseconds that a shell has to go when it is told to. */
const LAST_ORDERS = 1000;

function hangUp(child: ChildProcess): void {
  child.kill("SIGHUP");
  setTimeout(() => child.kill("SIGKILL"), LAST_ORDERS).unref();
}

async function runShell(program: string, stage: Stage): Promise<void> {
  const { sandbox, ending } = stage;
  const { args, prompt } = KNOWN[basename(program)] ?? OTHER;
  stage.shellIsOpen = true;
  const child = spawn(program, [...args], {
    cwd: sandbox.home,
    env: { ...sandbox.env, SHELL: program, ...(prompt === "" ? {} : { PS1: prompt }) },
    stdio: "inherit",
  });
  const end = () => hangUp(child);
  ending.addEventListener("abort", end, { once: true });
  try {
    await leaving(child);
  } finally {
    ending.removeEventListener("abort", end);
    stage.shellIsOpen = false;
  }
  ending.throwIfAborted();
}

/** Opens the shell and waits until the person leaves it. Its own exit code says nothing about the demo. */
export async function openPractice(shell: Shell, stage: Stage): Promise<void> {
  furnish(stage.emulator);
  layOutTokens(stage);
  const counter = openCounter(stage);
  shell.out(banner(shell));
  try {
    await runShell(shell.self.env.SHELL || "/bin/sh", stage);
  } finally {
    await counter.close();
  }
}
