import type { Git, GitResult, GitRun, Self } from "./ports.ts";
import { endTree } from "./process-tree.ts";

const DEFAULT_TIMEOUT = 30_000;

/** Traces print URLs with their passwords; they are never passed on. */
function isTrace(name: string): boolean {
  return /^(GIT_TRACE|GIT_CURL_VERBOSE|GCM_TRACE)/.test(name);
}

/**
 * The environment of every git we start: the person's own, without traces, in Git's untranslated words, and with
 * every way of asking a person closed. `GIT_ASKPASS` set but empty is what blocks the other two askpass sources.
 */
export function environment(self: Self, call: Pick<GitRun, "env">): Record<string, string> {
  const merged: Record<string, string | undefined> = {
    ...self.env,
    LC_ALL: "C",
    LANGUAGE: "",
    GIT_TERMINAL_PROMPT: "0",
    GIT_ASKPASS: "",
    SSH_ASKPASS: "",
    GCM_INTERACTIVE: "never",
    GIT_OPTIONAL_LOCKS: "0",
    // With it `git config`, and no other command, would read that one file instead of all that Git obeys.
    GIT_CONFIG: undefined,
    ...call.env,
  };
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(merged)) {
    if (value !== undefined && !isTrace(name)) kept[name] = value;
  }
  return kept;
}

/** The quick way, for every call without a secret: Bun starts a process in a third of the time `node:child_process` takes. */
async function runPlain(self: Self, program: string, call: GitRun): Promise<GitResult> {
  let child: Bun.Subprocess<"pipe" | Uint8Array, "pipe", "pipe">;
  try {
    child = Bun.spawn([program, ...call.args], {
      cwd: call.cwd ?? self.cwd,
      env: environment(self, call),
      stdin: Buffer.from(call.stdin ?? ""),
      stdout: "pipe",
      stderr: "pipe",
    });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { code: null, missing, timedOut: false, stdout: new Uint8Array(), stderr: "" };
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endTree(child.pid);
  }, call.timeout ?? DEFAULT_TIMEOUT);
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).bytes(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  clearTimeout(timer);
  return { code: child.exitCode, missing: false, timedOut, stdout, stderr };
}

function collect(into: Buffer[]) {
  return (chunk: Buffer) => void into.push(chunk);
}

/** With a fourth pipe, for the secret. */
async function runWithSecret(self: Self, program: string, call: GitRun): Promise<GitResult> {
  const { spawn } = await import("node:child_process");
  return new Promise((done) => {
    const child = spawn(program, [...call.args], {
      cwd: call.cwd ?? self.cwd,
      env: environment(self, call),
      stdio: ["pipe", "pipe", "pipe", "pipe"],
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      if (child.pid !== undefined) endTree(child.pid);
    }, call.timeout ?? DEFAULT_TIMEOUT);
    const finish = (code: number | null, missing: boolean) => {
      clearTimeout(timer);
      const words = Buffer.concat(stderr).toString("utf8");
      done({ code, missing, timedOut, stdout: Buffer.concat(stdout), stderr: words });
    };
    child.on("error", (error: NodeJS.ErrnoException) => finish(null, error.code === "ENOENT"));
    child.on("close", (code) => finish(code, false));
    child.stdout?.on("data", collect(stdout));
    child.stderr?.on("data", collect(stderr));
    child.stdin?.end(call.stdin ?? "");
    const pipe = child.stdio[3];
    if (pipe && "end" in pipe) {
      // A child that exits without reading must not take us down with EPIPE.
      pipe.on("error", () => {});
      pipe.end(call.secretPipe ?? "");
    }
  });
}

/** Runs real git. Never throws: a git that cannot be started is a result. */
export function realGit(self: Self, program = "git"): Git {
  return {
    run: (call) =>
      (call.secretPipe === undefined ? runPlain : runWithSecret)(self, call.program ?? program, call),
  };
}
