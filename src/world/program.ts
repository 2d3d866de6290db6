import type { ProgramResult } from "./ports.ts";

/** In bytes; more than any token. */
const MOST = 65_536;

async function readSome(stream: ReadableStream<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    parts.push(part);
    size += part.length;
    if (size > MOST) break;
  }
  return Buffer.concat(parts).toString("utf8");
}

/** The real `RunProgram`. Whatever the program started is ended with it when the time is up. */
export async function runProgram(
  argv: readonly string[],
  cwd: string,
  timeout: number,
): Promise<ProgramResult | null> {
  let child: Bun.Subprocess<"ignore", "pipe", "ignore">;
  try {
    child = Bun.spawn([...argv], { cwd, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
  } catch {
    return null;
  }
  let timedOut = false;
  const timer = setTimeout(async () => {
    timedOut = true;
    const { endTree } = await import("./process-tree.ts");
    endTree(child.pid);
  }, timeout);
  const stdout = await readSome(child.stdout);
  await child.exited;
  clearTimeout(timer);
  return { code: child.exitCode, stdout, timedOut };
}
