/**
 * `git rekey scan --history` beside a search of every patch: on a repository of 50,000 commits, made at run time, with
 * credentials planted in its past.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mintApiToken, mintAppPassword } from "../emulator/tokens.ts";
import { compare } from "./measure.ts";

const COMMITS = 50_000;
const FILES = 2000;
const FOLDERS = 40;
const GOAL = 1.5;
const PAIRS = 7;

/** A commit in so many plants a token, and the next of its file takes it away. */
const PLANTED = 5000;

const WORDS = "the quick brown fox jumps over lazy dogs return const function import export value".split(" ");

function pick(seed: number): string {
  return WORDS[seed % WORDS.length] ?? "";
}

function lines(seed: number): string[] {
  return Array.from({ length: 60 }, (_, line) =>
    [3, 5, 7, 11, 13].map((by) => pick(seed * by + line * by)).join(" "),
  );
}

/** What `git fast-import` reads: each commit changes two lines of two files. */
export function* historyOf(commits: number): Generator<string> {
  const files = Array.from({ length: FILES }, (_, file) => lines(file));
  for (let commit = 0; commit < commits; commit++) {
    yield `commit refs/heads/main\ncommitter Ana <ana@acme.example> ${1_600_000_000 + commit} +0000\ndata 8\nchange\n\n\n`;
    for (const file of [(commit * 7) % FILES, (commit * 13 + 1) % FILES]) {
      const text = files[file] ?? [];
      text[commit % 60] = `${pick(commit)} ${commit} ${pick(commit * 3)}`;
      const token = commit % PLANTED < 2 ? (commit % 2 === 0 ? mintApiToken() : mintAppPassword()) : null;
      text[30] = token === null ? "no token" : `https://ana:${token}@bitbucket.org/acme/x.git`;
      const body = `${text.join("\n")}\n`;
      yield `M 100644 inline src/${file % FOLDERS}/f${file}.ts\ndata ${body.length}\n${body}\n`;
    }
  }
}

async function grow(folder: string): Promise<void> {
  const git = (...words: string[]) =>
    Bun.spawnSync(["git", "-C", folder, ...words], { stdout: "ignore", stderr: "ignore" });
  Bun.spawnSync(["git", "init", "-q", "--bare", "-b", "main", folder]);
  const child = Bun.spawn(["git", "-C", folder, "fast-import", "--quiet"], { stdin: "pipe" });
  for (const part of historyOf(COMMITS)) {
    child.stdin.write(part);
    await child.stdin.flush();
  }
  child.stdin.end();
  if ((await child.exited) !== 0) throw new Error("the history could not be made");
  git("gc", "-q");
}

async function run(words: readonly string[]): Promise<void> {
  const child = Bun.spawn([...words], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  const code = await child.exited;
  if (child.signalCode !== null || code > 3)
    throw new Error(`${words[0]} ended with ${child.signalCode ?? code}`);
}

/** Prints the ratio, beside its goal. */
export async function benchHistory(ours: (folder: string) => readonly string[]): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), "git-rekey-bench-"));
  try {
    const folder = join(scratch, "history.git");
    await grow(folder);
    const theirs = `git -C ${folder} log --all -p | grep -c -E 'ATBB|ATATT|ATCTT'`;
    const ratio = await compare(
      () => run(ours(folder)),
      () => run(["sh", "-c", theirs]),
      PAIRS,
    );
    const verdict = ratio.ratio <= GOAL ? "met" : "missed";
    console.log(
      `scan --history of ${COMMITS} commits, against \`git log --all -p | grep -c -E 'ATBB|ATATT|ATCTT'\`\n` +
        `  ${ratio.ratio.toFixed(2)}× (${ratio.ours.toFixed(0)} ms against ${ratio.theirs.toFixed(0)} ms, ` +
        `${ratio.pairs} pairs); goal at most ${GOAL}×: ${verdict}`,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
