/** The two commands that set up SSH: `fix --with ssh`, and `apply` of its plan. */
import type { Choices, Plan } from "../../core/plan.ts";
import { acceptedIds } from "../choose.ts";
import type { FormatFlags } from "../command.ts";
import { printJson, wantsJson } from "../command.ts";
import type { Diagnosed } from "../diagnosis.ts";
import { EXIT, Stop } from "../exit.ts";
import type { AllFixFlags } from "../fix.ts";
import { progressOf } from "../progress.ts";
import type { Shell } from "../shell.ts";
import { writePlan } from "../write-plan.ts";
import { goOverSsh, nothingLeft, type SshCall, showPlan } from "./fix.ts";
import { ownerOf } from "./owner.ts";
import { type PlannedSsh, planOverSsh } from "./plan.ts";
import { restFor } from "./rest.ts";
import { type KeyFlag, readKeyFlag } from "./wish.ts";

/** The key that the flags name, and whose it is. */
async function flagKey(shell: Shell, diagnosed: Diagnosed, flags: AllFixFlags): Promise<KeyFlag | null> {
  const key = readKeyFlag(shell, flags.key);
  if (key === null || typeof key === "string") return key;
  return { ...key, as: await ownerOf(shell, diagnosed, key.file, flags.trustRepository) };
}

/** `git rekey fix --with ssh`, for one target. */
export async function fixOverSsh(shell: Shell, diagnosed: Diagnosed, flags: AllFixFlags): Promise<number> {
  const key = await flagKey(shell, diagnosed, flags);
  const attended = shell.hasTerminal && !flags.yes;
  const rest = await restFor(shell, diagnosed, flags);
  const { push, email = null } = flags;
  const accept = acceptedIds(flags.accept);
  const wants = { key, push, accept, email, attended, rest: rest !== null };
  const named = flags.key === undefined ? "" : ` --key ${flags.key}`;
  const typed = `\`git rekey fix --with ssh${named}${push ? " --push" : ""} --yes\``;
  const call: SshCall = {
    ...flags,
    diagnosed,
    wants,
    rest,
    action: "fix",
    typed,
    progress: progressOf(shell),
  };
  const planned = await planOverSsh(shell, diagnosed, wants, "ed25519");
  const { plan } = planned;
  if (plan === null) return nothingLeft(shell, planned, call);
  showPlan(shell, planned, call);
  if (flags.planOut !== undefined) return writePlan(shell, plan, flags.planOut);
  if (!flags.dryRun) return goOverSsh(shell, planned, plan, call);
  if (wantsJson(flags)) printJson(shell, plan);
  shell.err("git-rekey: this was a dry run; nothing has been changed\n");
  return EXIT.findings;
}

/** The key a plan was made for. One that ssh had already was not asked for by name. */
function flagOf({ ssh }: Choices): KeyFlag | null {
  if (ssh === undefined) return null;
  if (ssh.key.kind === "made") return ssh.as === "person" ? "person" : "access";
  return ssh.key.file === null ? null : { file: ssh.key.file, as: ssh.as };
}

interface ApplyFlags extends FormatFlags {
  yes: boolean;
  trustRepository: boolean;
}

/** The same plan, made anew on the machine as it is. */
export async function remakeOverSsh(
  shell: Shell,
  diagnosed: Diagnosed,
  { choices, steps }: Plan,
  flags: ApplyFlags,
): Promise<{ planned: PlannedSsh; call: SshCall }> {
  const { push, accept, email, ssh } = choices;
  const isTold = steps.some(({ step }) => step.kind === "register-key");
  const isWhole = steps.some(({ phase }) => phase === "prove");
  const given = email === null ? {} : { email };
  const rest = isTold ? await restFor(shell, diagnosed, { ...flags, ...given }) : null;
  if (isTold && rest === null)
    throw new Stop(
      EXIT.personNeeded,
      "the plan tells Bitbucket of the key by REST, and no credential is here that may; nothing has been changed",
    );
  // Whoever made the plan waited, or not; whether somebody can be asked now is another matter.
  const attended = isWhole && !isTold;
  const wants = { key: flagOf(choices), push, accept, email, attended, rest: isTold };
  const type = ssh?.key.kind === "made" ? ssh.key.type : "ed25519";
  const planned = await planOverSsh(shell, diagnosed, wants, type);
  const call: SshCall = {
    ...flags,
    diagnosed,
    wants: { ...wants, attended: shell.hasTerminal && !flags.yes },
    rest,
    action: "apply",
    typed: "`git rekey apply PLAN --yes`",
    progress: progressOf(shell),
  };
  return { planned, call };
}
