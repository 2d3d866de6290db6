import { wantedFor } from "../core/bound.ts";
import type { MadePlan } from "../core/make-plan.ts";
import { type Choices, choicesForToken, type Plan, userOfWay } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { wayOf } from "../core/token-advice.ts";
import { whyUnasked } from "../core/unasked.ts";
import { isWanted } from "../core/wanted.ts";
import { isUrl } from "../probes/gather.ts";
import { planText } from "../report/plan-text.ts";
import { reportText } from "../report/terminal.ts";
import { adviseFirst, sshToAsk } from "./advise.ts";
import { agree, mustTrust } from "./agree.ts";
import { carryOut } from "./carry-out.ts";
import { choicesFor, choicesFrom, choosePlan, type FixFlags, keepableToken, mustFit } from "./choose.ts";
import { askExpiry, remarkOnLastDay } from "./choose-expiry.ts";
import { mustAnswer } from "./choose-store.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "./command.ts";
import { type Diagnosed, exitCodeOfAll, reportOf } from "./diagnosis.ts";
import { diagnoseAll, type LookFlags, remarkOnOthers } from "./doctor.ts";
import { emptyReceipt } from "./empty-receipt.ts";
import { EXIT, Stop } from "./exit.ts";
import { finish } from "./finish.ts";
import { leftBehind } from "./left-behind.ts";
import { obtainToken } from "./obtain-token.ts";
import { mustNameRepositories, remarkOnUnserved } from "./one-repository.ts";
import { progressOf } from "./progress.ts";
import { remarkText } from "./remark-on-token.ts";
import { checkRights } from "./rights.ts";
import type { Shell } from "./shell.ts";
import { withoutKey } from "./ssh-means.ts";
import { tidyUp } from "./tidy-up.ts";
import { expiryFrom } from "./token/questions.ts";
import { writePlan } from "./write-plan.ts";

export interface AllFixFlags extends FixFlags, Omit<LookFlags, "email" | "push">, FormatFlags {
  dryRun: boolean;
  planOut?: string;
}

function urlToAsk({ outcomes }: Diagnosed, choices: Choices): RemoteUrl | null {
  const [wanted] = wantedFor(outcomes, choices);
  const refused = wanted ?? outcomes.find(({ state }) => state === "refused") ?? outcomes[0];
  return refused?.route.url ?? null;
}

/** What works now through a helper under the very user name that the new token takes. */
function servedUrls({ outcomes }: Diagnosed, user: string): RemoteUrl[] {
  const served = outcomes.filter(
    ({ state, used }) => state === "ok" && used?.kind === "helper" && used.user === user,
  );
  return served.filter(({ route }) => route.direction === "fetch").map(({ route }) => route.url);
}

/** Asks Git's two doors about the token, and says what there is to say about its scopes. */
async function tryToken(
  shell: Shell,
  plan: Plan,
  diagnosed: Diagnosed,
  token: SecretShape,
  trustRepository: boolean,
): Promise<void> {
  const url = urlToAsk(diagnosed, plan.choices);
  if (url === null) return;
  const choices = choicesForToken(plan);
  const served = choices.kind === "api-token" ? servedUrls(diagnosed, userOfWay(choices)) : [];
  const about = { config: diagnosed.survey.config, url, served, choices, trustRepository };
  for (const remark of await checkRights(shell, about, token))
    shell.err(`note: ${remarkText(remark, choices)}\n`);
}

/** Takes the token a plan needs and tries it. Null where it needs none. */
export async function readyToken(
  shell: Shell,
  plan: Plan,
  diagnosed: Diagnosed,
  trustRepository: boolean,
): Promise<SecretShape | null> {
  if (!plan.needsToken) return null;
  const wanted = { way: wayOf(plan.choices.kind), kept: keepableToken(diagnosed, plan.choices) };
  const token = await obtainToken(shell, plan, urlToAsk(diagnosed, plan.choices), wanted);
  await tryToken(shell, plan, diagnosed, token, trustRepository);
  return token;
}

/** Why nobody knows what Git would meet here. */
function whyUnknown({ outcomes }: Diagnosed): string {
  return whyUnasked(outcomes) ?? "Bitbucket could not be asked, so nothing could be proven";
}

