/** Archives as the usual programs make them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a program writes, run in a folder with these files. */
export async function run(
  files: Readonly<Record<string, string | Buffer>>,
  ...words: [program: string, ...words: string[]]
): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "git-rekey-archive-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const child = Bun.spawn(words, { cwd: folder, stdout: "pipe", stderr: "inherit" });
    const bytes = Buffer.from(await new Response(child.stdout).arrayBuffer());
    if ((await child.exited) !== 0) throw new Error(`${words[0]} failed`);
    return bytes;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
