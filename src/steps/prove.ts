import type { ProofStep } from "../core/plan.ts";
import type { Proof } from "../core/receipt.ts";
import type { SecretShape } from "../core/secret.ts";
import type { Git, Vault } from "../world/ports.ts";

/** What a proof may use. */
export interface ProofRoom {
  git: Git;
  vault: Vault;
  /** The folder Git is run in. */
  cwd: string;
  /** The new token and the user name that goes with it, for proofs in which a person would type it. */
  token: { user: string; secret: SecretShape } | null;
}

/** Milliseconds: a big repository's refs over a slow line. */
const PATIENCE = 60_000;

/** A name no one has, so that the dry run is about rights and never about history. */
const PROOF_REF = "refs/heads/git-rekey-proof";

/**
 * A stand-in for the person at the prompt: it hands over what it finds in file descriptor 3, which neither the
 * process list nor the environment shows. Only `get` is answered; `store` and `erase` are nobody's business.
 */
const TYPIST = '!f() { test "$1" = get && cat <&3; }; f';

/**
 * Options that leave Git one source alone. An empty helper forgets all others; an Authorization header that some
 * file still holds is forgotten in the most specific section there is, because a wider one would be passed over.
 */
function isolation({ source, url, kind }: ProofStep): string[] {
  const typist = ["-c", `credential.helper=${TYPIST}`];
  if (kind === "verify") return source?.kind === "ask" ? typist : [];
  const bare = ["-c", "credential.helper="];
  const noHeader = ["-c", `http.${url}.extraHeader=`];
  if (source?.kind === "helper") {
    return [...bare, "-c", `credential.helper=${source.helper}`, ...noHeader];
  }
  return source?.kind === "ask" ? [...bare, ...typist, ...noHeader] : [...bare, ...noHeader];
}

function question({ direction, remote, url }: ProofStep): string[] {
  const target = remote ?? url;
  if (direction === "fetch") return ["ls-remote", "--quiet", target, "HEAD"];
  // No hook of the repository may run, and nothing may arrive: the dry run ends after the rights are known.
  return ["push", "--dry-run", "--no-verify", "--quiet", target, `HEAD:${PROOF_REF}`];
}

async function hasCommit({ git, cwd }: ProofRoom): Promise<boolean> {
  return (await git.run({ args: ["rev-parse", "--verify", "--quiet", "HEAD"], cwd })).code === 0;
}

function lastWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-3).join(" / ");
}

/** Runs real git once and says whether it signed in. Changes nothing here or at Bitbucket. */
export async function runProof(room: ProofRoom, step: ProofStep): Promise<Proof> {
  const about = { direction: step.direction, remote: step.remote, url: step.url, how: step.kind };
  if (step.direction === "push" && !(await hasCommit(room))) {
    return { ...about, result: "not-run", detail: "there is no commit here to push" };
  }
  const asks = step.source?.kind === "ask" && room.token !== null;
  const answer =
    asks && room.token
      ? `username=${room.token.user}\npassword=${room.vault.reveal(room.token.secret)}\n`
      : undefined;
  const result = await room.git.run({
    args: [...isolation(step), ...question(step)],
    cwd: room.cwd,
    timeout: PATIENCE,
    ...(answer === undefined ? {} : { secretPipe: answer }),
  });
  if (result.code === 0) return { ...about, result: "succeeded", detail: null };
  const detail = result.timedOut ? "it took longer than a minute" : room.vault.mask(lastWords(result.stderr));
  return { ...about, result: "failed", detail };
}
