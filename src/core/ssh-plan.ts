/** From a view of SSH and choices to the steps that make Git sign in with a key. Pure. */
import type { RepositoryName } from "./bitbucket.ts";
import type { Finding } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import { change } from "./placement-parts.ts";
import type { Choices, FileStep, PlannedStep, ProofStep, SshChoice, Step } from "./plan.ts";
import type { ConfigEntry, Route } from "./setup.ts";
import type { SshView } from "./ssh.ts";
import { chooseKey, type Settled, type SshGround, type SshWish } from "./ssh-choice.ts";
import { knownHostSteps } from "./ssh-known.ts";
import {
  isNotOurs,
  repositoriesIn,
  routesToServe,
  type Served,
  servedBy,
  unturnSteps,
  urlAfter,
  urlSteps,
} from "./ssh-urls.ts";
import { type NoSsh, noSsh, whyNoSsh } from "./ssh-way.ts";

/** What a plan is made from. */
export interface SshPlanInput {
  view: SshView;
  routes: readonly Route[];
  config: readonly ConfigEntry[];
  findings: readonly Finding[];
  ground: SshGround;
  wish: SshWish;
  /** A credential is here that may add access keys at Bitbucket; else a person does it. */
  rest: boolean;
  /** How Bitbucket lists an access key. */
  label: string;
  choices: Pick<Choices, "accept" | "push">;
}

/** A plan in the making. */
export interface SshPlan extends Settled {
  /** Nothing in it: all that leads to Bitbucket here works over SSH. */
  steps: readonly PlannedStep[];
  /** What the key opens here. */
  repositories: readonly RepositoryName[];
  /** Only the key is made; setting it up waits until Bitbucket knows it. */
  keyOnly: boolean;
  /** The URLs as they will be, each once. */
  urls: readonly string[];
  /** Remotes whose pushes an access key refuses from now on, and those that keep their own way. */
  pushes: { refused: readonly string[]; kept: readonly string[] };
}

function keySteps({ key }: SshChoice): PlannedStep[] {
  if (key.kind !== "made") return [];
  return [
    change({ kind: "put-ssh-key", file: key.file, half: "private" }),
    change({ kind: "put-ssh-key", file: `${key.file}.pub`, half: "public" }),
  ];
}

function registerSteps(
  { as, key }: SshChoice,
  repositories: readonly RepositoryName[],
  { rest, label }: SshPlanInput,
): PlannedStep[] {
  if (!rest || as !== "access-key" || key.file === null) return [];
  const publicKey = `${key.file}.pub`;
  return repositories.map((repository) => change({ kind: "register-key", repository, label, publicKey }));
}

/**
 * What is asked of real git: every way that was changed, and a push where one is wanted. What ssh has already is not
 * proved alone where it hangs on a command of the person's own; whether it works is seen when git is run as they do.
 */
function proofSteps(
  { choice }: Settled,
  served: readonly Served[],
  push: boolean,
  { client }: SshView,
): PlannedStep[] {
  const proofs = new Map<string, Omit<ProofStep, "kind" | "source">>();
  for (const { route } of served) {
    const { direction, purpose } = route;
    const isProvable = purpose !== "lfs" && (direction === "fetch" || (push && choice.as === "person"));
    if (!isProvable) continue;
    const url = urlAfter(choice, route);
    // What a person has yet to change still leads over HTTPS by its name.
    const isByName = purpose === "remote" && !(route.entry !== null && isNotOurs(route.entry));
    const remote = isByName ? route.remote : null;
    const known = proofs.get(`${direction} ${url}`);
    if (known === undefined || known.remote === null)
      proofs.set(`${direction} ${url}`, { direction, remote, url });
  }
  const source = { kind: "ssh", key: choice.key.file } as const;
  const isAlone = source.key !== null || client?.from === "PATH";
  return [...proofs.values()].flatMap((about): PlannedStep[] => [
    ...(isAlone
      ? [
          {
            phase: "prove",
            safety: "safe",
            answers: null,
            step: { kind: "prove", ...about, source },
          } as const,
        ]
      : []),
    { phase: "verify", safety: "safe", answers: null, step: { kind: "verify", ...about, source: null } },
  ]);
}

const SECRETS: ReadonlySet<CheckId> = new Set([
  "secret-in-remote-url",
  "secret-in-insteadof",
  "secret-in-lfs-url",
  "secret-in-submodule-url",
]);

type EntryStep = Extract<FileStep, { kind: "set-config" | "unset-config" }>;