/** What is left to a person: a word of theirs, where that is all it takes. */
function whatAPersonDoes({ unaccepted }: MadePlan): string {
  if (unaccepted.length === 0)
    return "nothing here can be fixed by changing this machine; see above for what a person must do";
  const offers = unaccepted.map(({ id, summary }) => `\`--accept ${id}\` (${summary})`);
  return `what can be changed here touches more than Bitbucket's credential, and needs a word of yours: ${offers.join(", ")}`;
}

function nothingToDo(shell: Shell, diagnosed: Diagnosed, made: MadePlan, json: boolean): number {
  const code = exitCodeOfAll([diagnosed]);
  const words =
    code === EXIT.ok
      ? "there is nothing to fix here"
      : code === EXIT.unknown
        ? whyUnknown(diagnosed)
        : whatAPersonDoes(made);
  // Where nothing here is Bitbucket's business that has been said already, and says it all.
  const { outcomes, overSsh } = diagnosed;
  if (outcomes.length > 0 || overSsh.length > 0 || diagnosed.diagnosis.findings.length > 0)
    shell.err(`git-rekey: ${words}; nothing has been changed\n`);
  if (json) printJson(shell, emptyReceipt(shell, diagnosed));
  return code === EXIT.findings ? EXIT.personNeeded : code;
}

function changesSomething({ plan }: MadePlan): boolean {
  return plan.steps.some(({ phase }) => phase === "change" || phase === "cleanUp");
}

/** Where Bitbucket could not be asked, nobody knows what is refused, and what is changed could not be proven either. */
function mustKnow(diagnosed: Diagnosed): void {
  const { outcomes } = diagnosed;
  const wanted = outcomes.filter(({ route }) => isWanted(route, { push: false }));
  const isUnknown = wanted.length > 0 && wanted.every(({ state }) => state === "unknown");
  if (isUnknown) throw new Stop(EXIT.unknown, `${whyUnknown(diagnosed)}; nothing has been changed`);
}

/** Everything from a diagnosis to a receipt, for one target. */
export async function fixDiagnosed(shell: Shell, diagnosed: Diagnosed, flags: AllFixFlags): Promise<number> {
  if (flags.with === "ssh") return (await import("./ssh/command.ts")).fixOverSsh(shell, diagnosed, flags);
  const json = wantsJson(flags);
  const mayAsk = shell.hasTerminal && !flags.yes;
  await adviseFirst(shell, diagnosed, flags);
  const made = await choosePlan(shell, diagnosed, choicesFrom(shell, flags, diagnosed), mayAsk);
  if (!changesSomething(made)) return nothingToDo(shell, diagnosed, made, json);
  if (made.plan.choices.with !== "forget") mustKnow(diagnosed);
  if (!json) shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n`);
  if (flags.planOut !== undefined) return writePlan(shell, made.plan, flags.planOut);
  if (flags.dryRun) {
    if (json) printJson(shell, made.plan);
    shell.err("git-rekey: this was a dry run; nothing has been changed\n");
    return EXIT.findings;
  }
  if (made.plan.needsToken || made.plan.choices.with === "helper")
    mustTrust(diagnosed, flags.trustRepository);
  await mustAnswer(shell, made.plan.choices.store);
  remarkOnUnserved(shell, made);
  await agree(shell, flags.yes);
  tidyUp(shell);
  const { plan, token } = await settleToken(shell, diagnosed, flags, made);
  const cwd = diagnosed.survey.stand?.cwd ?? shell.self.cwd;
  const left = () => leftBehind(shell, diagnosed, plan);
  const result = await carryOut(shell, plan, {
    cwd,
    token,
    ssh: withoutKey(shell, flags),
    action: "fix",
    left,
    progress: progressOf(shell),
  });
  return finish(shell, result, json);
}

interface Settled {
  plan: Plan;
  token: SecretShape | null;
}

/** Where the way was left open, the token that comes decides it; a person agrees to the plan that this leads to. */
async function settleToken(
  shell: Shell,
  diagnosed: Diagnosed,
  flags: AllFixFlags,
  made: MadePlan,
): Promise<Settled> {
  const isOpen = flags.with === undefined || flags.with === "helper";
  if (!made.plan.needsToken) return { plan: made.plan, token: null };
  if (!isOpen) {
    const token = await readyToken(shell, made.plan, diagnosed, flags.trustRepository);
    return { plan: await withExpiry(shell, diagnosed, flags, made.plan), token };
  }
  const { choices } = made.plan;
  const wanted = { way: null, kept: keepableToken(diagnosed, choices) };
  const token = await obtainToken(shell, made.plan, urlToAsk(diagnosed, choices), wanted);
  const told = choicesFor(choices, token);
  // Only now is it known whether it may live longer than a year.
  if (flags.expires !== undefined) expiryFrom(shell, flags.expires, told.kind);
  const { plan } = told.kind === choices.kind ? made : await planAnew(shell, diagnosed, flags, told);
  await tryToken(shell, plan, diagnosed, token, flags.trustRepository);
  return { plan: await withExpiry(shell, diagnosed, flags, plan), token };
}

/** Only a person knows the token's last day, and only once it is made. It changes nothing they have agreed to. */
async function withExpiry(shell: Shell, diagnosed: Diagnosed, flags: AllFixFlags, plan: Plan): Promise<Plan> {
  const { choices } = plan;
  const isAsked = choices.with === "helper" && choices.expires === null && shell.hasTerminal && !flags.yes;
  const expires = isAsked ? await askExpiry(shell, choices.kind) : null;
  if (expires === null) {
    remarkOnLastDay(shell, plan);
    return plan;
  }
  return (await choosePlan(shell, diagnosed, { ...choices, expires }, false)).plan;
}

async function planAnew(
  shell: Shell,
  diagnosed: Diagnosed,
  flags: AllFixFlags,
  choices: Choices,
): Promise<MadePlan> {
  const made = await choosePlan(shell, diagnosed, choices, shell.hasTerminal && !flags.yes);
  shell.err(
    `This is ${choices.kind === "access-token" ? "an access token" : "an API token"}, so the plan is another:\n`,
  );
  if (!wantsJson(flags)) shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n`);
  await agree(shell, flags.yes);
  return made;
}

