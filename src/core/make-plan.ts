/** From findings and choices to steps in order. Pure: the same input gives the same plan, here and on another machine. */
import { servedBy, sparesOthers, wantedFor } from "./bound.ts";
import type { Diagnosis, Finding } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import { displaced, occupied } from "./occupied.ts";
import { pinStep } from "./pin.ts";
import { placeToken } from "./placement.ts";
import { placeInHelper } from "./placement-helper.ts";
import { change, type NoPlace, type Placement, type Places } from "./placement-parts.ts";
import {
  type Choices,
  isFileStep,
  type Phase,
  type Plan,
  type PlannedStep,
  type ProofStep,
  type Step,
  userOfWay,
} from "./plan.ts";
import { cleanUrl } from "./remote-url.ts";
import type { ConfigEntry, NetrcFile, Outcome, Route, Source, StoreFile } from "./setup.ts";
import type { SshOutcome } from "./ssh.ts";
import { sshVerifySteps, turnedBack, turnedBackSteps } from "./ssh-verify.ts";

/** What a plan is made from, beside the findings. */
export interface PlanInput {
  diagnosis: Diagnosis;
  outcomes: readonly Outcome[];
  /** Of the ways that Git takes over SSH now. */
  overSsh: readonly SshOutcome[];
  netrc: readonly NetrcFile[];
  stores: readonly StoreFile[];
  config: readonly ConfigEntry[];
  places: Places;
  target: Plan["target"];
  tool: Plan["tool"];
  uid: number | null;
}

export interface MadePlan {
  plan: Plan;
  /** Where the new token will be, for people; null where none is needed. */
  where: string | null;
  /** What to say of the token that it replaces; null where nobody could miss that one. */
  displaced: string | null;
  /** Other repositories that are refused as well, and that an access token is not for. */
  unserved: readonly string[];
  /** Remedies that need a person's word (`--accept ID`). */
  unaccepted: readonly { id: CheckId; summary: string }[];
}

const PHASES: readonly Phase[] = ["change", "prove", "cleanUp", "verify"];

/** Within `change`: what stands in the way goes first, the token comes last. */
const WEIGHT: Readonly<Record<Step["kind"], number>> = {
  "unset-config": 0,
  "set-config": 1,
  "add-config": 2,
  "set-mode": 3,
  "set-netrc": 4,
  "drop-netrc": 4,
  "put-stored": 5,
  "put-token": 6,
  "put-ssh-key": 6,
  "drop-known-host": 6,
  "add-known-hosts": 6,
  "add-ssh-host": 7,
  "register-key": 7,
  "helper-store": 7,
  // A list must never name a token that is not there yet, nor one that is gone.
  "put-account": 8,
  "put-unrevoked": 8,
  "drop-account": 9,
  "drop-unrevoked": 9,
  "drop-token": 10,
  "drop-stored": 11,
  "helper-erase": 12,
  prove: 13,
  verify: 13,
  person: 14,
};

function inOrder(a: PlannedStep, b: PlannedStep): number {
  return PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase) || WEIGHT[a.step.kind] - WEIGHT[b.step.kind];
}

/** Two findings may propose the same change; an entry is changed once, and a dropped one is not set. */
function withoutRepeats(steps: readonly PlannedStep[]): PlannedStep[] {
  const seen = new Set<string>();
  return steps.filter(({ step }) => {
    const touches =
      isFileStep(step) && "entry" in step ? JSON.stringify([step.file, step.entry]) : JSON.stringify(step);
    if (seen.has(touches)) return false;
    seen.add(touches);
    return true;
  });
}

/** Cleaning up must not take away what was just stored in the same place under the same name. */
function spares(placement: Placement | null, { step }: PlannedStep): boolean {
  if (placement === null) return true;
  if (step.kind === "drop-stored") {
    const { username, path } = step.entry;
    return !placement.taken.some(
      (one) => one.file === step.file && one.username === username && one.path === path,
    );
  }
  if (step.kind === "helper-erase") {
    const { helper, username, path } = step;
    return !placement.taken.some(
      (one) => one.helper === helper && one.username === username && one.path === path,
    );
  }
  return true;
}

function pinSteps(broken: readonly Outcome[], user: string): PlannedStep[] {
  return broken.flatMap(({ route }) => {
    const isPinned = route.url.user === user && route.url.password === null;
    const step = isPinned ? null : pinStep(route, user);
    return step === null ? [] : [change(step)];
  });
}

