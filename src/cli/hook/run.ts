/** `git rekey hook run`: what Git's hooks call. Says nothing when there is nothing to say. */
import { KIND_WORDS } from "../../core/bitbucket.ts";
import { HOOKS, type Hook } from "../../core/hook.ts";
import { type AddedTotals, type SeenAdded, scanPush, scanStaged } from "../../scan/staged.ts";
import { realGitStream } from "../../world/git-stream.ts";
import { randomBytes } from "../../world/hash.ts";
import { perform } from "../command.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

const WORDS: Readonly<Record<Hook, { would: string; anyway: string }>> = {
  "pre-commit": { would: "this commit would hold", anyway: "git commit --no-verify" },
  "pre-push": { would: "this push would send", anyway: "git push --no-verify" },
};

function hookNamed(name: string | undefined): Hook {
  const hook = HOOKS.find((one) => one === name);
  if (hook !== undefined) return hook;
  throw new Stop(
    EXIT.misuse,
    `it runs in ${HOOKS.map((one) => `\`${one}\``).join(" and ")}, and in no other hook`,
  );
}

function lookAtAdded(shell: Shell, hook: Hook, remote: string, stdin: string): Promise<AddedTotals> {
  const git = realGitStream(shell.self);
  const options = { salt: randomBytes(32) };
  const { signal } = new AbortController();
  return hook === "pre-commit"
    ? scanStaged(git, shell.self.cwd, options, signal)
    : scanPush(git, shell.self.cwd, remote, stdin, options, signal);
}

function inWords({ file, line, place, kind, secret, history }: SeenAdded, isMessage: boolean): string {
  const where = isMessage ? place : `${file}${line === null ? "" : `:${line}`}`;
  const commit = history === null || isMessage ? "" : `, in the commit ${history.commits[0]?.slice(0, 12)}`;
  return `  ${where}: ${KIND_WORDS[kind]}, ${secret?.length ?? 0} characters${commit}\n`;
}

/**
 * What is only a note elsewhere stops nobody here: a damaged token, one of Data Center, an example's password. Loaded
 * where there is something to judge, which an ordinary commit need not wait for.
 */
async function grave(spots: readonly SeenAdded[]): Promise<readonly SeenAdded[]> {
  if (spots.length === 0) return spots;
  const { verdictOf } = await import("../../core/spot-verdict.ts");
  const { roleOf } = await import("../../core/file-role.ts");
  return spots.filter((spot) => {
    const around = { role: roleOf(spot.file, spot.format), readers: null, alive: null };
    // Both hooks judge alike: it is not in the history of anybody else yet.
    return verdictOf({ ...spot, ...around, tracked: true, history: null }).severity !== "note";
  });
}

async function tell(shell: Shell, hook: Hook, { spots: all, complete }: AddedTotals): Promise<number> {
  const { would, anyway } = WORDS[hook];
  const spots = await grave(all);
  if (spots.length > 0) {
    const { hint } = await import("../../report/terminal.ts");
    const { oneLine } = await import("../../report/style.ts");
    const count = spots.length === 1 ? "a credential" : `${spots.length} credentials`;
    shell.err(
      `git-rekey: ${would} ${count} for Bitbucket, which everybody could read who has the repository:\n`,
    );
    for (const spot of spots) {
      const isMessage = spot.place.startsWith("the message of ");
      shell.err(`${oneLine(inWords(spot, isMessage).trimEnd())}\n`);
    }
    shell.err("Keep it outside the repository; a line that is none can say `rekey:allow`.\n");
    shell.err(hint(`\`${anyway}\` does it all the same`, shell.errStyle));
  }
  if (!complete)
    shell.err("git-rekey: git could not read all of it, so there may be more than is named here\n");
  return spots.length > 0 ? EXIT.findings : complete ? EXIT.ok : EXIT.unknown;
}

/** The words after the hook's name are what Git gives it. */
export async function run(this: unknown, _: object, ...words: string[]): Promise<void> {
  await perform(async (shell) => {
    const [name, remote = "origin"] = words;
    const hook = hookNamed(name);
    const stdin = hook === "pre-push" ? await shell.readStdin() : "";
    return tell(shell, hook, await lookAtAdded(shell, hook, remote, stdin));
  });
}
