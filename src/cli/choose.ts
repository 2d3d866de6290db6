import { join } from "node:path";
import type { CheckId } from "../core/ids.ts";
import { isCheckId } from "../core/ids.ts";
import { type MadePlan, makePlan } from "../core/make-plan.ts";
import type { Places } from "../core/placement-parts.ts";
import type { Choices } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import type { Attempt, Outcome } from "../core/setup.ts";
import { wayOf } from "../core/token-advice.ts";
import { TOOL } from "../core/version.ts";
import { brokenOutcomes } from "../core/wanted.ts";
import { readHelperSpec, storeFiles } from "../probes/helper-spec.ts";
import { askLine } from "../world/terminal.ts";
import { type Diagnosed, partOf } from "./diagnosis.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

export interface FixFlags {
  with?: Choices["with"];
  store?: "prompt" | "git-store";
  accept?: string;
  email?: string;
  push: boolean;
  yes: boolean;
}

function acceptedIds(text: string | undefined): CheckId[] {
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
function usualWay(diagnosed: Diagnosed): Choices["with"] {
  const sent = diagnosed.outcomes.find(({ state }) => state === "refused")?.last;
  return wayOf(sent?.secret?.kind ?? "unknown") ?? "remote";
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
  return secret !== null && wayOf(secret.kind) === choices.with ? secret : null;
}

/** The kind of token that a way usually means. */
export function kindOf(way: Choices["with"]): Choices["kind"] {
  return way === "access-token" ? "access-token" : "api-token";
}

/** The choices that the flags make, completed by what is usual. */
export function choicesFrom(flags: FixFlags, diagnosed: Diagnosed): Choices {
  const way = flags.with ?? usualWay(diagnosed);
  return {
    with: way,
    kind: kindOf(way),
    store: flags.store ?? null,
    email: flags.email ?? null,
    expires: null,
    push: flags.push,
    accept: acceptedIds(flags.accept),
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

function placesOf(shell: Shell, diagnosed: Diagnosed): Places {
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
    storeFile: existing ?? join(home, ".git-credentials"),
    home,
  };
}

function planWith(shell: Shell, diagnosed: Diagnosed, choices: Choices) {
  const { survey, diagnosis, outcomes } = diagnosed;
  const place = survey.stand?.place;
  const path = place?.path ?? ".";
  return makePlan(
    {
      diagnosis,
      outcomes,
      netrc: partOf(survey, "netrc", []),
      stores: partOf(survey, "stores", []),
      config: partOf(survey, "config", []),
      places: placesOf(shell, diagnosed),
      target: place?.kind === "url" ? { kind: "url", url: path } : { kind: "repository", path },
      tool: TOOL,
      uid: shell.self.uid,
    },
    choices,
  );
}

async function askForStore(shell: Shell, noPlace: string): Promise<"git-store" | "prompt"> {
  shell.err(`${noPlace}. Where shall the new token be kept?\n`);
  shell.err(
    "  1  in a plain text file that only you can read, by Git's own `store` helper (`--store git-store`)\n",
  );
  shell.err("  2  nowhere: Git asks for it each time (`--store prompt`)\n");
  for (;;) {
    const answer = (await askLine("1 or 2: ")).trim();
    if (answer === "1") return "git-store";
    if (answer === "2") return "prompt";
  }
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
    const add = choosable
      ? "add `--store git-store` (a file only you can read) or `--store prompt` (Git asks each time)"
      : null;
    throw new Stop(EXIT.personNeeded, `${made.noPlace}; nothing has been changed`, add);
  }
  return choosePlan(shell, diagnosed, { ...choices, store: await askForStore(shell, made.noPlace) }, false);
}
