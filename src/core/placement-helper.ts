/** A new token in git-rekey's own care, and Git told to ask its helper alone. Pure. */
import {
  type Account,
  chooseAccount,
  gitUserOf,
  isNobodys,
  type OwnStore,
  type Reach,
  type SecretPlace,
} from "./account.ts";
import { keepAccount, usualName, type WantedAccount } from "./account-steps.ts";
import { canBeBound, sectionsFor } from "./bound.ts";
import { revokeDisplaced } from "./displaced.ts";
import type { Finding } from "./finding.ts";
import { credentialRequest, credentialRules } from "./git-rules.ts";
import { chainSteps } from "./helper-chain.ts";
import type { CheckId } from "./ids.ts";
import { pinStep } from "./pin.ts";
import { imposedOn, NO_REPOSITORY } from "./placement.ts";
import { netrcInFront } from "./placement-netrc.ts";
import {
  change,
  type NoPlace,
  noPlace,
  type OwnPlaces,
  type Placement,
  type Places,
} from "./placement-parts.ts";
import { type Choices, isOwnStore, type Phase, type PlannedStep, type Step } from "./plan.ts";
import { cleanUrl } from "./remote-url.ts";
import type { ConfigEntry, NetrcFile, Outcome, Route } from "./setup.ts";

/** What is known of the machine. */
interface Known {
  netrc: readonly NetrcFile[];
  config: readonly ConfigEntry[];
  outcomes: readonly Outcome[];
  diagnosis: { findings: readonly Pick<Finding, "id">[] };
}

/** A repository that shall work, and the user name under which Git will ask for it. */
interface Need {
  route: Route;
  /** Null where nobody is named, or a name that is no person's. */
  name: string | null;
}

/** A URL with a password in it loses its user name as well; `credential.username` then speaks for it. */
function needOf({ route }: Outcome, config: readonly ConfigEntry[]): Need {
  const { url } = route;
  const clean = cleanUrl(url, url.password === null && url.userSecret === null ? url.user : null);
  const { username } = credentialRequest(
    credentialRules(
      config.map((of) => ({ ...of, of })),
      clean,
    ),
    clean,
  );
  return { route, name: isNobodys(username) ? null : username };
}

const isEmail = (name: string): boolean => name.includes("@");

/** The names that one account can answer to: a user name and an e-mail, the first of each. */
function namesOf(needs: readonly Need[]): { username: string | null; email: string | null } {
  const names = needs.flatMap(({ name }) => name ?? []);
  return { username: names.find((name) => !isEmail(name)) ?? null, email: names.find(isEmail) ?? null };
}

const answering = (need: Need, accounts: readonly Account[]): Account | null =>
  chooseAccount({ username: need.name, place: need.route.url.repository }, accounts);

/** Findings about a token that others may need: it is refused for this repository alone. */
const ALIVE: ReadonlySet<CheckId> = new Set(["token-for-other-repository", "repository-not-accessible"]);

/** Its token gives way to the new one, unless it is another person's, is for something else, or lives. */
function isReplaceable({ kind, email }: Account, choices: Choices, found: Known["diagnosis"]): boolean {
  if (found.findings.some(({ id }) => ALIVE.has(id))) return false;
  if (choices.email !== null && email !== null && choices.email !== email) return false;
  return kind === choices.kind;
}

function reaches(first: Route, { kind }: Choices): readonly Reach[] {
  const { repository } = first.url;
  if (repository === null) return [null];
  return kind === "access-token" ? [repository] : [null, { ...repository, repository: null }, repository];
}

function freeName(name: string, accounts: readonly Account[]): string {
  const taken = new Set(accounts.map((one) => one.name));
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  return free;
}

