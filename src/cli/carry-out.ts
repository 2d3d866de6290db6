import { gitUserFor } from "../core/bitbucket.ts";
import { forgetAdvice } from "../core/forget-advice.ts";
import {
  type FileStep,
  type HelperStep,
  isFileStep,
  isHelperStep,
  OS_KEYCHAIN,
  type Phase,
  type Plan,
  type PlannedStep,
  type ProofStep,
  type RegisterStep,
} from "../core/plan.ts";
import type { Proof, Receipt } from "../core/receipt.ts";
import { isOverSsh } from "../core/remote-url.ts";
import type { SecretShape } from "../core/secret.ts";
import { mustOpen } from "../core/ssh-verify.ts";
import { VERSION } from "../core/version.ts";
import { runProof } from "../steps/prove.ts";
import { Refusal, type RefusalCode } from "../steps/refusal.ts";
import { openTransaction, type Transaction } from "../steps/transaction.ts";
import { Cancelled } from "../world/terminal.ts";
import { EXIT } from "./exit.ts";
import { cancelledHalt, Halt } from "./halt.ts";
import type { Shell } from "./shell.ts";
import { proveThroughSourcetree } from "./sourcetree-proof.ts";
import { awaitRegistered, freshSsh, register, type SshMeans } from "./ssh-means.ts";

/** What a plan is carried out with. */
export interface Means {
  cwd: string;
  token: SecretShape | null;
  ssh?: SshMeans;
  action: "fix" | "apply" | "token";
  /** What stays as it was on purpose, looked at when all is done. */
  left?(): Promise<Receipt["left"]>;
  /** Tells a person what is being done; called before each step. */
  progress(text: string): void;
  /** Called when all is changed and nothing is cleaned up yet: what speaks against going on, or null. */
  confirm?(): Promise<string | null>;
}

/** What is carried out: a plan, or as much of one as there is. */
export interface Work extends Pick<Plan, "steps"> {
  target: string;
  /** Forgetting is what it is for: an entry that will not go is a failure, and not a rest to be named. */
  mustForget: boolean;
}

/** One replacement of a file, one call of a helper, or one word to Bitbucket. */
type Act = { file: string; steps: FileStep[] } | HelperStep | RegisterStep;

/** In the plan's order; all steps on one file become one replacement of it, where the first of them stands. */
function actsOf(steps: readonly PlannedStep[]): Act[] {
  const acts: Act[] = [];
  for (const { step } of steps) {
    if (isHelperStep(step) || step.kind === "register-key") acts.push(step);
    if (!isFileStep(step)) continue;
    const known = acts.find((act) => "steps" in act && act.file === step.file);
    if (known && "steps" in known) known.steps.push(step);
    else acts.push({ file: step.file, steps: [step] });
  }
  return acts;
}

/** Ctrl-C is heard between two steps, so that nothing is left half done. */
function listenForInterrupt(): { signal: AbortSignal; stop(): void } {
  const pressed = new AbortController();
  const heard = () => pressed.abort();
  process.on("SIGINT", heard);
  process.on("SIGTERM", heard);
  return {
    signal: pressed.signal,
    stop() {
      process.off("SIGINT", heard);
      process.off("SIGTERM", heard);
    },
  };
}

/** Milliseconds. The end of a git that Ctrl-C killed may be heard of before the Ctrl-C itself. */
const SIGNAL_DELAY = 30;

/** Refusals that end where a person does something elsewhere. */
const FOR_A_PERSON: ReadonlySet<RefusalCode> = new Set(["keychain-closed", "not-registered"]);

/** Ctrl-C reaches the git and the helpers we run as well, so that whatever fails after it fails because of it. */
function haltFor(error: unknown, wasInterrupted: boolean): Halt {
  if (wasInterrupted || error instanceof Cancelled) return cancelledHalt();
  if (error instanceof Halt) return error;
  if (error instanceof Refusal && FOR_A_PERSON.has(error.code))
    return new Halt(error.message, EXIT.personNeeded);
  return new Halt(error instanceof Error ? error.message : String(error));
}

/** The outcome of a plan: its receipt, and why it stopped early, if it did. */
export interface CarriedOut {
  receipt: Receipt;
  /** The reason as a sentence, and the code to leave with. */
  failed: { reason: string; code: number } | null;
}

/**
 * Carries a plan out: change, prove, clean up, verify. Whatever goes wrong on the way, everything that was changed is
 * put back, and the receipt says so.
 */
export async function carryOut(
  shell: Shell,
  { target, steps, choices }: Plan,
  means: Means,
): Promise<CarriedOut> {
  const about = target.kind === "url" ? target.url : target.path;
  return carryOutWork(shell, { steps, target: about, mustForget: choices.with === "forget" }, means);
}

/** A run in progress. */
interface Course {
  shell: Shell;
  tx: Transaction;
  work: Work;
  means: Means;
  proven: Proof[];
  left: Left[];
  cancelled: AbortSignal;
  /** Ends the run here if a person pressed Ctrl-C. */
  pause(): void;
}

