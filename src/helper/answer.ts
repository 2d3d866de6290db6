/** What the helper does with each request. */
import { noteAccepted, noteRefused, refusalsOf } from "../accounts/answers.ts";
import { isTokenOf } from "../accounts/digest.ts";
import { type Loaded, loadAccounts } from "../accounts/load.ts";
import type { Room } from "../accounts/room.ts";
import { fetchSecret } from "../accounts/secret.ts";
import {
  type Account,
  chooseAccount,
  chooseForAll,
  dependsOnPlace,
  endOf,
  gitUserOf,
  placeOfPath,
} from "../core/account.ts";
import { isForBitbucket, type Request, readOperation, readRequest, writeCredential } from "./protocol.ts";
import { remarkOn } from "./remark.ts";

/** What is said: `stdout` to Git, `remark` to the person, as one line. */
export interface Said {
  stdout: string;
  remark: string | null;
}

const SILENCE: Said = { stdout: "", remark: null };

export interface HelperRoom extends Room {
  cwd: string;
  now(): number;
}

const USE_HTTP_PATH = "git config --global credential.https://bitbucket.org.useHttpPath true";

const UNCLEAR = `Git did not say which repository it means, and several here have tokens of their own; \`${USE_HTTP_PATH}\` makes it say so`;

/** The account for a request, and what is in the way of finding it. */
async function accountFor(
  room: HelperRoom,
  request: Request,
  accounts: readonly Account[],
): Promise<{ account: Account | null; remark: string | null }> {
  const { username } = request;
  const place = placeOfPath(request.path);
  const fixed = { account: chooseAccount({ username, place }, accounts), remark: null };
  if (place !== null || !dependsOnPlace(username, accounts)) return fixed;
  const { repositoriesUnnamed } = await import("./remotes.ts");
  const here = await repositoriesUnnamed(room.run, room.cwd);
  if (here.length === 0) return fixed;
  const account = chooseForAll(username, here, accounts);
  if (account !== null) return { account, remark: null };
  const fits = here.some((one) => chooseAccount({ username, place: one }, accounts)?.reach);
  return { ...fixed, remark: fits && fixed.account === null ? UNCLEAR : null };
}

async function answer(room: HelperRoom, account: Account): Promise<Said | { trouble: string }> {
  const fetched = await fetchSecret(room, account);
  if ("trouble" in fetched) return fetched;
  const now = room.now();
  const end = account.expires === null ? null : endOf(account.expires);
  const stdout = writeCredential({
    username: gitUserOf(account),
    password: fetched.secret,
    // Git throws away what has expired. The clock may be wrong, and the date was typed by a person: Bitbucket decides.
    expires: end !== null && end > now ? end : null,
  });
  return { stdout, remark: remarkOn(account, refusalsOf(room, account), now) };
}

/** A token file goes when its account gets another: whoever read the list just before reads it again. */
const READINGS = 2;

async function get(room: HelperRoom, request: Request): Promise<Said> {
  let said: Said = SILENCE;
  for (let reading = 0; reading < READINGS; reading++) {
    const loaded: Loaded = loadAccounts(room);
    if ("trouble" in loaded) return { stdout: "", remark: loaded.trouble };
    const { account, remark } = await accountFor(room, request, loaded.list.accounts);
    if (account === null) return { stdout: "", remark };
    const answered = await answer(room, account);
    if (!("trouble" in answered)) return answered;
    said = { stdout: "", remark: `the token \`${account.name}\` could not be read: ${answered.trouble}` };
    if (account.secret.kind !== "file") break;
  }
  return said;
}

/** The account whose token Git used. The digest tells it; a token that may change elsewhere is fetched again. */
async function accountOf(
  room: HelperRoom,
  password: string,
  accounts: readonly Account[],
): Promise<Account | null> {
  const known = accounts.find((one) => isTokenOf(one, password));
  if (known) return known;
  for (const account of accounts.filter(({ digest, secret }) => digest === null && secret.kind === "env")) {
    const fetched = await fetchSecret(room, account);
    if ("secret" in fetched && fetched.secret === password) return account;
  }
  return null;
}

/** Git hands over what worked, or was refused, whoever it came from. Nothing is learnt from it and nothing deleted. */
async function note(room: HelperRoom, operation: "store" | "erase", { password }: Request): Promise<Said> {
  if (!password) return SILENCE;
  const loaded = loadAccounts(room);
  const account = "trouble" in loaded ? null : await accountOf(room, password, loaded.list.accounts);
  if (account !== null) (operation === "store" ? noteAccepted : noteRefused)(room, account, room.now());
  return SILENCE;
}

/**
 * Hears one call: the words of the command line and what came on stdin. Silent for everything that is not Bitbucket's
 * business. `capability` is answered with nothing: Basic is all that tokens need.
 */
export async function hear(room: HelperRoom, words: readonly string[], text: string): Promise<Said> {
  const request = readRequest(text);
  const operation = readOperation(words.at(-1));
  if (operation === null || request === null || !isForBitbucket(request)) return SILENCE;
  switch (operation) {
    case "get":
      return get(room, request);
    case "store":
    case "erase":
      return note(room, operation, request);
    case "capability":
      return SILENCE;
  }
}