/** Something Git consults before the new token, which this plan does not take away: only the user name in the URL gets past it. */
function mustPin(
  broken: readonly Outcome[],
  placement: Placement,
  choices: Choices,
  config: readonly ConfigEntry[],
  user: string,
): boolean {
  if (placement.pinUser || choices.with === "access-token") return true;
  if (config.some((entry) => entry.section === "credential" && entry.name === "username")) return true;
  if (broken.some(({ route }) => route.url.port !== null || route.detour !== null)) return true;
  // A helper is asked for the user that the URL names, and has the token only under its own.
  if (broken.some(({ route }) => route.url.user !== null && route.url.user !== user)) return true;
  return broken.some((one) =>
    one.sources.some(
      ({ kind, state }) =>
        kind === "helper" && (state === "not-asked" || state === "answers") && one.used?.kind !== "netrc",
    ),
  );
}

/** A route's URL as the plan leaves it. */
function urlAfter({ url, entry }: Route, choices: Choices, steps: readonly PlannedStep[]): string {
  if (choices.with !== "helper") return cleanUrl(url, entry === null ? null : userOfWay(choices));
  for (const { step } of steps)
    if (step.kind === "set-config" && entry !== null && isEntryOf(step, entry)) return step.to;
  return cleanUrl(url, url.password === null && url.userSecret === null ? url.user : null);
}

/** What stands behind LFS and submodules is a repository as well, which Git can be asked to read from here. */
function proofOf(
  { purpose, remote, direction }: Route,
  clean: string,
): Pick<ProofStep, "direction" | "remote" | "url"> | null {
  if (purpose === "remote" || purpose === "url") return { direction, remote, url: clean };
  if (direction === "push") return null;
  return { direction, remote: null, url: purpose === "lfs" ? clean.replace(/\/info\/lfs\/?$/, "") : clean };
}

function proofSteps(
  broken: readonly Outcome[],
  placement: Placement | null,
  choices: Choices,
  steps: readonly PlannedStep[],
): PlannedStep[] {
  const proofs: PlannedStep[] = [];
  for (const { route } of broken) {
    const about = proofOf(route, urlAfter(route, choices, steps));
    if (about === null) continue;
    if (placement) {
      proofs.push({
        phase: "prove",
        safety: "safe",
        answers: null,
        step: { kind: "prove", ...about, source: placement.proof },
      });
    }
    const source = placement?.proof.kind === "ask" ? placement.proof : null;
    proofs.push({
      phase: "verify",
      safety: "safe",
      answers: null,
      step: { kind: "verify", ...about, source },
    });
  }
  return proofs;
}

interface Remedies {
  steps: PlannedStep[];
  unaccepted: MadePlan["unaccepted"];
  /** Findings that these steps mend with the token that is there; none where a place for a new one was chosen. */
  freed: ReadonlySet<CheckId>;
}

function remedySteps(findings: readonly Finding[], choices: Choices): Remedies {
  const steps: PlannedStep[] = [];
  const unaccepted: { id: CheckId; summary: string }[] = [];
  const freed = new Set<CheckId>();
  for (const { id, remedy, cause, severity } of findings) {
    // The cause of a refusal that nobody minds: a push, where only fetching is wanted. Its credential may be right.
    const isMinded = !(cause && severity === "note");
    if (remedy === null || !isMinded) continue;
    const accepted = choices.accept.includes(id);
    const proposed = remedy.steps(choices);
    const allowed = proposed.filter(({ safety }) => safety === "safe" || accepted);
    if (allowed.length < proposed.length) unaccepted.push({ id, summary: remedy.summary });
    steps.push(...allowed);
    const isMade = choices.store === null && allowed.some(({ phase }) => phase === "change");
    for (const one of isMade ? (remedy.frees ?? []) : []) freed.add(one);
  }
  return { steps, unaccepted, freed };
}

/** With a token for one repository, as much of the remedies as concerns no other. */
function remediesFor(
  broken: readonly Outcome[],
  findings: readonly Finding[],
  choices: Choices,
): ReturnType<typeof remedySteps> {
  const all = remedySteps(findings, choices);
  const repository = broken[0]?.route.url.repository ?? null;
  if (choices.kind !== "access-token" || choices.with === "forget" || repository === null) return all;
  return { ...all, steps: all.steps.filter((step) => sparesOthers(step, repository)) };
}

function namesOf(outcomes: readonly Outcome[]): string[] {
  const names = outcomes.map(({ route: { url } }) =>
    url.repository === null ? url.text : `${url.repository.workspace}/${url.repository.repository}`,
  );
  return [...new Set(names)];
}

