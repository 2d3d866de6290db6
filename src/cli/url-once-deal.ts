/** What `url-once` is about to do: which remote's URL, which values, what is put back. */
import type { Account } from "../core/account.ts";
import { accessTokenPage, GIT_HOST, gitUserFor, PAGES } from "../core/bitbucket.ts";
import { cleanUrl } from "../core/remote-url.ts";
import type { SecretShape } from "../core/secret.ts";
import type { ConfigEntry } from "../core/setup.ts";
import { type RawRoute, routesOfUrl } from "../probes/routes.ts";
import type { Whither } from "../run/whither.ts";
import { type Loan, silenceFor } from "../steps/lend.ts";
import { sha256 } from "../world/hash.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Loaned } from "./lending.ts";
import type { Shell } from "./shell.ts";

const UNCHANGED = "nothing has been changed";

export interface Borrower {
  remote: string;
  file: string;
  routes: readonly (RawRoute & { route: { entry: ConfigEntry } })[];
}

function hasEntry(one: RawRoute): one is Borrower["routes"][number] {
  const { route } = one;
  const isOwn = route.entry?.fromRepository === true && !route.entry.foreign && route.entry.file !== null;
  return route.purpose === "remote" && route.remote !== null && isOwn;
}

/** The remote whose URL it is: the one that is named, else `origin`, else the only one. */
export function borrowerIn({ meant }: Whither): Borrower {
  const all = meant.filter(hasEntry);
  const names = [...new Set(all.map(({ route }) => route.remote ?? ""))];
  const remote = names.includes("origin") ? "origin" : names[0];
  if (remote === undefined)
    throw new Stop(EXIT.misuse, `no remote here points to bitbucket.org over HTTPS; ${UNCHANGED}`);
  if (names.length > 1 && remote !== "origin")
    throw new Stop(
      EXIT.misuse,
      `there are several remotes (${names.join(", ")}); ${UNCHANGED}`,
      `\`git rekey fix --with url-once -- git fetch ${remote}\` names one`,
    );
  const own = all.filter(({ route }) => route.remote === remote);
  const file = own[0]?.route.entry.file ?? "";
  return { remote, file, routes: own.filter(({ route }) => route.entry.file === file) };
}

/** What stood there without its secret; as it was written where there was none. */
function safeValue(whither: Whither, { route: { entry, url } }: Borrower["routes"][number]) {
  const written = whither.config.find((raw) => raw.entry === entry)?.rawValue ?? null;
  const isSafe = written !== null && entry.secret === null && url.userSecret === null;
  return { to: isSafe ? written : cleanUrl(url, url.user), isSafe };
}

function loanFor({ route: { entry, url } }: Borrower["routes"][number], user: string, token: string): Loan {
  const value = `https://${user}:${encodeURIComponent(token)}@${GIT_HOST}${url.path}`;
  return { key: entry.key, occurrence: entry.occurrence, value };
}

/** Git rewrites a URL by how it begins, and with a token in it this one begins in another way. */
function mustGoToBitbucket(shell: Shell, { config }: Whither, loans: readonly Loan[]): void {
  const routes = loans.flatMap(({ value }) => routesOfUrl(shell, config, value));
  const key = routes.find(({ route }) => route.rewrittenBy !== null)?.route.rewrittenBy?.key;
  if (key === undefined) return;
  throw new Stop(
    EXIT.personNeeded,
    `\`${key}\` would rewrite the URL with the token in it, and lead it elsewhere; ${UNCHANGED}`,
  );
}

function pageFor(kind: Account["kind"], { routes }: Borrower): string {
  const place = routes[0]?.route.url.repository;
  return kind === "access-token" && place
    ? accessTokenPage(place.workspace, place.repository)
    : PAGES.apiTokens;
}

function kindOf(token: SecretShape): Account["kind"] {
  return token.kind === "access-token" ? "access-token" : "api-token";
}

/** Everything that is known before anything is changed. */
export interface Deal extends Loaned {
  borrower: Borrower;
}

export function dealFor(shell: Shell, whither: Whither, borrower: Borrower, token: SecretShape): Deal {
  const user = gitUserFor(token.kind) ?? "";
  // One entry can be the URL for both directions.
  const routes = borrower.routes.filter(
    (one, index) => borrower.routes.findIndex(({ route }) => route.entry === one.route.entry) === index,
  );
  const loans = routes.map((one) => loanFor(one, user, shell.vault.reveal(token)));
  mustGoToBitbucket(shell, whither, loans);
  const safe = routes.map((one) => safeValue(whither, one));
  const entries = loans.map(({ key, value }, at) => ({ key, hash: sha256(value), to: safe[at]?.to ?? "" }));
  const { file, remote } = borrower;
  const place = borrower.routes[0]?.route.url.repository;
  const name = `once in a URL of ${place ? `${place.workspace}/${place.repository}` : remote}`;
  const page = pageFor(kindOf(token), borrower);
  return {
    borrower,
    user,
    loans,
    revoke: { name, kind: kindOf(token), page },
    lent: {
      kind: "lent-url",
      file,
      entries,
      secret: sha256(shell.vault.reveal(token)),
      folder: whither.gitFolder,
      silence: silenceFor(user),
      mode: shell.files.facts(file)?.mode ?? 0o644,
      whole: safe.every(({ isSafe }) => isSafe),
      page,
    },
  };
}
