import { GIT_HOST } from "../core/bitbucket.ts";
import type { ProofStep } from "../core/plan.ts";
import type { Proof } from "../core/receipt.ts";
import { isOverSsh } from "../core/remote-url.ts";
import type { SecretShape } from "../core/secret.ts";
import type { Git, Vault } from "../world/ports.ts";
import { commandFor } from "./call-helper.ts";
import { isLocked, keyTaken, type SshRoom, sshRun, withoutChatter } from "./prove-ssh.ts";

/** What a proof may use. */
export interface ProofRoom {
  git: Git;
  vault: Vault;
  /** The folder Git is run in. */
  cwd: string;
  /** The new token and the user name that goes with it, for proofs in which a person would type it. */
  token: { user: string; secret: SecretShape } | null;
  /** For a proof through another program's git: the helpers it has, which are asked and told nothing. */
  helpers?: readonly string[];
  /** For a proof over SSH; without it nobody is asked and nothing of the repository's own is run. */
  ssh?: SshRoom;
  /** The person's environment, which may name another ssh. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Milliseconds in which a person has typed a passphrase. */
const TYPING = 240_000;

/** Milliseconds: a big repository's refs over a slow line. */
const PATIENCE = 60_000;

/** A name no one has, so that the dry run is about rights and never about history. */
const PROOF_REF = "refs/heads/git-rekey-proof";

/**
 * A stand-in for the person at the prompt: it hands over what it finds in file descriptor 3, which neither the
 * process list nor the environment shows. Only `get` is answered, and only for Bitbucket over HTTPS: a repository can
 * make Git ask for another host. `store` and `erase` are nobody's business.
 */
const TYPIST = [
  '!f() { test "$1" = get || return 0; p= h=;',
  'while read -r l && test -n "$l"; do',
  `case $l in protocol=https) p=1 ;; host=${GIT_HOST}) h=1 ;; esac; done;`,
  'test "$p$h" = 11 && cat <&3; }; f',
].join(" ");

/** A repository may name other ways to move data (`ext::`, a `vcs` of its own, SSH): some of them run its programs. */
const HTTPS_ALONE = { GIT_ALLOW_PROTOCOL: "https" };

/**
 * The same helpers in the same order, of which nothing but `get` is wanted: with a stale entry before the new one, a
 * refusal would have them all erase it, and the program whose git it is may be old enough to take its namesake along.
 */
function onlyAsked(helpers: readonly string[]): string[] {
  const asking = helpers.map(
    (helper) => `!f() { test "$1" = get || return 0; ${commandFor(helper, "get")}; }; f`,
  );
  return ["", ...asking].flatMap((helper) => ["-c", `credential.helper=${helper}`]);
}

/**
 * Options that leave Git one source alone. An empty helper forgets all others; an Authorization header that some
 * file still holds is forgotten in the most specific section there is, because a wider one would be passed over.
 */
function isolation({ source, url, kind, through }: ProofStep, helpers: readonly string[]): string[] {
  if (through !== undefined) return onlyAsked(helpers);
  const typist = ["-c", `credential.helper=${TYPIST}`];
  if (kind === "verify") return source?.kind === "ask" ? typist : [];
  const bare = ["-c", "credential.helper="];
  const noHeader = ["-c", `http.${url}.extraHeader=`];
  if (source?.kind === "helper") {
    return [...bare, "-c", `credential.helper=${source.helper}`, ...noHeader];
  }
  return source?.kind === "ask" ? [...bare, ...typist, ...noHeader] : [...bare, ...noHeader];
}

/** No hook may run, neither of the repository nor of its submodules. */
const NO_HOOKS = ["-c", "core.hooksPath=/dev/null"];

function question({ direction, remote, url }: ProofStep): string[] {
  if (direction === "fetch") return ["ls-remote", "--quiet", remote ?? url, "HEAD"];
  // By its URL: a push by the remote's name goes to every URL it has, other people's hosts among them. Nothing may
  // arrive: the dry run ends after the rights are known.
  const options = ["--dry-run", "--no-verify", "--recurse-submodules=no", "--quiet"];
  return [...NO_HOOKS, "push", ...options, url, `HEAD:${PROOF_REF}`];
}

async function hasCommit({ git, cwd }: ProofRoom): Promise<boolean> {
  return (await git.run({ args: ["rev-parse", "--verify", "--quiet", "HEAD"], cwd })).code === 0;
}

function lastWords(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-3).join(" / ");
}

/** Over SSH there is no helper to be kept from answering, and the remote may still lead elsewhere while it is proved. */
function argsFor(step: ProofStep, helpers: readonly string[]): string[] {
  if (!isOverSsh(step.url)) return [...isolation(step, helpers), ...question(step)];
  return question(step.kind === "prove" ? { ...step, remote: null } : step);
}

function tooLong(patience: number): string {
  return patience > PATIENCE ? "it took longer than four minutes" : "it took longer than a minute";
}

/** What kind of Git is run, or why none is. */
async function environmentFor(room: ProofRoom, step: ProofStep) {
  return isOverSsh(step.url) ? sshRun(room, step, room.env ?? {}) : { env: HTTPS_ALONE };
}

/** What ssh's account says of the key to be proved: another one may have opened the door, or this one stayed locked. */
function wrongWithKey({ kind, source, url }: ProofStep, stderr: string): string | null {
  const wanted = kind === "prove" && isOverSsh(url) && source?.kind === "ssh" ? source.key : null;
  const taken = wanted === null ? null : keyTaken(stderr);
  if (taken !== null && taken !== wanted) return `Bitbucket took another key, \`${taken}\``;
  return isLocked(stderr, wanted) ? "Bitbucket takes the key, and its passphrase was not typed" : null;
}

/** Runs real git once and says whether it signed in. Changes nothing here or at Bitbucket. */
export async function runProof(room: ProofRoom, step: ProofStep): Promise<Proof> {
  const { direction, remote, url, kind: how, through } = step;
  const about = { direction, remote, url, how, ...(through === undefined ? {} : { through }) };
  if (step.direction === "push" && !(await hasCommit(room))) {
    return { ...about, result: "not-run", detail: "there is no commit here to push" };
  }
  const way = await environmentFor(room, step);
  if ("reason" in way) return { ...about, result: way.result, detail: way.reason };
  const asks = step.source?.kind === "ask" && room.token !== null;
  const answer =
    asks && room.token
      ? `username=${room.token.user}\npassword=${room.vault.reveal(room.token.secret)}\n`
      : undefined;
  const patience = room.ssh?.mayAsk && isOverSsh(url) ? TYPING : PATIENCE;
  const result = await room.git.run({
    args: argsFor(step, room.helpers ?? []),
    cwd: room.cwd,
    timeout: patience,
    env: way.env,
    ...(answer === undefined ? {} : { secretPipe: answer }),
  });
  const wrong = wrongWithKey(step, result.stderr);
  if (wrong !== null) return { ...about, result: "failed", detail: wrong };
  if (result.code === 0) return { ...about, result: "succeeded", detail: null };
  const words = lastWords(isOverSsh(url) ? withoutChatter(result.stderr) : result.stderr);
  const detail = result.timedOut ? tooLong(patience) : room.vault.mask(words);
  return { ...about, result: "failed", detail };
}
