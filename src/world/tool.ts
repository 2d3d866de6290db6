import type { ToolResult } from "./ports.ts";

/** Milliseconds. */
const PATIENCE = 20_000;

/** The real `RunTool`. */
export async function runTool(argv: readonly string[], stdin = ""): Promise<ToolResult | null> {
  try {
    const child = Bun.spawn([...argv], {
      stdin: Buffer.from(stdin),
      stdout: "pipe",
      stderr: "pipe",
      env: { ...process.env, LC_ALL: "C" },
      timeout: PATIENCE,
    });
    const [stdout, stderr, code] = await Promise.all([
      child.stdout.text(),
      child.stderr.text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  } catch {
    return null;
  }
}
