/** `git rekey fix --with url-once`: for programs that never ask for a token and know none but the URL's. */
import type { Choices } from "../core/plan.ts";
import { whyNotThisToken } from "../core/token-advice.ts";
import { hint } from "../report/terminal.ts";
import { lookWhither, type Whither } from "../run/whither.ts";
import { readGitWords } from "../run/words.ts";
import type { TakenBack } from "../steps/lend.ts";
import { mustNotBeLent } from "../steps/lent-file.ts";
import { Refusal } from "../steps/refusal.ts";
import { type Ended, Foreground, leaveAs } from "../world/foreground.ts";
import { askLine, Cancelled } from "../world/terminal.ts";
import { agree } from "./agree.ts";
import { perform } from "./command.ts";
import { EXIT, Stop } from "./exit.ts";
import type { AllFixFlags } from "./fix.ts";
import { type Lending, lend, settle } from "./lending.ts";
import { checkRights } from "./rights.ts";
import type { Shell } from "./shell.ts";
import { askPerson, explainToken } from "./token-entry.ts";
import { type Borrower, borrowerIn, type Deal, dealFor } from "./url-once-deal.ts";

type Flags = Omit<AllFixFlags, "with">;

const UNCHANGED = "nothing has been changed";

/** The words behind `--`, and those before it. */
function split(words: readonly string[]): { targets: string[]; command: string[] } {
  const at = process.argv.indexOf("--");
  const count = at < 0 ? 0 : process.argv.length - at - 1;
  return { targets: words.slice(0, words.length - count), command: words.slice(words.length - count) };
}

/** It shows a token to others, so somebody has to be there and agree, each time. */
function mustBeAttended(shell: Shell, { yes, dryRun, planOut }: Flags): void {
  if (yes)
    throw new Stop(
      EXIT.misuse,
      `\`--with url-once\` shows a token to other programs, so a person agrees to it each time: not with \`--yes\`; ${UNCHANGED}`,
      "`git rekey run -- git …` needs nobody to agree",
    );
  if (dryRun || planOut !== undefined)
    throw new Stop(EXIT.misuse, `\`--with url-once\` makes no plan; ${UNCHANGED}`);
  if (!shell.hasTerminal || !process.stdin.isTTY)
    throw new Stop(EXIT.personNeeded, `there is no terminal to ask for agreement and a token; ${UNCHANGED}`);
}

function warn(shell: Shell, { remote, file }: Borrower): void {
  shell.err(
    [
      `For one operation a token will stand in the URL of \`${remote}\`, in \`${file}\`.`,
      "Meanwhile Git itself shows that URL, with the token in it, to other processes of this machine.",
      "Make a token for this alone, and revoke it afterwards; the safe URL is put back in any case.",
      "",
    ].join("\n"),
  );
}

async function askForDeal(shell: Shell, whither: Whither, flags: Flags): Promise<Deal> {
  const borrower = borrowerIn(whither);
  const url = borrower.routes[0]?.route.url;
  if (url === undefined) throw new Stop(EXIT.misuse, `there is no URL to put a token into; ${UNCHANGED}`);
  mustNotBeLent(shell, borrower.file);
  warn(shell, borrower);
  await agree(shell, false, "Put a token into the URL for one operation?");
  const choices: Choices = {
    with: "remote",
    kind: "api-token",
    store: null,
    email: flags.email ?? null,
    expires: null,
    push: flags.push,
    accept: [],
  };
  await explainToken(shell, choices, url);
  const token = await askPerson(shell, { whyNot: (shape) => whyNotThisToken(shape, null), kept: null });
  const { trustRepository } = flags;
  const about = { config: whither.config, url, served: [], choices, trustRepository };
  await checkRights(shell, about, token);
  return dealFor(shell, whither, borrower, token);
}

/** Git's traces show URLs with what is in them. */
function withoutTraces(env: Shell["self"]["env"]): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:GIT_TRACE|GIT_CURL_VERBOSE|GCM_TRACE)/.test(name)),
  );
}

/** The one operation: the command, or whatever a person does elsewhere until they press Enter. */
async function operation(shell: Shell, foreground: Foreground, command: readonly string[]): Promise<Ended> {
  if (command.length > 0) {
    if (foreground.start(command, withoutTraces(shell.self.env)) === null)
      throw new Stop(EXIT.misuse, `\`${command[0]}\` could not be started`);
    return foreground.ended();
  }
  const pressed = askLine("The token is in the URL. Press Enter when the program has finished: ").then(
    (): Ended => ({ code: EXIT.ok }),
    (error): Ended => {
      if (error instanceof Cancelled) return { code: EXIT.cancelled };
      throw error;
    },
  );
  return Promise.race([pressed, foreground.signalled.then((signal): Ended => ({ signal }))]);
}

/** A terminal that is gone does not keep the token in the URL. */
function tell(shell: Shell, text: string): void {
  try {
    shell.err(text);
  } catch {
    // Nobody is there to read it.
  }
}

function report(shell: Shell, taken: TakenBack, { file, page }: Deal["lent"], ended: Ended): Ended {
  if (taken !== "taken-back") {
    const what =
      taken === "gone"
        ? `somebody has changed the URL in \`${file}\` meanwhile, so it was left as it is`
        : `\`${file}\` is not there any more, and if it was moved the token is still in it`;
    tell(shell, `git-rekey: ${what}\n`);
    tell(shell, hint(`revoke the token now: ${page}`, shell.errStyle));
    return "code" in ended && ended.code === EXIT.ok ? { code: EXIT.findings } : ended;
  }
  tell(shell, "git-rekey: the token is out of the URL again\n");
  tell(shell, hint(`revoke the token now: ${page}; what was running may have kept it`, shell.errStyle));
  return ended;
}

/** What cannot be done now is done by the next call of git-rekey: the note stays. */
async function settleOrSay(shell: Shell, lending: Lending): Promise<TakenBack> {
  try {
    return await settle(shell, lending);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Stop(
      EXIT.findings,
      `the token is still in the URL: ${error.message}`,
      `any git-rekey command tries again; revoke the token now: ${lending.lent.page}`,
    );
  }
}

async function once(shell: Shell, deal: Deal, command: readonly string[]): Promise<Ended> {
  const foreground = new Foreground();
  try {
    const lending = await lend(shell, deal);
    let ended: Ended;
    try {
      ended =
        foreground.heard === null
          ? await operation(shell, foreground, command)
          : { signal: foreground.heard };
    } catch (error) {
      await settleOrSay(shell, lending);
      throw error;
    }
    return report(shell, await settleOrSay(shell, lending), deal.lent, ended);
  } finally {
    foreground.release();
  }
}

export async function urlOnce(flags: Flags, given: readonly string[]): Promise<void> {
  await perform(async (shell) => {
    mustBeAttended(shell, flags);
    const { targets, command } = split(given);
    const [target = ""] = targets;
    if (targets.length > 1) throw new Stop(EXIT.misuse, `one repository at a time; ${UNCHANGED}`);
    const words = readGitWords(command[0] === "git" ? command.slice(1) : []);
    // A repository that is named is meant, wherever the command goes itself.
    const inTarget = targets.length > 0 ? readGitWords(["-C", target, ...words.rest]) : words;
    const whither = await lookWhither(shell, inTarget);
    const deal = await askForDeal(shell, whither, flags);
    return leaveAs(await once(shell, deal, command));
  });
}
