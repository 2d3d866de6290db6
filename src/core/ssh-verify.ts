/** What real git is asked where a plan mends a way over SSH by files alone. Pure. */
import { GIT_HOST, SSH_USER } from "./bitbucket.ts";
import type { CheckId } from "./ids.ts";
import type { Choices, PlannedStep, ProofStep, Step } from "./plan.ts";
import { isOverSsh } from "./remote-url.ts";
import type { Outcome, Route } from "./setup.ts";
import type { SshOutcome, SshSaying } from "./ssh.ts";
import { isWanted } from "./wanted.ts";

/** What ends a way, by the finding whose remedy is to open it again. */
const MENDS: Readonly<Partial<Record<CheckId, readonly SshSaying[]>>> = {
  "ssh-host-key-changed": ["host-key-changed", "host-key-revoked"],
  "ssh-host-key-unknown": ["host-key-unknown"],
  "ssh-permissions-too-open": ["permissions-too-open", "key-refused"],
  "ssh-port-blocked": ["port-blocked", "cut-off"],
  "ssh-too-many-keys": ["too-many-keys"],
};

/** The URL in a form that a plan may hold; where Git goes by a remote's name, what that name leads to. */
function plainUrl({ url, remote, direction, purpose }: Route): string | null {
  if (url.repository === null) return null;
  const { workspace, repository } = url.repository;
  const isPlain = url.host === GIT_HOST || url.host.startsWith(`${GIT_HOST}-`);
  const isSaid = isPlain && url.port === null && url.user === SSH_USER;
  if (!isSaid && !(direction === "fetch" && purpose === "remote" && remote !== null)) return null;
  return `${SSH_USER}@${isSaid ? url.host : GIT_HOST}:${workspace}/${repository}.git`;
}

function verifyStep(route: Route, url: string): PlannedStep {
  const remote = route.purpose === "remote" ? route.remote : null;
  const step: ProofStep = { kind: "verify", direction: route.direction, remote, url, source: null };
  return { phase: "verify", safety: "safe", answers: null, step };
}

/** Asks real git on every way that these steps are to open. */
export function sshVerifySteps(
  overSsh: readonly SshOutcome[],
  choices: Pick<Choices, "push">,
  steps: readonly PlannedStep[],
): PlannedStep[] {
  const mended = new Set(steps.flatMap(({ answers }) => (answers === null ? [] : (MENDS[answers] ?? []))));
  return overSsh.flatMap(({ route, state, saying }) => {
    const isMended = state !== "ok" && saying !== null && mended.has(saying);
    const url = isMended && isWanted(route, choices) ? plainUrl(route) : null;
    return url === null ? [] : [verifyStep(route, url)];
  });
}

/** What leads over SSH again once the rule that turned it into HTTPS is taken out. */
export function turnedBack(outcomes: readonly Outcome[], steps: readonly PlannedStep[]): Outcome[] {
  const isGone = ({ rewrittenBy }: Route) =>
    rewrittenBy !== null &&
    steps.some(
      ({ answers, step }) =>
        // A short name for a URL over HTTPS looks like SSH as well.
        answers === "ssh-rewritten-to-https" &&
        step.kind === "unset-config" &&
        step.file === rewrittenBy.file &&
        step.entry.key === rewrittenBy.key &&
        step.entry.occurrence === rewrittenBy.occurrence,
    );
  return outcomes.filter(({ route }) => isGone(route) && isOverSsh(writtenUrl(route)));
}

function writtenUrl({ entry }: Route): string {
  return entry?.value ?? "";
}

/** Asks real git by the URLs that are written there. */
export function turnedBackSteps(turned: readonly Outcome[]): PlannedStep[] {
  return turned.flatMap(({ route }) => {
    const url = { ...route.url, host: GIT_HOST, user: SSH_USER, port: null };
    const plain = plainUrl({ ...route, url });
    return plain === null ? [] : [verifyStep(route, plain)];
  });
}

/** Changes that are right whatever else keeps Git out: today's host keys in the place of others, files closed to others. */
const RIGHT_ANYWAY: ReadonlySet<Step["kind"]> = new Set(["add-known-hosts", "drop-known-host", "set-mode"]);

/** Whether a way over SSH that is not open yet is a reason to take all back. */
export function mustOpen(steps: readonly PlannedStep[]): boolean {
  return steps.some(({ phase, step }) => phase === "change" && !RIGHT_ANYWAY.has(step.kind));
}
