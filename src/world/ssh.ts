import type { Self, SshResult, SshRun } from "./ports.ts";
import { endTree } from "./process-tree.ts";

/** In bytes, of each stream; more than anything we look for. */
const MOST = 65_536;

/** Milliseconds: what a program wrote before it ended is there by then, and who still holds its pipes is another. */
const AFTER_ITS_END = 300;

/** The beginning of a stream. The rest is read as well, so that nobody waits for us. */
async function beginningOf(stream: ReadableStream<Uint8Array>, enough: Promise<void>): Promise<string> {
  const reader = stream.getReader();
  const kept: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const read = await Promise.race([reader.read(), enough]);
    if (!read || read.done) break;
    if (size < MOST) kept.push(read.value);
    size += read.value.length;
  }
  void reader.cancel();
  return Buffer.concat(kept).toString("utf8");
}

/** The person's own environment, in untranslated words, with the ways of asking a person closed. */
function environment(self: Self, call: SshRun): Record<string, string> {
  const closed = { LC_ALL: "C", LANGUAGE: "", SSH_ASKPASS: "", SSH_ASKPASS_REQUIRE: "never" };
  const merged = { ...self.env, ...closed, ...call.env };
  return Object.fromEntries(
    Object.entries(merged).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** The real `RunSsh`. What it started (a `ProxyCommand`) is ended with it when the time is up. */
export async function runSsh(self: Self, call: SshRun): Promise<SshResult | null> {
  let child: Bun.Subprocess<Uint8Array, "pipe", "pipe">;
  try {
    child = Bun.spawn([...call.argv], {
      cwd: call.cwd,
      env: environment(self, call),
      stdin: Buffer.from(call.stdin ?? ""),
      stdout: "pipe",
      stderr: "pipe",
    });
  } catch {
    return null;
  }
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endTree(child.pid);
  }, call.timeout);
  const { promise: silence, resolve } = Promise.withResolvers<void>();
  let last: ReturnType<typeof setTimeout> | undefined;
  void child.exited.then(() => {
    last = setTimeout(resolve, AFTER_ITS_END);
  });
  const [stdout, stderr] = await Promise.all([
    beginningOf(child.stdout, silence),
    beginningOf(child.stderr, silence),
    child.exited,
  ]);
  clearTimeout(timer);
  clearTimeout(last);
  return { code: child.exitCode, stdout, stderr, timedOut };
}
