import type { Eyes } from "../probes/world.ts";
import { fit, type Style } from "../report/style.ts";
import { realFiles } from "../world/files.ts";
import { realGit } from "../world/git.ts";
import { realHttp } from "../world/http.ts";
import type { Self, WriteFiles } from "../world/ports.ts";
import { hasTerminal, readSelf } from "../world/self.ts";
import { readStdin } from "../world/terminal.ts";
import { openVault } from "../world/vault.ts";

/** What a command works with: the world, and the two ways to speak. Every word passes the vault's mask. */
export interface Shell extends Eyes {
  files: WriteFiles;
  vault: ReturnType<typeof openVault>;
  /** Results. */
  out(text: string): void;
  /** Everything else: progress, questions, warnings. */
  err(text: string): void;
  outStyle: Style;
  errStyle: Style;
  /** A person can be asked. */
  hasTerminal: boolean;
  /** What came on stdin; read once, however many targets want it. */
  readStdin(): Promise<string>;
}

function widthOf(stream: NodeJS.WriteStream): number {
  const columns = stream.columns || Number(process.env.COLUMNS) || 80;
  return Math.max(20, Math.min(columns, 100));
}

function styleOf(stream: NodeJS.WriteStream, env: Self["env"]): Style {
  const wanted = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "0";
  const colour = !env.NO_COLOR && (wanted || (stream.isTTY === true && env.TERM !== "dumb"));
  return { colour, width: widthOf(stream) };
}

/** Whoever reads us may stop early (`| head`). That is no failure of ours, and no reason to leave work half done. */
function carryOnWithoutReader(stream: NodeJS.WriteStream): void {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

/** Opens the real world. Everything slow is left for whoever needs it. */
export function openShell(self: Self = readSelf()): Shell {
  const vault = openVault();
  let piped: Promise<string> | null = null;
  carryOnWithoutReader(process.stdout);
  carryOnWithoutReader(process.stderr);
  const write = (stream: NodeJS.WriteStream) => (text: string) => {
    stream.write(vault.mask(text));
  };
  const errStyle = styleOf(process.stderr, self.env);
  const toStderr = write(process.stderr);
  return {
    self,
    vault,
    files: realFiles(),
    git: realGit(self),
    http: realHttp(vault),
    out: write(process.stdout),
    // Only for eyes: whoever reads a pipe by lines wants a sentence to be one.
    err: process.stderr.isTTY ? (text) => toStderr(fit(text, errStyle.width)) : toStderr,
    outStyle: styleOf(process.stdout, self.env),
    errStyle,
    hasTerminal: hasTerminal(),
    readStdin() {
      piped ??= readStdin();
      return piped;
    },
  };
}
