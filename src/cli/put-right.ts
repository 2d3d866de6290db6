import type { LentUrl } from "../core/standing.ts";
import { VERSION } from "../core/version.ts";
import { sweep } from "../run/sweep.ts";
import { takeBackLeft } from "../steps/lend.ts";
import { Refusal } from "../steps/refusal.ts";
import { realFiles } from "../world/files.ts";
import { realGit } from "../world/git.ts";
import { openOutput } from "../world/output.ts";
import type { RunTool } from "../world/ports.ts";
import { FolderGone, readSelf } from "../world/self.ts";

function say(text: string): void {
  openOutput(2).write(`git-rekey: ${text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?")}\n`);
}

function ports() {
  const self = readSelf();
  const keychain = async () => (await import("../world/keychain.ts")).realKeychain(self);
  const tool: RunTool = async (argv, stdin) => (await import("../world/tool.ts")).runTool(argv, stdin);
  return { self, files: realFiles(), git: realGit(self), keychain, tool };
}

async function takeBack(here: ReturnType<typeof ports>, lent: LentUrl): Promise<boolean> {
  try {
    const taken = await takeBackLeft(here, lent, VERSION);
    const since = {
      "taken-back": "it is taken out again, revoke it",
      gone: "somebody took it out since; revoke it",
      "no-file": "that file is not there any more, and if it was moved the token is still in it; revoke it",
    };
    say(`a command that was killed had left a token in \`${lent.file}\`; ${since[taken]}: ${lent.page}`);
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(
      `a command that was killed left a token in \`${lent.file}\`, and it is still there: ${error.message}`,
    );
    return false;
  }
}

/** Before anything else: what killed commands left. It never keeps a command, or Git's helper, from its own work. */
export async function putRight(): Promise<void> {
  try {
    const here = ports();
    await sweep(here, (lent) => takeBack(here, lent));
  } catch (error) {
    if (!(error instanceof FolderGone)) throw error;
  }
}
