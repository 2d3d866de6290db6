/** `git rekey fix --with ssh`: a key in the place of every password. */
import type { Plan } from "../../core/plan.ts";
import { presentOutcomes } from "../../core/ssh.ts";
import { filesReliedOn } from "../../core/ssh-relies.ts";
import { planText } from "../../report/plan-text.ts";
import { wrap } from "../../report/style.ts";
import type { Rest } from "../../steps/register-key.ts";
import { agree } from "../agree.ts";
import { type CarriedOut, carryOut } from "../carry-out.ts";
import { type FormatFlags, printJson, wantsJson } from "../command.ts";
import { type Diagnosed, exitCodeOfAll } from "../diagnosis.ts";
import { emptyReceipt } from "../empty-receipt.ts";
import { EXIT, Stop } from "../exit.ts";
import { finish } from "../finish.ts";
import type { Shell } from "../shell.ts";
import type { SshMeans } from "../ssh-means.ts";
import { tidyUp } from "../tidy-up.ts";
import { type Asked, awaitPerson, showKey } from "./await-person.ts";
import { type MadeKey, makeKey } from "./make-key.ts";
import { commentOf, type PlannedSsh, planOverSsh, type SshWants } from "./plan.ts";
import { tryKey } from "./try-key.ts";
import { beforeAgreeing, leftInHelpers, pagesFor, whatStays } from "./words.ts";

/** One run of a command that sets up SSH. */
export interface SshCall extends FormatFlags {
  diagnosed: Diagnosed;
  wants: SshWants;
  rest: Rest | null;
  yes: boolean;
  trustRepository: boolean;
  action: "fix" | "apply";
  /** What to type where nobody can be asked. */
  typed: string;
  progress(text: string): void;
}

/** A plan that is ready, with what it takes. */
interface Ready {
  planned: PlannedSsh;
  plan: Plan;
  key: MadeKey | null;
}

/** Says what will be, and what that means. */
export function showPlan(shell: Shell, { plan, ssh }: PlannedSsh, { wants, ...call }: SshCall): void {
  if (wantsJson(call) || plan === null) return;
  const made = { plan, where: null, displaced: null, unaccepted: [], unserved: [] };
  const words = beforeAgreeing(ssh, wants.attended).flatMap((text) => wrap(text, shell.outStyle.width));
  shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n${words.join("\n")}\n\n`);
}

/** Nothing leads to Bitbucket over HTTPS, or all that does has been set up. */
export function nothingLeft(shell: Shell, { view }: PlannedSsh, { diagnosed, ...call }: SshCall): number {
  const broken = presentOutcomes(view).filter(
    ({ state, route }) => state === "refused" && route.direction === "fetch",
  );
  const names = [...new Set(broken.map(({ destination }) => `\`${destination}\``))].join(", ");
  shell.err(
    broken.length === 0
      ? "git-rekey: nothing here leads to Bitbucket but what works over SSH; nothing has been changed\n"
      : `git-rekey: what is refused over SSH goes by ${names} of ssh's configuration, which is yours to change; nothing has been changed\n`,
  );
  if (wantsJson(call)) printJson(shell, emptyReceipt(shell, diagnosed));
  return broken.length === 0 ? exitCodeOfAll([diagnosed]) : EXIT.personNeeded;
}

/** Makes the key that the plan wants. Where `ssh-keygen` makes another kind, the plan is another, and is agreed to anew. */
async function readyKey(shell: Shell, planned: PlannedSsh, plan: Plan, call: SshCall): Promise<Ready> {
  const { diagnosed, wants } = call;
  const { key } = planned.ssh.choice;
  if (key.kind === "there") return { planned, plan, key: null };
  const asks = wants.attended && planned.ssh.choice.as === "person" && process.stdin.isTTY;
  const made = await makeKey(shell, commentOf(shell), asks);
  if (made.type === key.type) return { planned, plan, key: made };
  shell.err(
    `note: \`ssh-keygen\` makes no ${key.type} key here, so it is ${made.type}, and the plan is another:\n`,
  );
  const other = await planOverSsh(shell, diagnosed, wants, made.type);
  if (other.plan === null || other.ssh.choice.key.kind !== "made")
    throw new Stop(
      EXIT.personNeeded,
      "the plan came out otherwise the second time; nothing has been changed",
    );
  showPlan(shell, other, call);
  await agree(shell, call.yes, undefined, call.typed);
  return { planned: other, plan: other.plan, key: made };
}