/** As the helper will see it once it stands last in the list, or in the place of the one with its name. */
function listWith(wanted: WantedAccount, accounts: readonly Account[]): Account[] {
  const added: Account = { ...wanted, secret: { kind: "env", name: "_" }, added: "", digest: null };
  return accounts.some(({ name }) => name === wanted.name)
    ? accounts.map((one) => (one.name === wanted.name ? added : one))
    : [...accounts, added];
}

/** The account the token is for, and the one whose place it takes. */
interface Chosen {
  wanted: WantedAccount;
  current: Account | null;
}

type Owner = Pick<WantedAccount, "username" | "email">;

/** An access token is nobody's, so it answers to every name; but a person's own account goes first for theirs. */
function ownersOf({ kind, username, email }: Owner & Pick<WantedAccount, "kind">): readonly Owner[] {
  const owner = { username, email };
  return kind === "access-token" ? [{ username: null, email: null }, owner] : [owner];
}

/** A new account; where an older one would answer before it, it is for less, and so goes first. Null: that does not help. */
function newAccount(
  first: Need,
  known: Omit<WantedAccount, "name" | "reach">,
  choices: Choices,
  own: OwnPlaces,
) {
  const possible = reaches(first.route, choices).flatMap((reach) =>
    ownersOf(known).map((owner) => {
      const name = freeName(usualName({ ...known, ...owner, reach }, known.kind), own.known);
      return { ...known, ...owner, reach, name };
    }),
  );
  return possible.find((one) => answering(first, listWith(one, own.known))?.name === one.name) ?? null;
}

function chooseWanted(
  needs: readonly [Need, ...Need[]],
  choices: Choices,
  own: OwnPlaces,
  found: Known["diagnosis"],
): Chosen {
  const present = answering(needs[0], own.known);
  const names = namesOf(needs);
  const { kind, push, expires } = choices;
  const rights = push ? (["pull", "push"] as const) : (["pull"] as const);
  const known = {
    kind,
    username: names.username,
    email: choices.email ?? names.email,
    rights,
    expires,
  };
  const added =
    present !== null && isReplaceable(present, choices, found)
      ? null
      : newAccount(needs[0], known, choices, own);
  if (added !== null) return { wanted: added, current: null };
  if (present === null) throw new Error("an account that nothing goes before does not go first");
  const { name, reach } = present;
  const username = known.username ?? present.username;
  const email = known.email ?? present.email;
  return { wanted: { ...known, username, email, name, reach }, current: present };
}

/**
 * One account answers to one user name: further ones give way to the name that is nobody's. And a short name for a URL
 * with a password in it is lost with that password.
 */
function renameSteps(
  needs: readonly Need[],
  wanted: WantedAccount,
  known: readonly Account[],
): PlannedStep[] {
  const list = listWith(wanted, known);
  return needs.flatMap((need) => {
    const { entry, url, rewrittenBy } = need.route;
    const isOther = need.name !== null && answering(need, list)?.name !== wanted.name;
    const isLost = url.password !== null && rewrittenBy !== null && entry?.value !== cleanUrl(url, null);
    const step = isOther || isLost ? pinStep(need.route, isOther ? gitUserOf(wanted) : null) : null;
    return step === null ? [] : [change(step)];
  });
}

function storeOf({ secret }: Account): OwnStore {
  return secret.kind === "file" || secret.kind === "keychain" ? { kind: secret.kind } : secret;
}

function whereText(secret: SecretPlace, { tokens }: OwnPlaces): string {
  switch (secret.kind) {
    case "file":
      return `in \`${tokens}/${secret.name}\`, a plain text file only you can read; git-rekey's helper gives it to Git`;
    case "keychain":
      return "in the keychain; git-rekey's helper gives it to Git";
    case "env":
      return `nowhere: git-rekey's helper takes it from \`${secret.name}\` each time`;
    case "command":
      return `nowhere: git-rekey's helper asks \`${secret.argv[0]}\` for it each time`;
  }
}

const NO_STORE = "git-rekey's helper needs a place for the token";
const IMPOSED =
  "a helper comes by a variable or by `git -c`, after every file: take it away first, then run this again";

