/** Small set-ups to write examples with. Nothing here looks like a real secret. */

import type { SecretKind } from "../core/bitbucket.ts";
import type { BitbucketSaying } from "../core/bitbucket-says.ts";
import type { AccountAnswer, KnownAccount, OwnAccounts } from "../core/known-account.ts";
import type { SecretShape } from "../core/secret.ts";
import type {
  Answer,
  Attempt,
  ConfigEntry,
  Environment,
  Outcome,
  Place,
  RemoteUrl,
  Route,
  Source,
} from "../core/setup.ts";
import type { Sourcetree } from "../core/sourcetree.ts";
import type { TokenFlaw } from "../core/token.ts";

export function secret(kind: SecretKind, flaws: readonly TokenFlaw[] = []): SecretShape {
  const cut = flaws.includes("cut-off");
  const checked =
    kind === "unknown" || kind === "oauth" || kind === "legacy-app-password" || kind === "data-center";
  const length =
    { "app-password": 36, "legacy-app-password": 20, "api-token": 192, "access-token": 192 }[
      kind as string
    ] ?? 12;
  return {
    ref: "6f1c",
    kind,
    length: cut ? length - 9 : length,
    checksum: checked ? "none" : cut ? "missing" : "ok",
    flaws,
  };
}

export function answer(status: number, saying: BitbucketSaying | null = null, text = ""): Answer {
  return {
    kind: "http",
    status,
    saying,
    text,
    scopes: null,
    credentialType: null,
    fromBitbucket: true,
    retryAfter: null,
    challenge: status === 401 ? 'Basic realm="Bitbucket.org HTTP"' : null,
    acceptsScopes: false,
  };
}

export function remoteUrl(user: string | null = null, password: SecretShape | null = null): RemoteUrl {
  const userinfo = user === null ? "" : `${user}${password === null ? "" : ":‹secret›"}@`;
  return {
    text: `https://${userinfo}bitbucket.org/acme/site.git`,
    transport: "https",
    user,
    password,
    userSecret: null,
    host: "bitbucket.org",
    port: null,
    path: "/acme/site.git",
    repository: { workspace: "acme", repository: "site" },
    isBitbucket: true,
  };
}

export function configEntry(key: string, value: string, more: Partial<ConfigEntry> = {}): ConfigEntry {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  return {
    key,
    section: key.slice(0, first),
    subsection: first === last ? null : key.slice(first + 1, last),
    name: key.slice(last + 1),
    value,
    secret: null,
    user: null,
    scope: "global",
    file: "/home/ana/.gitconfig",
    line: 7,
    occurrence: 0,
    fromRepository: false,
    foreign: false,
    ...more,
  };
}

export function route(more: Partial<Route> = {}): Route {
  const entry = configEntry("remote.origin.url", "https://bitbucket.org/acme/site.git", {
    scope: "local",
    file: "/srv/site/.git/config",
    fromRepository: true,
  });
  return {
    purpose: "remote",
    remote: "origin",
    direction: "fetch",
    url: remoteUrl(),
    entry,
    rewrittenBy: null,
    pushOnly: false,
    detour: null,
    ...more,
  };
}

export function source(kind: Source["kind"], more: Partial<Source> = {}): Source {
  return {
    kind,
    label: kind === "helper" ? "store" : kind,
    state: "answers",
    user: "ana",
    secret: secret("app-password"),
    scheme: "basic",
    configured: { file: "/home/ana/.gitconfig", line: 7, scope: "global" },
    stored: kind === "helper" ? { file: "/home/ana/.git-credentials", line: 1, scope: null } : null,
    helper: kind === "helper" ? "store" : null,
    keepsIn: null,
    entry: null,
    occurrence: 0,
    path: null,
    reason: null,
    ...more,
  };
}

/** A route that ends on this source with this answer. */
export function outcome(
  used: Source | null,
  given: Answer,
  more: Partial<Outcome> & { route?: Route } = {},
): Outcome {
  const taken = more.route ?? route();
  const user = used?.user ?? taken.url.user;
  const anonymous: Attempt = { source: null, user: null, secret: null, answer: answer(401) };
  const last: Attempt =
    used === null ? anonymous : { source: used, user, secret: used.secret, answer: given };
  const status = given.kind === "http" ? given.status : 0;
  return {
    route: taken,
    state: status === 200 ? "ok" : status >= 400 && status < 429 ? "refused" : "unknown",
    attempts: used === null ? [last] : [anonymous, last],
    sources: used === null ? [] : [used],
    used,
    last,
    unreached: [],
    elsewhere: [],
    ...more,
  };
}

/** A route on which all is well. */
export function healthy(): Outcome {
  return outcome(
    source("helper", { secret: secret("api-token"), user: "x-bitbucket-api-token-auth" }),
    answer(200),
  );
}

export function place(more: Partial<Place> = {}): Place {
  return {
    kind: "repository",
    path: "/srv/site",
    gitDir: "/srv/site/.git",
    commonDir: "/srv/site/.git",
    bare: false,
    linkedWorktree: false,
    upstream: "origin",
    strangeOwner: null,
    ...more,
  };
}

export function environment(more: Partial<Environment> = {}): Environment {
  return { variables: [], hasTerminal: true, home: "/home/ana", platform: "linux", askpass: null, ...more };
}

/** Sourcetree for Windows, new enough, with one account that has a password. */
export function sourcetree(more: Partial<Sourcetree> = {}): Sourcetree {
  const file = "C:/Users/ana/AppData/Local/Atlassian/SourceTree/accounts.json";
  return {
    platform: "windows",
    version: { number: [3, 4, 28], file: "C:/Users/ana/AppData/Local/SourceTree/app-3.4.28" },
    accounts: [{ user: "ana", host: "bitbucket.org", auth: "password", file }],
    kept: [],
    unread: [],
    git: null,
    ...more,
  };
}

/** An account for everything, without a known last day. */
export function knownAccount(
  account: Partial<KnownAccount["account"]> = {},
  more: Partial<KnownAccount> = {},
): KnownAccount {
  const whole: KnownAccount["account"] = {
    name: "ana",
    kind: "api-token",
    reach: null,
    username: null,
    email: null,
    rights: ["pull", "push"],
    expires: null,
    added: "2026-11-25T00:00:00.000Z",
    secret: { kind: "keychain", name: "ana-1" },
    ...account,
  };
  return { account: whole, daysLeft: null, acceptedAt: null, refusedAt: [], ...more };
}

/** The account is asked, sent and accepted. */
export function accountAnswer(more: Partial<AccountAnswer> = {}): AccountAnswer {
  return {
    route: route(),
    known: knownAccount(),
    named: null,
    others: [],
    asked: true,
    front: null,
    trouble: null,
    status: 200,
    ...more,
  };
}

export function ownAccounts(more: Partial<OwnAccounts> = {}): OwnAccounts {
  return {
    file: "/home/ana/.config/git-rekey/accounts.json",
    trouble: null,
    known: [],
    answers: [],
    ...more,
  };
}
