/** The plan that sets up SSH, from a diagnosis and what a person wants. */

import type { CheckId } from "../../core/ids.ts";
import type { Choices, Plan } from "../../core/plan.ts";
import { Unavailable } from "../../core/setup.ts";
import type { SshView } from "../../core/ssh.ts";
import { OUR_COMMENT, type SshWish } from "../../core/ssh-choice.ts";
import { planSsh, type SshPlan } from "../../core/ssh-plan.ts";
import { TOOL } from "../../core/version.ts";
import { readSituation } from "../../probes/situation.ts";
import { type Diagnosed, partOf } from "../diagnosis.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";
import { type KeyFlag, readGround, wishFor } from "./wish.ts";

/** What a person wants of SSH, as flags or a plan file say it. */
export interface SshWants {
  key: KeyFlag | null;
  push: boolean;
  accept: readonly CheckId[];
  email: string | null;
  /** Somebody works here and can be asked. */
  attended: boolean;
  /** A credential is here that may add access keys at Bitbucket. */
  rest: boolean;
}

export interface PlannedSsh {
  /** Null where nothing is left to do. */
  plan: Plan | null;
  ssh: SshPlan;
  view: SshView;
}

/** What SSH is like here, or an end with the reason why that is not known. */
function viewOf({ survey }: Diagnosed): SshView {
  const { ssh } = survey.gathered;
  if (ssh instanceof Unavailable)
    throw new Stop(EXIT.unknown, `SSH was not looked at: ${ssh.reason}; nothing has been changed`);
  return ssh;
}

async function isServer(shell: Shell, { survey }: Diagnosed, push: boolean): Promise<boolean> {
  const { hasScreen } = await shell.browser();
  const { hasTerminal } = shell;
  return readSituation(shell, survey, { push, hasScreen, hasTerminal }).machine !== "desk";
}

/** By which Bitbucket and the next run know the key again. */
export function commentOf({ self }: Shell): string {
  return `${OUR_COMMENT}${self.user}@${self.host}`.replaceAll(/[^\x20-\x7e]/g, "?");
}

/** Makes the plan; ends with a sentence where there is none. */
export async function planOverSsh(
  shell: Shell,
  diagnosed: Diagnosed,
  wants: SshWants,
  type: SshWish["type"],
): Promise<PlannedSsh> {
  const view = viewOf(diagnosed);
  const { survey, diagnosis } = diagnosed;
  const { key, push, accept, attended, rest } = wants;
  const usual = { push, attended, isServer: attended && (await isServer(shell, diagnosed, push)) };
  const made = planSsh({
    view,
    routes: partOf(survey, "routes", []),
    config: partOf(survey, "config", []),
    findings: diagnosis.findings,
    ground: readGround(shell, view.home ?? "/"),
    wish: wishFor(key, usual, type),
    rest,
    label: commentOf(shell),
    choices: { accept, push },
  });
  if ("noSsh" in made)
    throw new Stop(EXIT.personNeeded, `${made.noSsh}; nothing has been changed`, made.hint);
  const choices: Choices = {
    with: "ssh",
    kind: "api-token",
    store: null,
    email: wants.email,
    expires: null,
    push,
    accept,
    ssh: made.choice,
  };
  return {
    plan: made.steps.length === 0 ? null : wholePlan(shell, diagnosed, choices, made),
    ssh: made,
    view,
  };
}

function wholePlan(shell: Shell, { survey }: Diagnosed, choices: Choices, { steps }: SshPlan): Plan {
  const place = survey.stand?.place;
  const path = place?.path ?? ".";
  return {
    schema: "git-rekey/plan@1",
    tool: TOOL,
    uid: shell.self.uid,
    target: place?.kind === "url" ? { kind: "url", url: path } : { kind: "repository", path },
    choices,
    needsToken: false,
    steps,
  };
}
