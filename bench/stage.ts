import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "../build/executable.ts";
import { startEmulator } from "../emulator/index.ts";
import { digestOf } from "../src/accounts/digest.ts";
import { type Account, NO_ACCOUNTS } from "../src/core/account.ts";
import { writeAccounts } from "../src/core/account-file.ts";
import { API_TOKEN_USER } from "../src/core/bitbucket.ts";

/** A program with its words, what it is told and what it ends with. */
export interface Program {
  words: readonly string[];
  code?: number;
  stdin?: string;
}

/** A machine to measure on: a home, a clone that works, and a Bitbucket of its own. */
export interface Stage {
  /** Runs a program in the clone and waits for it. Throws unless it ends with its code, 0 if none is named. */
  run(program: Program): Promise<void>;
  /** Its peak of memory, in bytes; null where nothing here can tell. */
  peak(program: Program): Promise<number | null>;
  /** A program that does nothing, compiled as ours is: what no program of its kind gets below. */
  empty: string;
  stop(): Promise<void>;
}

/** One account, its token in a file: what the helper answers with. */
function plantAccount(home: string, token: string): void {
  const account: Account = {
    name: "ana",
    kind: "api-token",
    reach: null,
    username: "ana",
    email: null,
    rights: ["pull", "push"],
    expires: null,
    added: new Date().toISOString(),
    secret: { kind: "file", name: "ana-1" },
    digest: digestOf(token),
  };
  for (const folder of [".config/git-rekey", ".local/share/git-rekey/tokens"])
    mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
  const list = writeAccounts({ ...NO_ACCOUNTS, accounts: [account] });
  writeFileSync(join(home, ".config/git-rekey/accounts.json"), list, { mode: 0o600 });
  writeFileSync(join(home, ".local/share/git-rekey/tokens/ana-1"), `${token}\n`, { mode: 0o600 });
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
  mkdirSync(site);
  const run = async ({ words, code = 0, stdin = "" }: Program): Promise<string> => {
    // From a file: a pipe would be written to when this process gets its turn, and that would be measured as well.
    const input = join(home, "stdin");
    writeFileSync(input, stdin);
    const stdio = { stdin: Bun.file(input), stdout: "ignore", stderr: "pipe" } as const;
    const child = Bun.spawn([...words], { cwd: site, env, ...stdio });
    const [said, ended] = await Promise.all([child.stderr.text(), child.exited]);
    if (ended !== code) throw new Error(`${words.join(" ")} ended with ${ended}`);
    return said;
  };
  const git = (...words: string[]) => run({ words: ["git", ...words] });
  await git("init", "-q");
  await git("config", "--global", "credential.helper", "store");
  await git("remote", "add", "origin", "https://bitbucket.org/acme/site.git");
  const entry = `https://${API_TOKEN_USER}:${encodeURIComponent(emulator.secret("api-token"))}@bitbucket.org\n`;
  writeFileSync(join(home, ".git-credentials"), entry, { mode: 0o600 });
  plantAccount(home, emulator.secret("api-token"));
  // What `gh auth login` leaves where there is no keychain.
  const hosts = `github.com:\n    user: ana\n    oauth_token: ${emulator.secret("oauth")}\n    git_protocol: https\n`;
  mkdirSync(join(home, ".config/gh"), { recursive: true });
  writeFileSync(join(home, ".config/gh/hosts.yml"), hosts, { mode: 0o600 });
  const [nothing, empty] = [join(home, "empty.ts"), join(home, "empty")];
  writeFileSync(nothing, "");
  compile(nothing, empty);
  return {
    run: async (program) => void (await run(program)),
    // A child counts the memory of whoever started it; behind \`time\`, which is small, it counts its own.
    async peak(program) {
      if (Bun.which("time") === null) return null;
      const said = await run({ ...program, words: ["time", "-f", "%M", ...program.words] });
      return Number(said.trim().split("\n").at(-1)) * 1024;
    },
    empty,
    async stop() {
      await emulator.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
