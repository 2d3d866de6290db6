/** Asks Bitbucket about a key with real git and ssh, without changing anything. */
import { isLocked, sshRun, withoutChatter } from "../../steps/prove-ssh.ts";
import type { Shell } from "../shell.ts";

export interface Trial {
  /** Git read the repository, or ssh only lacks the key's passphrase for it. */
  reads: boolean;
  /** What was said instead; empty where it reads. */
  why: string;
}

interface Tried {
  cwd: string;
  url: string;
  /** The private half's file; null: what ssh has already. */
  key: string | null;
  /** More of ssh's options, each `Name=value`. */
  options?: readonly string[];
}

const PATIENCE = 20_000;

/** One `git ls-remote`. Nobody is asked for anything, so of a locked key only Bitbucket's yes to its public half is heard. */
export async function tryKey(shell: Shell, { cwd, url, key, options = [] }: Tried): Promise<Trial> {
  const about = {
    kind: "prove",
    direction: "fetch",
    remote: null,
    url,
    source: { kind: "ssh", key },
  } as const;
  const room = { mayAsk: false, trustsRepository: false, options };
  const way = await sshRun({ git: shell.git, cwd, ssh: room }, about, shell.self.env);
  if ("reason" in way) return { reads: false, why: way.reason };
  const args = ["ls-remote", "--quiet", url, "HEAD"];
  const result = await shell.git.run({ args, cwd, env: way.env, timeout: PATIENCE });
  if (result.code === 0 || isLocked(result.stderr, key)) return { reads: true, why: "" };
  const words = withoutChatter(result.stderr).split("\n").filter(Boolean).slice(-2).join(" / ");
  return { reads: false, why: shell.vault.mask(result.timedOut ? "it took too long" : words) };
}
