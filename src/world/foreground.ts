/** A program in our place: it has our terminal, our pipes and our signals. */

/** What ended it: its own code, or a signal. */
export type Ended = { code: number } | { signal: NodeJS.Signals };

/** What people and systems send to end or steer a program. Ctrl-C reaches all in the foreground, us as well as it. */
const PASSED_ON = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"] as const;

type Child = Bun.Subprocess<"inherit", "inherit", "inherit">;

/** From its making to its release no signal ends us: what has to be put away first, is. */
export class Foreground {
  private child: Child | null = null;
  private first: NodeJS.Signals | null = null;
  private readonly news = Promise.withResolvers<NodeJS.Signals>();
  /** The first signal, whenever it comes. */
  readonly signalled = this.news.promise;

  constructor() {
    for (const signal of PASSED_ON) process.on(signal, this.hear);
  }

  private readonly hear = (signal: NodeJS.Signals): void => {
    this.first ??= signal;
    this.news.resolve(signal);
    this.child?.kill(signal);
  };

  /** What was heard first, if anything. */
  get heard(): NodeJS.Signals | null {
    return this.first;
  }

  /** Starts it; its number, or null where there is no such program. */
  start(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): number | null {
    try {
      const stdio = { stdin: "inherit", stdout: "inherit", stderr: "inherit" } as const;
      this.child = Bun.spawn([...argv], { env: { ...env }, ...stdio });
      return this.child.pid;
    } catch {
      return null;
    }
  }

  async ended(): Promise<Ended> {
    const { child } = this;
    if (child === null) throw new Error("nothing was started");
    await child.exited;
    const signal = child.signalCode as NodeJS.Signals | null;
    return signal === null ? { code: child.exitCode ?? 0 } : { signal };
  }

  release(): void {
    for (const signal of PASSED_ON) process.off(signal, this.hear);
  }
}

/** The code to leave with. Of a signal we die ourselves, so that whoever waits for us sees what the program died of. */
export function leaveAs(ended: Ended): number {
  if ("code" in ended) return ended.code;
  process.kill(process.pid, ended.signal);
  return 128;
}
