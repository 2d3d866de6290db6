import { isDeepStrictEqual } from "node:util";
import { readPlan } from "../contracts/plan.ts";
import type { Plan } from "../core/plan.ts";
import { planText } from "../report/plan-text.ts";
import { agree, mustTrust } from "./agree.ts";
import { carryOut } from "./carry-out.ts";
import { choosePlan } from "./choose.ts";
import { mustAnswer } from "./choose-store.ts";
import { type FormatFlags, perform, wantsJson } from "./command.ts";
import type { Diagnosed } from "./diagnosis.ts";
import { diagnoseAll } from "./doctor.ts";
import { EXIT, Stop } from "./exit.ts";
import { finish } from "./finish.ts";
import { readyToken } from "./fix.ts";
import { leftBehind } from "./left-behind.ts";
import { progressOf } from "./progress.ts";
import type { Shell } from "./shell.ts";
import { withoutKey } from "./ssh-means.ts";

interface ApplyFlags extends FormatFlags {
  yes: boolean;
  trustRepository: boolean;
  runHelpers: boolean;
}

/** In bytes; a plan has some hundred a step. */
const LARGEST_PLAN = 1_000_000;

/** A plan steers changes to files with secrets, so it must be the caller's own and closed to others' pens. */
function loadPlan(shell: Shell, file: string): Plan {
  const path = shell.files.resolve(file.startsWith("/") ? file : `${shell.self.cwd}/${file}`);
  const facts = path === null ? null : shell.files.facts(path);
  if (path === null || facts === null) throw new Stop(EXIT.misuse, `there is no \`${file}\``);
  if (shell.self.uid !== null && facts.uid !== shell.self.uid)
    throw new Stop(EXIT.misuse, `\`${file}\` belongs to another user; a plan must be your own`);
  if ((facts.mode & 0o022) !== 0)
    throw new Stop(EXIT.misuse, `others may write \`${file}\`: \`chmod go-w ${file}\` first`);
  if (facts.kind !== "file" || facts.size > LARGEST_PLAN)
    throw new Stop(EXIT.misuse, `\`${file}\` is not a plan of git-rekey`);
  const read = readPlan(Buffer.from(shell.files.read(path) ?? []).toString("utf8"));
  if (!read.ok) throw new Stop(EXIT.misuse, `\`${file}\` ${read.reason}`);
  return read.plan;
}

/** Whoever carries it out may be another than who made it, or at another screen: a window needs a yes of theirs. */
function mayAskHelpers({ choices }: Plan, file: string, { runHelpers }: ApplyFlags): void {
  if (!choices.runHelpers || runHelpers) return;
  throw new Stop(
    EXIT.personNeeded,
    "this plan was made by asking helpers that may open a window, and they have to be asked again; nothing has been changed",
    `\`git rekey apply ${file} --run-helpers\` agrees to that`,
  );
}

/** The machine as it is now. */
async function lookAgain(shell: Shell, plan: Plan, trustRepository: boolean): Promise<Diagnosed> {
  const target = plan.target.kind === "url" ? plan.target.url : plan.target.path;
  const { email, push, runHelpers = false } = plan.choices;
  const look = {
    offline: false,
    push,
    runHelpers,
    trustRepository,
    ssh: plan.choices.with === "ssh" ? "wanted" : "routes",
    ...(email === null ? {} : { email }),
  } as const;
  const [diagnosed] = await diagnoseAll(shell, look, [target]);
  if (diagnosed === undefined) throw new Stop(EXIT.misuse, `\`${target}\` could not be looked at`);
  return diagnosed;
}

/** The same choices must still lead to the same plan. */
function mustBeSame(plan: Plan, again: Pick<Plan, "steps"> | null): void {
  if (again !== null && isDeepStrictEqual(JSON.parse(JSON.stringify(again.steps)), plan.steps)) return;
  throw new Stop(
    EXIT.findings,
    "this machine is not as it was when the plan was made; nothing has been changed",
    "`git rekey fix --plan-out FILE` makes a new plan",
  );
}

async function applyOverSsh(shell: Shell, diagnosed: Diagnosed, plan: Plan, flags: ApplyFlags) {
  const { remakeOverSsh } = await import("./ssh/command.ts");
  const { goOverSsh, showPlan } = await import("./ssh/fix.ts");
  const { planned, call } = await remakeOverSsh(shell, diagnosed, plan, flags);
  mustBeSame(plan, planned.plan);
  showPlan(shell, planned, call);
  return goOverSsh(shell, planned, plan, call);
}

/** `git rekey apply PLAN`: the plan is made anew from the machine as it is, and carried out only if it is the same. */
export async function apply(this: unknown, flags: ApplyFlags, ...files: string[]): Promise<void> {
  await perform(async (shell) => {
    const [file] = files;
    if (file === undefined) throw new Stop(EXIT.misuse, "say which plan: `git rekey apply PLAN`");
    const plan = loadPlan(shell, file);
    mayAskHelpers(plan, file, flags);
    const diagnosed = await lookAgain(shell, plan, flags.trustRepository);
    if (plan.choices.with === "ssh") return applyOverSsh(shell, diagnosed, plan, flags);
    const made = await choosePlan(shell, diagnosed, plan.choices, false);
    mustBeSame(plan, made.plan);
    if (!wantsJson(flags)) shell.out(`${planText(made, shell.outStyle, shell.self.home)}\n`);
    if (made.plan.needsToken || made.plan.choices.with === "helper")
      mustTrust(diagnosed, flags.trustRepository);
    await mustAnswer(shell, made.plan.choices.store);
    await agree(shell, flags.yes, undefined, `\`git rekey apply ${file} --yes\` agrees to all safe steps`);
    const token = await readyToken(shell, made.plan, diagnosed, flags.trustRepository);
    const cwd = diagnosed.survey.stand?.cwd ?? shell.self.cwd;
    const left = () => leftBehind(shell, diagnosed, made.plan);
    const ssh = withoutKey(shell, flags);
    const means = { cwd, token, ssh, action: "apply", left, progress: progressOf(shell) } as const;
    return finish(shell, await carryOut(shell, made.plan, means), wantsJson(flags));
  });
}