const nameOf = ({ file, entry }: EntryStep) => JSON.stringify([file, entry.key, entry.occurrence]);

const isEntryStep = (step: Step): step is EntryStep =>
  step.kind === "set-config" || step.kind === "unset-config";

/** Secrets in URLs go, by the remedies of their own findings, wherever the new URL does not take their place anyway. */
function withoutSecrets(
  { findings, choices }: SshPlanInput,
  choice: SshChoice,
  rewritten: readonly PlannedStep[],
): PlannedStep[] {
  const taken = new Set(rewritten.flatMap(({ step }) => (isEntryStep(step) ? [nameOf(step)] : [])));
  const whole: Choices = {
    with: "ssh",
    kind: "api-token",
    store: null,
    email: null,
    expires: null,
    ssh: choice,
    ...choices,
  };
  return findings
    .filter(({ id, remedy }) => SECRETS.has(id) && remedy !== null)
    .flatMap(({ id, remedy }) =>
      (remedy?.steps(whole) ?? []).filter(({ safety }) => safety === "safe" || choices.accept.includes(id)),
    )
    .filter(({ step }) => isEntryStep(step) && !taken.has(nameOf(step)));
}

const PHASES = ["change", "prove", "cleanUp", "verify"] as const;

const byPhase = (a: PlannedStep, b: PlannedStep) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase);

const labelOf = ({ remote, url }: Route) => remote ?? url.text;

/** What becomes of pushes once an access key has the fetches. */
function pushesBeside(
  { as }: SshChoice,
  all: readonly Served[],
  served: readonly Served[],
): SshPlan["pushes"] {
  if (as === "person") return { refused: [], kept: [] };
  const pushes = all.filter(({ route }) => route.direction === "push" && route.purpose !== "lfs");
  const names = (some: readonly Served[]) => [...new Set(some.map(({ route }) => labelOf(route)))];
  const refused = pushes.filter((one) => served.includes(one));
  return { refused: names(refused), kept: names(pushes.filter((one) => !served.includes(one))) };
}

function empty(settled: Settled): SshPlan {
  const pushes = { refused: [], kept: [] };
  return { ...settled, steps: [], repositories: [], keyOnly: false, urls: [], pushes };
}

const NOTHING: Settled = {
  choice: { as: "person", key: { kind: "there", file: null }, host: "bitbucket.org", port: 22 },
  block: null,
};

/** Makes the plan, or says why there is none. One without steps: nothing here is left to do. */
export function planSsh(input: SshPlanInput): SshPlan | NoSsh {
  const { view, routes, config, ground, wish, choices } = input;
  const without = whyNoSsh(view);
  if (without !== null) return without;
  const all = routesToServe(routes, view, choices.push);
  if (all.length === 0) return empty(NOTHING);
  const settled = chooseKey(view, repositoriesIn(all), wish, ground);
  if ("noSsh" in settled) return settled;
  const { choice, block } = settled;
  const served = servedBy(choice.as, all);
  const repositories = repositoriesIn(served);
  if (repositories.length === 0)
    return noSsh("only pushes lead to Bitbucket from here, and an access key cannot push");
  // Where nobody is there to wait for, the key is made, and the rest is left to the next run.
  const isTold = input.rest && choice.as === "access-key";
  const keyOnly = choice.key.kind === "made" && !wish.attended && !isTold;
  const about = { ...settled, repositories, pushes: pushesBeside(choice, all, served) };
  const urls = [...new Set(served.map(({ route }) => urlAfter(choice, route)))];
  const known = knownHostSteps(choice, block, view, ground);
  if ("noSsh" in known) return known;
  const unturned = unturnSteps(choice, served, config, choices.accept);
  if ("noSsh" in unturned) return unturned;
  // What would stop the next run is said before anybody is asked to add a key.
  if (keyOnly) return { ...about, steps: keySteps(choice), keyOnly, urls };
  const rewritten = urlSteps(choice, served);
  const steps = [
    ...unturned,
    ...withoutSecrets(input, choice, [...unturned, ...rewritten]),
    ...keySteps(choice),
    ...known,
    ...(block === null ? [] : [change({ kind: "add-ssh-host", file: `${view.home}/.ssh/config`, block })]),
    ...registerSteps(choice, repositories, input),
    ...rewritten,
    ...proofSteps(settled, served, choices.push, view),
  ];
  return { ...about, steps: steps.toSorted(byPhase), keyOnly: false, urls };
}
