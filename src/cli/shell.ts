import type { Eyes } from "../probes/world.ts";
import { fit, type Style } from "../report/style.ts";
import { realFiles } from "../world/files.ts";
import { realGit } from "../world/git.ts";
import { realHttp } from "../world/http.ts";
import { type Output, openOutput } from "../world/output.ts";
import type { Browser, RunTool, Self, WriteFiles } from "../world/ports.ts";
import { runProgram } from "../world/program.ts";
import { hasTerminal, readSelf } from "../world/self.ts";
import { readStdin } from "../world/terminal.ts";
import { openVault } from "../world/vault.ts";

/** What a command works with: the world, and the two ways to speak. Every word passes the vault's mask. */
export interface Shell extends Eyes {
  files: WriteFiles;
  vault: ReturnType<typeof openVault>;
  tool: RunTool;
  browser(): Promise<Browser>;
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, questions, warnings. */
  err(text: string): void;
  outStyle: Style;
  errStyle: Style;
  /** A person can be asked. */
  hasTerminal: boolean;
  /** For work that is only done to be watched: called when nobody reads stdout any more. */
  onUnread(heard: () => void): void;
  /** What came on stdin; read once, however many targets want it. */
  readStdin(): Promise<string>;
}

function styleOf({ isTerminal, columns }: Output, env: Self["env"]): Style {
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  const colour = !env.NO_COLOR && (wanted || (isTerminal && env.TERM !== "dumb"));
  const width = columns ?? (Number(env.COLUMNS) || 80);
  return { colour, width: Math.max(20, Math.min(width, 100)) };
}

/** Opens the real world. Everything slow is left for whoever needs it. */
export function openShell(self: Self = readSelf()): Shell {
  const vault = openVault();
  let piped: Promise<string> | null = null;
  const [stdout, stderr] = [openOutput(1), openOutput(2)];
  const errStyle = styleOf(stderr, self.env);
  return {
    self,
    vault,
    files: realFiles(),
    git: realGit(self),
    keychain: async () => (await import("../world/keychain.ts")).realKeychain(self),
    run: runProgram,
    ssh: async (call) => (await import("../world/ssh.ts")).runSsh(self, call),
    tool: async (argv, stdin) => (await import("../world/tool.ts")).runTool(argv, stdin),
    browser: async () => (await import("../world/browser.ts")).realBrowser(self),
    http: realHttp(vault),
    out: (text) => stdout.write(vault.mask(text)),
    // Broken only for eyes: whoever reads a pipe by lines wants a sentence to be one.
    err: (text) => stderr.write(stderr.isTerminal ? fit(vault.mask(text), errStyle.width) : vault.mask(text)),
    outStyle: styleOf(stdout, self.env),
    errStyle,
    hasTerminal: hasTerminal(),
    onUnread(heard) {
      stdout.onUnread = heard;
    },
    readStdin() {
      piped ??= readStdin();
      return piped;
    },
  };
}
