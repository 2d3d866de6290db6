/** Git whose output is too much to be held: it is handed over piece by piece, and git waits while one is looked at. */
import { environment } from "./git.ts";
import type { GitRun, Self } from "./ports.ts";
import { endTree } from "./process-tree.ts";

export type GitStreamRun = Pick<GitRun, "args" | "cwd" | "env" | "stdin">;

/** How it ended. */
export interface GitStreamEnd {
  /** Null when it was ended, or could not be started. */
  code: number | null;
  /** The beginning of what it complained about. */
  stderr: string;
  /** It said nothing for so long that it was ended. */
  stuck: boolean;
}

export interface GitStream {
  /** Runs git to its end, or until `cancelled`. `take` must not keep the piece. Never throws but what `take` throws. */
  stream(
    call: GitStreamRun,
    take: (piece: Uint8Array) => void,
    cancelled: AbortSignal,
  ): Promise<GitStreamEnd>;
}

/** Objects of gigabytes come in pieces, too: who is silent so long waits for something that does not come. */
const SILENCE = 120_000;

const MOST_WORDS = 4000;

/**
 * Only what is on this disk, as it is: nothing is fetched that a partial clone has left out (`GIT_NO_LAZY_FETCH` is
 * Git 2.45's; that no protocol is allowed does it for all before), nothing is replaced, nothing is run.
 */
const READ_ONLY = {
  GIT_NO_LAZY_FETCH: "1",
  GIT_ALLOW_PROTOCOL: "",
  GIT_NO_REPLACE_OBJECTS: "1",
  GIT_EXTERNAL_DIFF: undefined,
  GIT_PAGER: "cat",
};

/** The repository's own settings are a stranger's: those with which a reading git would run a program are overruled. */
const HARMLESS = ["core.fsmonitor=false", "log.showSignature=false", "core.hooksPath=/dev/null"].flatMap(
  (setting) => ["-c", setting],
);

async function beginningOf(words: ReadableStream<Uint8Array>): Promise<string> {
  let kept = "";
  const decoder = new TextDecoder();
  for await (const piece of words) if (kept.length < MOST_WORDS) kept += decoder.decode(piece);
  return kept.slice(0, MOST_WORDS);
}

/** The real one. */
export function realGitStream(self: Self, program = "git"): GitStream {
  return {
    async stream(call, take, cancelled) {
      if (cancelled.aborted) return { code: null, stderr: "", stuck: false };
      let child: Bun.Subprocess<Uint8Array, "pipe", "pipe">;
      try {
        child = Bun.spawn([program, "--no-pager", ...HARMLESS, ...call.args], {
          cwd: call.cwd ?? self.cwd,
          env: environment(self, { env: { ...READ_ONLY, ...call.env } }),
          stdin: Buffer.from(call.stdin ?? ""),
          stdout: "pipe",
          stderr: "pipe",
        });
      } catch {
        return { code: null, stderr: "", stuck: false };
      }
      let [stuck, heard] = [false, true];
      const end = () => endTree(child.pid);
      cancelled.addEventListener("abort", end);
      const timer = setInterval(() => {
        if (!heard) {
          stuck = true;
          end();
        }
        heard = false;
      }, SILENCE);
      const words = beginningOf(child.stderr);
      try {
        for await (const piece of child.stdout) {
          heard = true;
          take(piece);
        }
      } finally {
        clearInterval(timer);
        cancelled.removeEventListener("abort", end);
        if (child.exitCode === null && cancelled.aborted) end();
      }
      await child.exited;
      return { code: child.signalCode === null ? child.exitCode : null, stderr: await words, stuck };
    },
  };
}