/** The accounts that answer for all that is broken and whose tokens Bitbucket accepts: nothing is missing but lines. */
function readyAccount(needs: readonly Need[], { known, accepted }: OwnPlaces): Account | null {
  const chosen = needs.map((need) => answering(need, known));
  const [first] = chosen;
  return first && chosen.every((one) => one && accepted.includes(one.name)) ? first : null;
}

interface Kept {
  account: Pick<Account, "name" | "kind" | "reach">;
  steps: readonly PlannedStep[];
  renames: readonly PlannedStep[];
  where: string;
}

function keepToken(
  needs: readonly [Need, ...Need[]],
  choices: Choices,
  own: OwnPlaces,
  found: Known["diagnosis"],
): Kept | NoPlace {
  const { wanted, current } = chooseWanted(needs, choices, own, found);
  const store = isOwnStore(choices.store) ? choices.store : current && storeOf(current);
  if (store === null) return noPlace(NO_STORE, true);
  const { account, change: made, cleanUp, todo } = keepAccount(wanted, store, current, own);
  const renames = renameSteps(needs, wanted, own.known);
  return {
    account,
    steps: [...made.map(change), ...cleanUp.map(inPhase("cleanUp")), ...todo.map(inPhase("verify"))],
    where: whereText(account.secret, own),
    renames,
  };
}

function inPhase(phase: Phase): (step: Step) => PlannedStep {
  return (step) => ({ ...change(step), phase });
}

/** The lines for the account that will answer. */
function linesFor(
  needs: readonly Need[],
  account: Pick<Account, "kind" | "reach">,
  config: readonly ConfigEntry[],
  places: Places & { own: OwnPlaces },
): readonly PlannedStep[] | NoPlace {
  const of = needs.map(({ route: { url } }) => url);
  const bound = account.kind === "access-token" && account.reach?.repository ? sectionsFor(of) : null;
  if (bound !== null && !canBeBound(of)) return noPlace(NO_REPOSITORY, false);
  const urls = of.map((url) => cleanUrl(url, url.user));
  const wanted = { helper: places.own.helper, urls, needsPath: account.reach !== null, bound };
  const files = { global: places.globalConfig, local: places.localConfig, worktree: places.worktreeConfig };
  const lines = chainSteps(config, wanted, files);
  return lines === null ? noPlace(IMPOSED, false) : lines.map(change);
}

/** Decides which account answers for what is broken, and what Git must be told so that it asks. */
export function placeInHelper(
  broken: readonly Outcome[],
  setup: Known,
  choices: Choices,
  places: Places,
): Placement | NoPlace {
  const { own } = places;
  if ("trouble" in own) return noPlace(own.trouble, false);
  const [first, ...others] = broken.map((one) => needOf(one, setup.config));
  if (first === undefined) return noPlace("nothing here is refused", false);
  const needs: [Need, ...Need[]] = [first, ...others];
  const front = imposedOn(broken) ?? netrcInFront(setup.netrc, broken, setup.outcomes, choices);
  if ("noPlace" in front) return front;
  const ready = choices.store === null ? readyAccount(needs, own) : null;
  const kept: Kept | NoPlace =
    ready === null
      ? keepToken(needs, choices, own, setup.diagnosis)
      : { account: ready, steps: [], renames: [], where: "where it is" };
  if ("noPlace" in kept) return kept;
  const lines = linesFor(needs, kept.account, setup.config, { ...places, own });
  if ("noPlace" in lines) return lines;
  const revoked = revokeDisplaced(broken, setup.diagnosis.findings, kept.account, own.accounts);
  return {
    steps: [...front.steps, ...kept.renames, ...lines, ...kept.steps, ...revoked],
    proof: { kind: "helper", helper: own.helper },
    taken: [],
    pinUser: false,
    where: kept.where,
    ready: ready !== null,
  };
}
