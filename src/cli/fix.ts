import { writeFileSync } from "node:fs";
import type { MadePlan } from "../core/make-plan.ts";
import { type Choices, type Plan, userOfWay } from "../core/plan.ts";
import type { Receipt } from "../core/receipt.ts";
import type { SecretShape } from "../core/secret.ts";
import type { RemoteUrl } from "../core/setup.ts";
import { wayOf } from "../core/token-advice.ts";
import { isUrl } from "../probes/gather.ts";
import { planText, receiptText } from "../report/plan-text.ts";
import { oneLine } from "../report/style.ts";
import { hint, reportText } from "../report/terminal.ts";
import { expireBackups } from "../steps/expire.ts";
import { recover } from "../steps/recover.ts";
import { agree, mustTrust } from "./agree.ts";
import { carryOut } from "./carry-out.ts";
import { choicesFrom, choosePlan, type FixFlags, keepableToken, kindOf } from "./choose.ts";
import { type FormatFlags, perform, printJson, wantsJson } from "./command.ts";
import { type Diagnosed, exitCodeOfAll, reportOf } from "./diagnosis.ts";
import { diagnoseAll, type LookFlags, remarkOnOthers } from "./doctor.ts";
import { EXIT, Stop } from "./exit.ts";
import { checkRights, type Remark } from "./rights.ts";
import type { Shell } from "./shell.ts";
import { explainToken, takeToken } from "./token-entry.ts";

export interface AllFixFlags extends FixFlags, Omit<LookFlags, "email" | "push">, FormatFlags {
  dryRun: boolean;
  planOut?: string;
}

/** Progress is for terminals; in a pipe it would only be noise. */
export function progressOf(shell: Shell): (text: string) => void {
  return (text) => {
    if (process.stderr.isTTY) shell.err(`  … ${oneLine(text)}\n`);
  };
}

function remarkText(remark: Remark): string | null {
  if (remark === null) return null;
  if (remark.kind === "excessive") {
    return `the token may do more than Git needs (${remark.scopes.join(", ")}); a narrower one is safer`;
  }
  return "whether the token may do more than Git needs was not looked at: REST wants `--email` for that";
}

function urlToAsk(diagnosed: Diagnosed): RemoteUrl | null {
  const refused = diagnosed.outcomes.find(({ state }) => state === "refused") ?? diagnosed.outcomes[0];
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
  const url = urlToAsk(diagnosed);
  if (url === null) return;
  const { choices } = plan;
  const served = choices.with === "remote" ? servedUrls(diagnosed, userOfWay(choices)) : [];
  const about = { config: diagnosed.survey.config, url, served, choices, trustRepository };
  const remark = remarkText(await checkRights(shell, about, token));
  if (remark !== null) shell.err(`note: ${remark}\n`);
}

/** Takes the token a plan needs and tries it. Null where it needs none. */
export async function readyToken(
  shell: Shell,
  plan: Plan,
  diagnosed: Diagnosed,
  trustRepository: boolean,
): Promise<SecretShape | null> {
  if (!plan.needsToken) return null;
  await explainToken(shell, plan.choices, urlToAsk(diagnosed));
  const token = await takeToken(shell, {
    way: plan.choices.with,
    kept: keepableToken(diagnosed, plan.choices),
  });
  await tryToken(shell, plan, diagnosed, token, trustRepository);
  return token;
}

/** Prints the receipt and gives the exit code. */
export function finish(
  shell: Shell,
  result: { receipt: Receipt; failed: string | null; cancelled: boolean },
  json: boolean,
): number {
  const { receipt, failed, cancelled } = result;
  if (json) printJson(shell, receipt);
  else shell.out(receiptText(receipt, shell.outStyle, shell.self.home));
  if (failed !== null) {
    shell.err(
      `git-rekey: ${failed}; ${receipt.state === "rolled-back" ? "everything was put back as it was" : "see above for what could not be put back"}\n`,
    );
    return cancelled ? EXIT.cancelled : EXIT.findings;
  }
  if (!json && receipt.id !== null)
    shell.err(hint(`\`git rekey undo ${receipt.id}\` takes this back`, shell.errStyle));
  return EXIT.ok;
}

function nothingToDo(shell: Shell, diagnosed: Diagnosed, json: boolean): number {
  const code = exitCodeOfAll([diagnosed]);
  const words =
    code === EXIT.ok
      ? "there is nothing to fix here"
      : "nothing here can be fixed by changing this machine; see above for what a person must do";
  // Where nothing here is Bitbucket's business that has been said already, and says it all.
  if (diagnosed.outcomes.length > 0 || diagnosed.diagnosis.findings.length > 0)
    shell.err(`git-rekey: ${words}; nothing has been changed\n`);
  if (json) printJson(shell, emptyReceipt(shell, diagnosed));
  return code === EXIT.findings ? EXIT.personNeeded : code;
}

function emptyReceipt(shell: Shell, diagnosed: Diagnosed): Receipt {
  return {
    schema: "git-rekey/receipt@1",
    tool: { name: "git-rekey", version: reportOf(shell, []).tool.version },
    id: null,
    action: "fix",
    undoes: null,
    at: new Date(shell.self.now()).toISOString(),
    state: "applied",
    target: diagnosed.repository?.path ?? "",
    changed: [],
    helpers: [],
    proven: [],
    left: [],
    todo: [],
  };
}

