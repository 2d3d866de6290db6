import { join } from "node:path";
import { isTrue } from "../core/git-rules.ts";
import type { CheckId } from "../core/ids.ts";
import { isCheckId } from "../core/ids.ts";
import { type MadePlan, makePlan } from "../core/make-plan.ts";
import type { Places } from "../core/placement-parts.ts";
import { type Choices, isOwnStore, type StoreChoice } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import { type Attempt, type Outcome, OWN_HELPER } from "../core/setup.ts";
import { wayOf } from "../core/token-advice.ts";
import { TOOL } from "../core/version.ts";
import { brokenOutcomes } from "../core/wanted.ts";
import { readHelperSpec, storeFiles } from "../probes/helper-spec.ts";
import { readStore, storesToType, withStoreAsked } from "./choose-store.ts";
import { type Diagnosed, partOf } from "./diagnosis.ts";
import { EXIT, Stop } from "./exit.ts";
import { NO_OWN_ACCOUNTS, ownPlaces } from "./own-places.ts";
import type { Shell } from "./shell.ts";
import { expiryFrom } from "./token/questions.ts";

export interface FixFlags {
  with?: Choices["with"];
  store?: string;
  /** With `ssh` only: `person`, `access` or a file. */
  key?: string;
  expires?: string;
  accept?: string;
  email?: string;
  push: boolean;
  yes: boolean;
  runHelpers: boolean;
}

/** `--accept`, or misuse. */
export function acceptedIds(text: string | undefined): CheckId[] {
  return (text ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "")
    .map((id) => {
      if (!isCheckId(id))
        throw new Stop(EXIT.misuse, `\`${id}\`, given to \`--accept\`, is not the id of a finding`);
      return id;
    });
}

/** An access token that is refused is replaced by one of its kind; everything else by an API token. */
function usualKind(diagnosed: Diagnosed): Choices["kind"] {
  const sent = diagnosed.outcomes.find(({ state }) => state === "refused")?.last;
  return sent?.secret?.kind === "access-token" ? "access-token" : "api-token";
}

/** Git is refused, and our own helper gave what it sent, or has something better that Git never asks for. */
function isOurs({ outcomes, survey }: Diagnosed): boolean {
  const [first, ...others] = outcomes.filter(({ state }) => state === "refused");
  if (first === undefined) return false;
  const answers = partOf(survey, "accounts", NO_OWN_ACCOUNTS).answers;
  const hasBetter = ({ route }: Outcome) => answers.some((one) => one.route === route && one.status === 200);
  const isSent = first.used?.kind === "helper" && first.used.label === OWN_HELPER;
  return isSent || [first, ...others].every(hasBetter);
}

function usualWay(diagnosed: Diagnosed, kind: Choices["kind"], store: StoreChoice | null): Choices["with"] {
  if (isOwnStore(store) || (store === null && isOurs(diagnosed))) return "helper";
  return wayOf(kind) ?? "remote";
}

/** An access token goes into git-rekey's care as other tokens do; what binds it to its repository is its kind. */
function wayFor(
  asked: FixFlags["with"],
  diagnosed: Diagnosed,
  kind: Choices["kind"],
  store: StoreChoice | null,
): Choices["with"] {
  return asked === undefined || asked === "access-token" ? usualWay(diagnosed, kind, store) : asked;
}

/** Faults of the user name alone: the token beside it is good. */
const NAME_FAULTS: ReadonlySet<CheckId> = new Set(["email-as-git-username", "wrong-username-for-token"]);

/** What a helper behind each refused credential holds and Bitbucket accepts: one token, or null. */
function goodBehind(refused: readonly Outcome[]): SecretShape | null {
  const [first, ...others] = refused.map(({ unreached }) => {
    const isGood = ({ source, answer }: Attempt) =>
      source?.kind === "helper" && answer.kind === "http" && answer.status === 200;
    return unreached.find(isGood)?.secret ?? null;
  });
  return first && others.every((one) => one?.ref === first.ref) ? first : null;
}

/** A token Git could go on with: only its user name is wrong, or a stale entry is asked before it. */
export function keepableToken(diagnosed: Diagnosed, choices: Choices): SecretShape | null {
  const [first] = diagnosed.diagnosis.findings;
  const refused = brokenOutcomes(diagnosed.outcomes, choices);
  const isMisnamed = first !== undefined && NAME_FAULTS.has(first.id);
  const secret = isMisnamed ? (refused[0]?.last?.secret ?? null) : goodBehind(refused);
  return secret !== null && secret.kind === choices.kind ? secret : null;
}

/** The kind of token that a way means; null where it is open. */
function kindOf(way: Choices["with"] | undefined): Choices["kind"] | null {
  if (way === undefined || way === "helper") return null;
  return way === "access-token" ? "access-token" : "api-token";
}

/** The choices once the token itself has told its kind. */
export function choicesFor(choices: Choices, token: SecretShape): Choices {
  const way = wayOf(token.kind);
  if (way === null) return choices;
  const kind = way === "access-token" ? "access-token" : "api-token";
  return { ...choices, kind, with: choices.with === "helper" ? "helper" : way };
}

function expiryOf(shell: Shell, { expires }: FixFlags): string | null {
  return expires === undefined ? null : expiryFrom(shell, expires, null);
}

