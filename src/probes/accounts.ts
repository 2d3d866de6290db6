import { answersOf } from "../accounts/answers.ts";
import { accountsFile } from "../accounts/folders.ts";
import { loadAccounts } from "../accounts/load.ts";
import type { Room } from "../accounts/room.ts";
import { fetchSecret } from "../accounts/secret.ts";
import {
  type Account,
  answeringFor,
  chooseAccount,
  daysLeft,
  gitUserOf,
  isNobodys,
} from "../core/account.ts";
import { credentialRequest, credentialRules } from "../core/git-rules.ts";
import type { AccountAnswer, KnownAccount, OwnAccounts } from "../core/known-account.ts";
import { type Outcome, OWN_HELPER, type Source } from "../core/setup.ts";
import { type Asker, doorOf } from "./answers.ts";
import type { RawEntry } from "./config.ts";
import { type RawRoute, ruleEntries } from "./routes.ts";
import type { Eyes } from "./world.ts";

/** The list as it is, before anything is known of the routes. */
export interface LoadedAccounts {
  file: string | null;
  trouble: string | null;
  list: readonly Account[];
}

/** What the accounts' own code wants to be told. */
export function roomOf({ files, self, keychain, run }: Eyes): Room {
  return { files, env: self.env, uid: self.uid, home: self.home, keychain, run };
}

export function readAccountList(eyes: Eyes): LoadedAccounts {
  const room = roomOf(eyes);
  const file = accountsFile(room);
  const loaded = loadAccounts(room);
  return "trouble" in loaded
    ? { file, trouble: loaded.trouble, list: [] }
    : { file, trouble: null, list: loaded.list.accounts };
}

function known(eyes: Eyes, { digest: _, ...account }: Account): KnownAccount {
  const { acceptedAt, refused } = answersOf(roomOf(eyes), account);
  const accepted = acceptedAt === null ? null : new Date(acceptedAt).toISOString();
  return {
    account,
    daysLeft: daysLeft(account, eyes.self.now()),
    acceptedAt: accepted,
    refusedAt: refused,
  };
}

const isOwn = ({ kind, label, state }: Source): boolean =>
  kind === "helper" && label === OWN_HELPER && state !== "missing";

/** What Git sends in place of the helper's answer, as a person knows it. */
function inFront({ used }: Outcome): string | null {
  return used === null || isOwn(used) ? null : used.label;
}

/** What Bitbucket says to the account's token: as it was seen, or, where Git never gets to it, by asking. */
async function tryOut(eyes: Eyes, { route, used, last }: Outcome, account: Account, asking: Asking) {
  const { asker, runHelpers } = asking;
  if (used !== null && isOwn(used)) {
    return { trouble: null, status: last?.answer.kind === "http" ? last.answer.status : null };
  }
  if (account.secret.kind === "command" && !runHelpers)
    return { trouble: `\`${account.secret.argv[0]}\` is run only with \`--run-helpers\``, status: null };
  const fetched = await fetchSecret(roomOf(eyes), account);
  if ("trouble" in fetched) return { trouble: fetched.trouble, status: null };
  const credential = {
    scheme: "basic",
    user: gitUserOf(account),
    secret: eyes.vault.keep(fetched.secret),
  } as const;
  const answer = await asker?.ask(doorOf(route.url, route.direction), credential);
  return { trouble: null, status: answer?.kind === "http" ? answer.status : null };
}

/** Whom to ask about a token, and whether a program may be run for it that Git would not run here. */
interface Asking {
  asker: Asker | null;
  runHelpers: boolean;
}

async function answerFor(
  eyes: Eyes,
  list: readonly Account[],
  { rawUrl }: RawRoute,
  outcome: Outcome,
  config: readonly RawEntry[],
  asking: Asking,
): Promise<AccountAnswer[]> {
  const { route } = outcome;
  const { username } = credentialRequest(credentialRules(ruleEntries(config), rawUrl), rawUrl);
  const request = { username, place: route.url.repository };
  const account = chooseAccount(request, list);
  if (account === null) return [];
  const others = answeringFor(request, list).filter((one) => one !== account);
  return [
    {
      route,
      known: known(eyes, account),
      named: isNobodys(username) ? null : username,
      others: others.map(({ name }) => name),
      asked: outcome.sources.some(isOwn),
      front: inFront(outcome),
      ...(await tryOut(eyes, outcome, account, asking)),
    },
  ];
}

/** Which account answers for each route, or would. `routes` and `outcomes` go together. */
export async function readAccounts(
  eyes: Eyes,
  { file, trouble, list }: LoadedAccounts,
  routes: readonly RawRoute[],
  outcomes: readonly Outcome[],
  config: readonly RawEntry[],
  asking: Asking,
): Promise<OwnAccounts> {
  const found = await Promise.all(
    routes.map((route, index) => {
      const outcome = outcomes[index];
      return outcome === undefined ? [] : answerFor(eyes, list, route, outcome, config, asking);
    }),
  );
  return { file, trouble, known: list.map((account) => known(eyes, account)), answers: found.flat() };
}
