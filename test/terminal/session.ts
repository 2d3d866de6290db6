/**
 * A program at a pseudo-terminal, and somebody who reads its screen and types. Bun brings the pseudo-terminal, so
 * nothing but Node, npm and git has to be on the machine. A shell is the session's leader, as in real life: Ctrl-C
 * reaches everything that runs in the foreground, and afterwards the shell tells how the terminal was left.
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Sandbox } from "../sandbox.ts";

export const CTRL_C = "\x03";
export const CTRL_D = "\x04";
export const ENTER = "\r";

export interface SessionOptions {
  /** Within the sandbox. Default: `site`. */
  cwd?: string;
  columns?: number;
  /** Over the sandbox's own; undefined removes a variable. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** What became of it. */
export interface Ended {
  code: number;
  /** Every byte that the terminal was given, as text. */
  raw: string;
  /** The same without colours and the like, with plain line ends. */
  screen: string;
  /** The terminal echoes, and reads by lines: as it was before. */
  restored: boolean;
}

/** Patience for one thing to appear. Generous, because other suites run at the same time. */
const PATIENCE = 40_000;

/** Comes after everything a program has said, and is not shown. */
const END = "\x1b]the end\x07";

/** Leaves out what moves the cursor or changes colours. */
function plain(raw: string): string {
  return raw.replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, "").replace(/\r+\n/g, "\n");
}

/** `trap :` keeps the shell alive through Ctrl-C without making its children deaf to it. */
const SCRIPT = `trap : INT
stty -a > "$NOTES/before"
"$@"
printf %s $? > "$NOTES/code"
stty -a > "$NOTES/after"
printf %s "$END"`;

export class Session {
  private raw = "";
  private seen = 0;
  private readonly decoder = new TextDecoder();
  private readonly notes: string;
  private readonly child: Bun.Subprocess;
  private heard = Promise.withResolvers<void>();

  constructor(box: Sandbox, argv: readonly string[], options: SessionOptions = {}) {
    this.notes = mkdtempSync(join(box.root, "session-"));
    const env: Record<string, string | undefined> = {
      TERM: "xterm-256color",
      ...box.env,
      ...options.env,
      NOTES: this.notes,
      END,
    };
    for (const [name, value] of Object.entries(env)) if (value === undefined) delete env[name];
    this.child = Bun.spawn(["sh", "-c", SCRIPT, "sh", ...argv], {
      cwd: box.path(options.cwd ?? "site"),
      env,
      terminal: {
        cols: options.columns ?? 100,
        rows: 50,
        data: (_terminal, bytes) => {
          this.raw += this.decoder.decode(bytes, { stream: true });
          this.heard.resolve();
          this.heard = Promise.withResolvers();
        },
      },
    });
  }

  /** Waits until this stands on the screen, after what was waited for before. */
  async until(text: string): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const screen = plain(this.raw);
      const at = screen.indexOf(text, this.seen);
      if (at >= 0) {
        this.seen = at + text.length;
        return;
      }
      if (Date.now() > deadline || this.child.exitCode !== null)
        throw new Error(`the terminal never showed ${JSON.stringify(text)}, but:\n${screen}`);
      await Promise.race([this.heard.promise, this.child.exited, Bun.sleep(200)]);
    }
  }

  type(text: string): void {
    this.child.terminal?.write(text);
  }

  /** Waits for a question, and answers it. */
  async answer(question: string, text: string): Promise<void> {
    await this.until(question);
    this.type(text);
  }

  async ended(): Promise<Ended> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), PATIENCE);
    await this.child.exited;
    clearTimeout(timer);
    // The last words may still be on their way. There are none where it was killed.
    while (this.child.exitCode === 0 && !this.raw.includes(END)) await this.heard.promise;
    this.child.terminal?.close();
    const note = (name: string) => readFileSync(join(this.notes, name), "utf8");
    const raw = this.raw.replace(END, "");
    return {
      code: Number(note("code")),
      raw,
      screen: plain(raw),
      restored: note("before") === note("after"),
    };
  }
}