/** `url-once` makes no plan, and so is no way of one. */
type FixCommandFlags = Omit<AllFixFlags, "with"> & { with?: AllFixFlags["with"] | "url-once" };

async function fixAll(
  shell: Shell,
  all: readonly Diagnosed[],
  targets: readonly string[],
  flags: AllFixFlags,
): Promise<number> {
  if (all.length > 1 && flags.yes && !process.stdin.isTTY && targets.some(isUrl)) {
    throw new Stop(EXIT.misuse, "one token on stdin is for one repository: fix URLs one at a time");
  }
  let code: number = EXIT.ok;
  for (const diagnosed of all) {
    const report = reportOf(shell, [diagnosed]);
    if (!wantsJson(flags)) shell.out(reportText(report, shell.outStyle, shell.self.home));
    remarkOnOthers(shell, report, [diagnosed]);
    const its = await fixDiagnosed(shell, diagnosed, flags);
    code = code === EXIT.ok ? its : code;
  }
  return code;
}

/** `git rekey fix [PATH|URL…]`. */
export async function fix(this: unknown, given: FixCommandFlags, ...targets: string[]): Promise<void> {
  const { with: way, ...others } = given;
  if (way === "url-once") return (await import("./url-once.ts")).urlOnce(others, targets);
  const flags: AllFixFlags = way === undefined ? others : { ...others, with: way };
  await perform(async (shell) => {
    if (flags.offline)
      throw new Stop(EXIT.misuse, "`fix` proves what it does with real git, so it cannot work `--offline`");
    mustFit(shell, flags);
    if (flags.with === "access-token") mustNameRepositories(targets);
    const { email, ...rest } = flags;
    const look = { ...rest, ...(email === undefined ? {} : { email }), ssh: await sshToAsk(shell, flags) };
    // A key and host keys are there for the next target as well, so that is looked at once they are.
    const rounds = flags.with === "ssh" && targets.length > 1 ? targets.map((one) => [one]) : [targets];
    let code: number = EXIT.ok;
    for (const round of rounds) {
      const its = await fixAll(shell, await diagnoseAll(shell, look, round), round, flags);
      code = code === EXIT.ok ? its : code;
    }
    return code;
  });
}
