/** The credential helper. Git starts it for every request, so it loads next to nothing and says nothing needless. */
import { realFiles } from "../world/files.ts";
import { readInput } from "../world/input.ts";
import { openOutput } from "../world/output.ts";
import { runProgram } from "../world/program.ts";
import { type HelperRoom, hear } from "./answer.ts";

/** One that has been removed is no reason to fail. */
function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return "/";
  }
}

function room(): HelperRoom {
  const { env, platform } = process;
  return {
    files: realFiles(),
    env,
    uid: process.getuid?.() ?? null,
    home: env.HOME || env.USERPROFILE || null,
    cwd: workingFolder(),
    keychain: async () => (await import("../world/keychain.ts")).realKeychain({ platform, env }),
    run: runProgram,
    now: () => Date.now(),
  };
}

/** What Git shows a person must be one line, whatever names are in it. */
function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}

/** `git-credential-rekey --socket PATH get`, or `git-rekey credential --socket PATH get`. */
function socketIn(words: readonly string[]): string | null {
  const at = words.indexOf("--socket");
  return at < 0 ? null : (words[at + 1] ?? null);
}

/** Hears the request to its end, so that Git never writes into a closed pipe, and answers if it is Bitbucket's. */
export async function helper(words: readonly string[]): Promise<void> {
  const text = readInput();
  const socket = socketIn(words);
  if (socket !== null) {
    openOutput(1).write(await (await import("./at-socket.ts")).hearForRun(socket, words, text));
    process.exit(0);
  }
  const { stdout, remark } = await hear(room(), words, text);
  if (stdout !== "") openOutput(1).write(stdout);
  if (remark !== null) openOutput(2).write(`git-rekey: ${oneLine(remark)}\n`);
  // A keychain that hangs would keep the process.
  process.exit(0);
}