/** The ways that go with a place of git-rekey's own. */
const OWN_STORES: ReadonlySet<Choices["with"]> = new Set(["helper", "access-token"]);

/** What the flags say must be understood, and go together, before anybody is asked anything. */
export function mustFit(shell: Shell, flags: FixFlags): void {
  if (flags.key !== undefined && flags.with !== "ssh")
    throw new Stop(EXIT.misuse, "`--key` says whose SSH key it is: it goes with `--with ssh`");
  if (flags.with === "ssh" && (flags.store !== undefined || flags.expires !== undefined))
    throw new Stop(
      EXIT.misuse,
      "`--with ssh` keeps no token: `--store` and `--expires` have nothing to do there",
    );
  const store = readStore(shell, flags.store);
  expiryOf(shell, flags);
  if (flags.with === undefined || store === null) return;
  if (!OWN_STORES.has(flags.with) && isOwnStore(store))
    throw new Stop(
      EXIT.misuse,
      `\`--store ${flags.store}\` is git-rekey's own: it goes with \`--with helper\``,
    );
  if (flags.with === "helper" && !isOwnStore(store))
    throw new Stop(
      EXIT.misuse,
      `\`--store ${flags.store}\` does without git-rekey's helper: leave \`--with helper\` out`,
    );
}

/** The choices that the flags make, completed by what is usual. */
export function choicesFrom(shell: Shell, flags: FixFlags, diagnosed: Diagnosed): Choices {
  const store = readStore(shell, flags.store);
  const kind = kindOf(flags.with) ?? usualKind(diagnosed);
  const way = wayFor(flags.with, diagnosed, kind, store);
  return {
    with: way,
    kind,
    store,
    email: flags.email ?? null,
    expires: expiryOf(shell, flags),
    push: flags.push,
    accept: acceptedIds(flags.accept),
    ...(flags.runHelpers ? { runHelpers: true } : {}),
  };
}

/** Where `git config --global` would write: the file that is there, else `~/.gitconfig`. */
function globalConfig(shell: Shell, home: string): string {
  const { env } = shell.self;
  if (env.GIT_CONFIG_GLOBAL) return env.GIT_CONFIG_GLOBAL;
  const xdg = join(env.XDG_CONFIG_HOME || join(home, ".config"), "git", "config");
  const usual = join(home, ".gitconfig");
  return shell.files.facts(usual) === null && shell.files.facts(xdg) !== null ? xdg : usual;
}

/** Where this work tree keeps settings of its own, if Git is told to look there. */
function worktreeConfig({ survey }: Diagnosed): string | null {
  const gitDir = survey.stand?.place.gitDir;
  const isRead = partOf(survey, "config", []).some(
    ({ key, value }) => key === "extensions.worktreeconfig" && isTrue(value),
  );
  return gitDir && isRead ? join(gitDir, "config.worktree") : null;
}

function placesOf(shell: Shell, diagnosed: Diagnosed, { push }: Choices): Places {
  const { home } = shell.self;
  if (home === null)
    throw new Stop(
      EXIT.misuse,
      "HOME is not set, so there is nowhere to keep a token or a backup; set HOME and run it again",
    );
  const files = storeFiles(shell, readHelperSpec("store", home), home) ?? [];
  const existing = files.find((file) => shell.files.facts(file) !== null);
  const place = diagnosed.survey.stand?.place;
  return {
    globalConfig: globalConfig(shell, home),
    localConfig: place?.commonDir ? join(place.commonDir, "config") : null,
    worktreeConfig: worktreeConfig(diagnosed),
    storeFile: existing ?? join(home, ".git-credentials"),
    home,
    own: ownPlaces(shell, diagnosed, push),
  };
}

function planWith(shell: Shell, diagnosed: Diagnosed, choices: Choices) {
  const { survey, diagnosis, outcomes, overSsh } = diagnosed;
  const place = survey.stand?.place;
  const path = place?.path ?? ".";
  return makePlan(
    {
      diagnosis,
      outcomes,
      overSsh,
      netrc: partOf(survey, "netrc", []),
      stores: partOf(survey, "stores", []),
      config: partOf(survey, "config", []),
      places: placesOf(shell, diagnosed, choices),
      target: place?.kind === "url" ? { kind: "url", url: path } : { kind: "repository", path },
      tool: TOOL,
      uid: shell.self.uid,
    },
    choices,
  );
}

/**
 * Makes the plan. Where no helper could keep the token a person is asked; without one the command ends here, because
 * a place to keep a secret is never chosen silently.
 */
export async function choosePlan(
  shell: Shell,
  diagnosed: Diagnosed,
  choices: Choices,
  mayAsk: boolean,
): Promise<MadePlan> {
  const made = planWith(shell, diagnosed, choices);
  if (!("noPlace" in made)) return made;
  const choosable = choices.store === null && made.choosable;
  if (!mayAsk || !choosable) {
    const add = choosable ? await storesToType(shell, choices) : null;
    throw new Stop(EXIT.personNeeded, `${made.noPlace}; nothing has been changed`, add);
  }
  return choosePlan(shell, diagnosed, await withStoreAsked(shell, choices, made.noPlace), false);
}