/** What Bitbucket is shown and told: the public half, wherever it is by now. */
function shown({ files }: Shell, { planned, key }: Ready, call: SshCall) {
  const { choice, repositories } = planned.ssh;
  const there = () => Buffer.from(files.read(`${choice.key.file}.pub`) ?? []).toString("utf8");
  return {
    pages: pagesFor(choice, repositories),
    publicKey: key?.public ?? there(),
    json: wantsJson(call),
  };
}

/** Waits for whoever adds the key; not where REST is told, it is known already, or all but the key is left for later. */
function waitingFor(
  shell: Shell,
  cwd: string,
  ready: Ready,
  call: SshCall,
  asked: Asked,
): SshMeans["registered"] {
  const { choice, urls, keyOnly, steps } = ready.planned.ssh;
  const { file } = choice.key;
  if (keyOnly || file === null || steps.some(({ step }) => step.kind === "register-key")) return undefined;
  const attempt = async () => {
    for (const url of urls) {
      const trial = await tryKey(shell, { cwd, url, key: file });
      if (!trial.reads) return trial;
    }
    return { reads: true, why: "" };
  };
  const { attended } = call.wants;
  return () => awaitPerson(shell, { ...shown(shell, ready, call), attended, asked, try: attempt });
}

/** Carries out what was agreed to. */
async function carryOutSsh(shell: Shell, ready: Ready, call: SshCall, asked: Asked): Promise<CarriedOut> {
  const { diagnosed, wants, rest, trustRepository, action, progress } = call;
  const cwd = diagnosed.survey.stand?.cwd ?? shell.self.cwd;
  const registered = waitingFor(shell, cwd, ready, call, asked);
  const ssh: SshMeans = {
    key: ready.key,
    reliesOn: filesReliedOn(ready.planned.ssh, ready.planned.view),
    rest,
    mayAsk: wants.attended,
    trustsRepository: trustRepository,
    ...(registered === undefined ? {} : { registered }),
  };
  const left = async () => (ready.planned.ssh.keyOnly ? [] : leftInHelpers(diagnosed.outcomes));
  return carryOut(shell, ready.plan, { cwd, token: null, ssh, action, left, progress });
}

/** What is still to be said when all went well. */
function conclude(shell: Shell, ready: Ready, call: SshCall): void {
  const { planned, plan } = ready;
  const { ssh } = planned;
  if (ssh.keyOnly) {
    showKey(shell, shown(shell, ready, call));
    shell.err("git-rekey: the key is made, and nothing else is changed until Bitbucket knows it\n");
    return;
  }
  const [url] = ssh.urls;
  if (plan.target.kind === "url" && url !== undefined && !wantsJson(call)) shell.out(`\ngit clone ${url}\n`);
  const stays = whatStays(ssh);
  if (stays !== null) shell.err(`note: ${stays}\n`);
}

/** From a plan to a receipt. */
export async function goOverSsh(
  shell: Shell,
  planned: PlannedSsh,
  plan: Plan,
  call: SshCall,
): Promise<number> {
  await agree(shell, call.yes, undefined, `${call.typed} agrees to it`);
  tidyUp(shell);
  const ready = await readyKey(shell, planned, plan, call);
  const asked: Asked = { isOpen: false };
  const done = await carryOutSsh(shell, ready, call, asked);
  const { keyOnly } = ready.planned.ssh;
  const next = keyOnly ? `${call.typed} goes on once somebody has added it` : null;
  const code = finish(shell, done, wantsJson(call), next, () => conclude(shell, ready, call));
  // Told to end in the middle of a question: all is put back and said, and nobody will answer any more.
  if (asked.isOpen && code !== EXIT.ok) process.exit(code);
  return code === EXIT.ok && keyOnly ? EXIT.personNeeded : code;
}
