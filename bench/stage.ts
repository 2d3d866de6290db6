import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../emulator/index.ts";
import { API_TOKEN_USER } from "../src/core/bitbucket.ts";

/** A machine to measure on: a home, a clone that works, and a Bitbucket of its own. */
export interface Stage {
  /** Runs a program in the clone and waits for it. Throws unless it ends with one of these codes. */
  run(words: readonly string[], codes?: readonly number[]): Promise<void>;
  stop(): Promise<void>;
}

/** Sets the stage in a temporary folder. */
export async function setStage(): Promise<Stage> {
  const emulator = await startEmulator();
  const home = mkdtempSync(join(tmpdir(), "git-rekey-bench-"));
  const site = join(home, "site");
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    LC_ALL: "C",
    ...emulator.env,
  };
  const run = async (words: readonly string[], codes: readonly number[] = [0], cwd = site): Promise<void> => {
    const child = Bun.spawn([...words], { cwd, env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    const code = await child.exited;
    if (!codes.includes(code)) throw new Error(`${words.join(" ")} ended with ${code}`);
  };
  await run(["git", "init", "-q", site], [0], home);
  await run(["git", "config", "--global", "credential.helper", "store"]);
  await run(["git", "remote", "add", "origin", "https://bitbucket.org/acme/site.git"]);
  const entry = `https://${API_TOKEN_USER}:${encodeURIComponent(emulator.secret("api-token"))}@bitbucket.org\n`;
  writeFileSync(join(home, ".git-credentials"), entry, { mode: 0o600 });
  return {
    run: (words, codes) => run(words, codes),
    async stop() {
      await emulator.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