export async function carryOutWork(shell: Shell, work: Work, means: Means): Promise<CarriedOut> {
  const tx = openTransaction(shell, { action: means.action, target: work.target, version: VERSION });
  const interrupt = listenForInterrupt();
  const pause = () => {
    if (interrupt.signal.aborted) throw cancelledHalt();
  };
  const cancelled = interrupt.signal;
  const course: Course = { shell, tx, work, means, proven: [], left: [], cancelled, pause };
  const { proven, left } = course;
  try {
    tx.reliesOn(means.ssh?.reliesOn ?? []);
    for (const phase of ["change", "prove", "cleanUp", "verify"] as const) {
      await changeIn(course, phase);
      await proveIn(course, phase);
    }
    tx.settle();
    return {
      receipt: tx.close({
        proven,
        todo: todoOf(work),
        left: [...left, ...proven.flatMap(leftBy), ...((await means.left?.()) ?? [])],
      }),
      failed: null,
    };
  } catch (error) {
    await Bun.sleep(SIGNAL_DELAY);
    const halt = haltFor(error, cancelled.aborted);
    means.progress("putting everything back");
    // Real git may have written its store again while it proved; that is still our own doing.
    tx.settle();
    const receipt = await tx.rollBack({ proven });
    return { receipt, failed: { reason: halt.reason, code: halt.code } };
  } finally {
    interrupt.stop();
  }
}

const stepsIn = ({ work }: Course, phase: Phase) => work.steps.filter((step) => step.phase === phase);

async function changeIn(course: Course, phase: Phase): Promise<void> {
  const { shell, tx, work, means, left } = course;
  const secret = means.token === null ? null : shell.vault.reveal(means.token);
  const ssh = freshSsh(shell, means.ssh);
  for (const act of actsOf(stepsIn(course, phase))) {
    course.pause();
    if ("steps" in act) {
      means.progress(`changing ${act.file}`);
      await tx.changeFile(act.file, act.steps, secret, ssh);
    } else if (act.kind === "register-key") {
      means.progress(
        `adding the key to ${act.repository.workspace}/${act.repository.repository} at Bitbucket`,
      );
      await register(tx, act, means.ssh);
    } else {
      means.progress(`asking ${act.helper === OS_KEYCHAIN ? "the keychain" : act.helper}`);
      const isSpare = phase === "cleanUp" && !work.mustForget;
      const kept = await callHelper(shell, tx, act, secret, isSpare);
      if (kept !== null) left.push(kept);
    }
  }
}

async function proveIn(course: Course, phase: Phase): Promise<void> {
  const { shell, means, proven } = course;
  if (phase === "prove") await awaitRegistered(means.ssh, course.cancelled);
  const against = phase === "prove" ? await means.confirm?.() : null;
  if (against) throw new Halt(against);
  for (const { step } of stepsIn(course, phase)) {
    if (step.kind !== "prove" && step.kind !== "verify") continue;
    course.pause();
    const proof = await prove(shell, step, means);
    course.pause();
    proven.push(proof);
    if (isFatal(course.work, proof)) throw failure(step, proof);
  }
}

/** Where all that was changed is right by itself, what else keeps Git out is for the next look to tell. */
function isFatal({ steps }: Work, { how, result, through, url }: Proof): boolean {
  const mustSucceed = how === "prove" || !isOverSsh(url) || mustOpen(steps);
  return result === "failed" && through === undefined && mustSucceed;
}

/** What git did not come to, as the person runs it, and what was kept all the same. */
export function isStillClosed({ receipt: { proven } }: CarriedOut): boolean {
  return proven.some(({ result, through }) => result === "failed" && through === undefined);
}

type Left = Receipt["left"][number];

/**
 * The new token is stored and proved by the time a stale one is taken away. Where a helper does not give that up
 * (`isSpare`), git has the last word: if it signs in all the same, the entry is left, and said.
 */
async function callHelper(
  shell: Shell,
  tx: Transaction,
  step: HelperStep,
  secret: string | null,
  isSpare: boolean,
): Promise<Left | null> {
  try {
    await tx.callHelper(step, secret);
    return null;
  } catch (error) {
    if (!(isSpare && step.kind === "helper-erase" && error instanceof Refusal)) throw error;
    const advice = forgetAdvice(step.helper, step.username, shell.self.platform);
    const reason = advice === null ? error.message : `${error.message}; ${advice}`;
    return { what: `the old entry of \`${step.username}\` in \`${step.helper}\``, reason };
  }
}

function prove(shell: Shell, step: ProofStep, means: Means): Promise<Proof> {
  if (step.through === "sourcetree") {
    means.progress(`verifying ${step.direction} with Sourcetree's own git`);
    return proveThroughSourcetree(shell, step, means.cwd);
  }
  means.progress(`${step.kind === "prove" ? "proving" : "verifying"} ${step.direction} with real git`);
  const token =
    means.token === null ? null : { secret: means.token, user: gitUserFor(means.token.kind) ?? "" };
  const { git, vault, self } = shell;
  const ssh = means.ssh === undefined ? {} : { ssh: means.ssh };
  return runProof({ git, vault, cwd: means.cwd, token, env: self.env, ...ssh }, step);
}

function failure(step: ProofStep, { detail }: Proof): Halt {
  const alone = `git did not sign in with the ${isOverSsh(step.url) ? "SSH key" : "new token"} alone`;
  const words = step.kind === "prove" ? alone : "git still does not sign in";
  return new Halt(`${words} (${step.direction}: ${detail})`);
}

/** The person's own git works; what another program's git still lacks is no reason to take that back. */
function leftBy({ through, result }: Proof): Receipt["left"] {
  if (through === undefined || result !== "failed") return [];
  const reason = "it does not sign in yet, which is for a person to do in Sourcetree";
  return [{ what: "Sourcetree's own git", reason }];
}

function todoOf({ steps }: Work): Receipt["todo"] {
  return steps.flatMap(({ step }) =>
    step.kind === "person" ? [{ what: step.what, command: step.command }] : [],
  );
}