type ConfigStep = Extract<Step, { kind: "set-config" | "unset-config" }>;

function isEntryOf(step: ConfigStep, { file, key, occurrence }: ConfigEntry): boolean {
  return step.file === file && step.entry.key === key && step.entry.occurrence === occurrence;
}

function isChanged(entry: ConfigEntry, steps: readonly PlannedStep[]): boolean {
  return steps.some(
    ({ step }) => (step.kind === "set-config" || step.kind === "unset-config") && isEntryOf(step, entry),
  );
}

/** What is refused now and would still go before the new token, because nobody has said yes to changing it. */
function leftInFront(broken: readonly Outcome[], steps: readonly PlannedStep[]): Source | null {
  const forgetsHelpers = steps.some(
    ({ step }) => step.kind === "add-config" && step.section === "credential",
  );
  for (const { used } of broken) {
    if (used?.entry == null || isChanged(used.entry, steps)) continue;
    if (used.kind === "header" || used.kind === "url") return used;
    if (used.helper?.startsWith("!") && !forgetsHelpers) return used;
  }
  return null;
}

/** What the plan does for the new token, beside the remedies: `steps` are those. */
function placed(
  relevant: readonly Outcome[],
  input: PlanInput,
  choices: Choices,
  steps: readonly PlannedStep[],
  unaccepted: MadePlan["unaccepted"],
): Placement | NoPlace {
  const place = choices.with === "helper" ? placeInHelper : placeToken;
  const placement = place(relevant, input, choices, input.places);
  if ("noPlace" in placement) return placement;
  const taken = occupied(placement, input);
  if (taken !== null) return taken;
  const user = userOfWay(choices);
  const isPinned = choices.with !== "helper" && mustPin(relevant, placement, choices, input.config, user);
  const own = [...(isPinned ? pinSteps(relevant, user) : []), ...placement.steps];
  const left = unaccepted.length > 0 ? leftInFront(relevant, [...steps, ...own]) : null;
  if (left === null) return { ...placement, steps: own };
  const ids = unaccepted.map(({ id }) => id).join(",");
  const what = `\`${left.label}\` goes before the new token, and more than Bitbucket's credential hangs on it`;
  return { noPlace: `${what}: \`--accept ${ids}\` says yes to changing it`, choosable: false };
}

/** Makes the plan, or says that a person must first choose a place for the token. */
export function makePlan(input: PlanInput, choices: Choices): MadePlan | NoPlace {
  const { diagnosis, outcomes, overSsh, target, tool, uid } = input;
  const { served, others } = servedBy(choices, wantedFor(outcomes, choices));
  const { steps, unaccepted, freed } = remediesFor(served, diagnosis.findings, choices);
  const turned = turnedBack(served, steps);
  const broken = served.filter((one) => !turned.includes(one));
  const moves = broken.length > 0 && broken.every(({ state }) => state === "ok");
  const isFaulty = ({ id, remedy, severity }: Finding) =>
    remedy?.needsToken && !freed.has(id) && (severity !== "note" || choices.push);
  const needsNone = turned.length > 0 && broken.length === 0;
  const wantsToken = moves || (!needsNone && diagnosis.findings.some(isFaulty));
  const placesToken = choices.with !== "forget" && wantsToken;
  const relevant = broken.length > 0 ? broken : outcomes.filter(({ used }) => used?.kind === "url");

  const placement = placesToken ? placed(relevant, input, choices, steps, unaccepted) : null;
  if (placement !== null && "noPlace" in placement) return placement;
  steps.push(...(placement?.steps ?? []));
  // A user name taken out of a URL mends a route without any token; closing a file to others mends none.
  const mendsRoutes = steps.some(({ step }) => step.kind === "set-config" || step.kind === "unset-config");
  const kept =
    choices.with === "forget"
      ? steps
      : [
          ...steps,
          ...(wantsToken || mendsRoutes ? proofSteps(relevant, placement, choices, steps) : []),
          ...turnedBackSteps(turned),
          ...sshVerifySteps(overSsh, choices, steps),
        ];
  const ordered = withoutRepeats(kept.filter((step) => spares(placement, step)).sort(inOrder));
  const needsToken = placesToken && !placement?.ready;
  const plan: Plan = { schema: "git-rekey/plan@1", tool, uid, target, choices, needsToken, steps: ordered };
  const where = needsToken ? (placement?.where ?? null) : null;
  const lost = placement === null ? null : displaced(placement, input);
  return { plan, where, displaced: lost, unserved: placesToken ? namesOf(others) : [], unaccepted };
}
