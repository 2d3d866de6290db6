import type { ToolResult } from "./ports.ts";

/** Milliseconds. */
const PATIENCE = 20_000;

/** The real `RunTool`. */
export async function runTool(argv: readonly string[], stdin?: Uint8Array): Promise<ToolResult | null> {
  try {
    const child = Bun.spawn([...argv], {
      stdin: stdin ?? "ignore",
      stdout: "pipe",
      stderr: "pipe",
      env: { ...process.env, LC_ALL: "C" },
      timeout: PATIENCE,
    });
    const [stdout, stderr, code] = await Promise.all([
      child.stdout.bytes(),
      child.stderr.text(),
      child.exited,
    ]);
    return { code, stdout, stderr };
  } catch {
    return null;
  }
}