function changesSomething({ plan }: MadePlan): boolean {
  return plan.steps.some(({ phase }) => phase === "change" || phase === "cleanUp");
}

function writePlan(shell: Shell, plan: Plan, file: string): number {
  try {
    writeFileSync(file, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Stop(
      EXIT.misuse,
      code === "EEXIST"
        ? `\`${file}\` is there already; it was not replaced`
        : `\`${file}\` cannot be written (${code})`,
    );
  }
  shell.err(hint(`\`git rekey apply ${file}\` carries it out; nothing has been changed yet`, shell.errStyle));
  return EXIT.ok;
}

/** What earlier runs left: locks of runs that died are removed, old backups (they hold secrets) expire. */
export function tidyUp(shell: Shell): void {
  const { unfinished } = recover(shell);
  expireBackups(shell);
  for (const { id, at } of unfinished) {
    shell.err(
      `note: fix ${id} of ${at.slice(0, 16).replace("T", " ")} was cut off; \`git rekey undo ${id}\` puts back what it changed\n`,
    );
  }
}

/** Where Bitbucket could not be asked, nobody knows what is refused, and what is changed could not be proven either. */
function mustKnow({ outcomes }: Diagnosed): void {
  const fetches = outcomes.filter(({ route }) => route.direction === "fetch");
  const isUnknown = fetches.length > 0 && fetches.every(({ state }) => state === "unknown");
  if (isUnknown)
    throw new Stop(
      EXIT.unknown,
      "Bitbucket could not be asked, so nothing could be proven; nothing has been changed",
    );
}

/** Everything from a diagnosis to a receipt, for one target. */
export async function fixDiagnosed(shell: Shell, diagnosed: Diagnosed, flags: AllFixFlags): Promise<number> {
  const json = wantsJson(flags);
  const mayAsk = shell.hasTerminal && !flags.yes;
  const made = await choosePlan(shell, diagnosed, choicesFrom(flags, diagnosed), mayAsk);
  if (!changesSomething(made)) return nothingToDo(shell, diagnosed, json);
  if (made.plan.choices.with !== "forget") mustKnow(diagnosed);
  if (!json) shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n`);
  if (flags.planOut !== undefined) return writePlan(shell, made.plan, flags.planOut);
  if (flags.dryRun) {
    if (json) printJson(shell, made.plan);
    shell.err("git-rekey: this was a dry run; nothing has been changed\n");
    return EXIT.findings;
  }
  if (made.plan.needsToken) mustTrust(diagnosed, flags.trustRepository);
  await agree(shell, flags.yes);
  tidyUp(shell);
  const { plan, token } = await settleToken(shell, diagnosed, flags, made);
  const cwd = diagnosed.survey.stand?.cwd ?? shell.self.cwd;
  const result = await carryOut(shell, plan, { cwd, token, action: "fix", progress: progressOf(shell) });
  return finish(shell, result, json);
}

/** Where the way was left open, the token that comes decides it; a person agrees to the plan that this leads to. */
async function settleToken(
  shell: Shell,
  diagnosed: Diagnosed,
  flags: AllFixFlags,
  made: MadePlan,
): Promise<{ plan: Plan; token: SecretShape | null }> {
  if (!made.plan.needsToken || flags.with !== undefined) {
    return { plan: made.plan, token: await readyToken(shell, made.plan, diagnosed, flags.trustRepository) };
  }
  const { choices } = made.plan;
  await explainToken(shell, choices, urlToAsk(diagnosed));
  const token = await takeToken(shell, { way: null, kept: keepableToken(diagnosed, choices) });
  const way = wayOf(token.kind) ?? choices.with;
  const { plan } =
    way === choices.with
      ? made
      : await planAnew(shell, diagnosed, flags, { ...choices, with: way, kind: kindOf(way) });
  await tryToken(shell, plan, diagnosed, token, flags.trustRepository);
  return { plan, token };
}

async function planAnew(
  shell: Shell,
  diagnosed: Diagnosed,
  flags: AllFixFlags,
  choices: Choices,
): Promise<MadePlan> {
  const made = await choosePlan(shell, diagnosed, choices, shell.hasTerminal && !flags.yes);
  shell.err(
    `This is ${choices.with === "access-token" ? "an access token" : "an API token"}, so the plan is another:\n`,
  );
  if (!wantsJson(flags)) shell.out(`\n${planText(made, shell.outStyle, shell.self.home)}\n`);
  await agree(shell, flags.yes);
  return made;
}

/** `url-once` makes no plan, and so is no way of one. */
type FixCommandFlags = Omit<AllFixFlags, "with"> & { with?: AllFixFlags["with"] | "url-once" };

/** `git rekey fix [PATH|URL…]`. */
export async function fix(this: unknown, given: FixCommandFlags, ...targets: string[]): Promise<void> {
  const { with: way, ...others } = given;
  if (way === "url-once") return (await import("./url-once.ts")).urlOnce(others, targets);
  const flags: AllFixFlags = way === undefined ? others : { ...others, with: way };
  await perform(async (shell) => {
    if (flags.offline)
      throw new Stop(EXIT.misuse, "`fix` proves what it does with real git, so it cannot work `--offline`");
    const { email, ...rest } = flags;
    const all = await diagnoseAll(shell, email === undefined ? rest : { ...rest, email }, targets);
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
  });
}
