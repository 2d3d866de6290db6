/** A shell in which bitbucket.org is the emulator, with broken set-ups to ask for. */
import { type ChildProcess, spawn } from "node:child_process";
import { basename } from "node:path";
import { EXIT } from "../cli/exit.ts";
import type { Shell } from "../cli/shell.ts";
import { paints, wrap } from "../report/style.ts";
import { furnish } from "./prepare.ts";
import { openCounter } from "./counter.ts";
import { SET_UPS } from "./set-ups.ts";
import type { Stage } from "./stage.ts";
import { layOutTokens, TOKENS } from "./tokens.ts";

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
        "files, Git configuration and credentials are not touched. Only Git and git-rekey see the emulator.",
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

/** Opens the shell and waits until the person leaves it. Its own exit code says nothing about the demo. */
export async function openPractice(shell: Shell, stage: Stage): Promise<number> {
  const { sandbox, ending, emulator } = stage;
  furnish(emulator);
  layOutTokens(stage);
  const counter = openCounter(stage);
  const program = shell.self.env.SHELL || "/bin/sh";
  const { args, prompt } = KNOWN[basename(program)] ?? OTHER;
  shell.out(banner(shell));
  const child = spawn(program, [...args], {
    cwd: sandbox.home,
    env: { ...sandbox.env, SHELL: program, ...(prompt === "" ? {} : { PS1: prompt }) },
    stdio: "inherit",
  });
  // A Ctrl-C at the prompt is the shell's; what reaches this process is meant for the whole demo.
  const hangUp = () => child.kill("SIGHUP");
  ending.addEventListener("abort", hangUp, { once: true });
  try {
    await leaving(child);
    ending.throwIfAborted();
  } finally {
    ending.removeEventListener("abort", hangUp);
    await counter.close();
  }
  shell.out(`The demo is over; all that it made has been removed. It knew ${TOKENS.length} tokens.\n`);
  return EXIT.ok;
}
