import { API_TOKEN_USER, DATES, GIT_HOST, PAGES, SOURCETREE_SCOPES } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { PlannedStep } from "../core/plan.ts";
import { cleanUrl } from "../core/remote-url.ts";
import type { Outcome, Route } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import type { Sourcetree, SourcetreeAuth, SourcetreeKept, SourcetreePlatform } from "../core/sourcetree.ts";
import { answerEvidence, sourceEvidence, statusOf } from "./evidence.ts";
import { answer, configEntry, healthy, outcome, secret, source, sourcetree } from "./example.ts";
import { isDead } from "./stale-stored-credential.ts";
import { planned } from "./steps.ts";
import { isEmail } from "./why-refused.ts";

/** What of Sourcetree's is stale: an account of its list, a password it keeps, or what its git is given by a helper. */
type Stale =
  | { kind: "account"; user: string; auth: SourcetreeAuth }
  | { kind: "password"; user: string | null }
  | { kind: "git"; label: string; status: number | null };

interface Args {
  platform: SourcetreePlatform;
  stale: Stale;
  /** Passwords it keeps for the same user, each with its file. */
  kept: readonly SourcetreeKept[];
  route: Route | null;
}

const ADD: Readonly<Record<SourcetreePlatform, string>> = {
  windows:
    "then `Add`: Hosting Service `Bitbucket`, Preferred Protocol `HTTPS`, Authentication `API Token` (`Basic` where there is no such choice)",
  macos:
    "then `Add…`: Host `Bitbucket Cloud`, Auth Type `API Token` (`Basic` where there is no such choice), Protocol `HTTPS`",
};

const LIST: Readonly<Record<SourcetreePlatform, string>> = {
  windows: "`Tools > Options > Authentication`",
  macos: "`Sourcetree > Settings > Accounts` (`Preferences` before macOS 13)",
};

function removeAccount(platform: SourcetreePlatform, user: string): string {
  const token = `with your Atlassian e-mail and an API token from ${PAGES.apiTokens} with ${SOURCETREE_SCOPES.map((one) => `\`${one}\``).join(", ")}`;
  return `in Sourcetree open ${LIST[platform]}, choose the Bitbucket account \`${user}\` and \`Remove\` it; ${ADD[platform]}, ${token}`;
}

function removePassword(platform: SourcetreePlatform, { file, user }: SourcetreeKept): string {
  const entry = `${user === null ? "" : `${user}@`}${GIT_HOST}`;
  return platform === "windows"
    ? `close Sourcetree and take the line of \`${entry}\` out of \`${file}\` with an editor: without the whole file it would forget every other host, too`
    : `close Sourcetree and move \`${file}\` to the Trash: that one file is its password for \`${entry}\``;
}

/** Each thing a person has to do, in order. */
function clicks({ platform, stale, kept }: Args): string[] {
  const passwords = kept.map((one) => removePassword(platform, one));
  if (stale.kind !== "account") return passwords;
  // As long as it is open, Sourcetree writes its files again.
  return [...passwords, removeAccount(platform, stale.user)];
}

/** A token goes with an e-mail in Sourcetree, or with a name that is no person's; with a user name goes a password. */
function isUserName(user: string | null): user is string {
  return user !== null && user !== API_TOKEN_USER && user !== "x-token-auth" && !isEmail(user);
}

function refusedOf({ git }: Sourcetree): Outcome | null {
  return git?.outcome?.state === "refused" ? git.outcome : null;
}

/** What its git would ask, and how that ends: shown beside every claim, whichever way it points. */
function gitEvidence({ git }: Sourcetree): Observation[] {
  if (git === null || git.helpers === null) return [];
  const names = git.helpers.map(({ value }) => `\`${value ?? ""}\``).join(", ");
  const chain: Observation = {
    what: `Sourcetree's own git asks ${names === "" ? "no helper" : names} for ${GIT_HOST}`,
    source: { kind: "command", command: `\`${git.program} config --list --show-origin\`` },
  };
  const { outcome } = git;
  if (outcome === null || outcome.state === "unknown") return [chain];
  if (outcome.state === "ok") {
    const works = { what: "what it is given there lets it in", source: chain.source };
    return [chain, works];
  }
  return [chain, ...answerEvidence(outcome), ...(outcome.last ? sourceEvidence(outcome.last) : [])];
}

function staleAccounts(found: Sourcetree, route: Route | null): Found<Args>[] {
  const { platform, accounts, kept } = found;
  return accounts.flatMap(({ user, auth, file }) => {
    if (auth === "oauth" || auth === "api-token" || !isUserName(user)) return [];
    const known = auth === "password";
    const listed: Observation = {
      what: known
        ? `Sourcetree's account \`${user}\` signs in with a user name and a password`
        : `Sourcetree has the account \`${user}\`, and its list does not say how it signs in`,
      source: { kind: "file", file, line: null },
    };
    const sent = refusedOf(found)?.last;
    const isSent = sent?.user === user && isDead(sent.secret);
    return [
      {
        args: {
          platform,
          stale: { kind: "account", user, auth },
          kept: kept.filter((one) => one.user === user || one.user === null),
          route,
        },
        severity: known || isSent ? "warning" : "note",
        confidence: isSent ? "certain" : known ? "likely" : "possible",
        cause: false,
        location: { file, line: null, scope: null },
        evidence: [listed, ...gitEvidence(found)],
      },
    ];
  });
}

/** Passwords that were typed into its window, without an account in its list. */
function staleKept(found: Sourcetree, route: Route | null): Found<Args>[] {
  const { platform, accounts, kept } = found;
  const lonely = kept.filter(({ user }) => !accounts.some((one) => user === null || one.user === user));
  return lonely
    .filter(({ user }) => user === null || isUserName(user))
    .map((one) => ({
      args: { platform, stale: { kind: "password", user: one.user }, kept: [one], route },
      severity: "note",
      confidence: "possible",
      cause: false,
      location: { file: one.file, line: null, scope: null },
      evidence: [
        {
          what: `Sourcetree keeps a password for \`${one.user === null ? "" : `${one.user}@`}${GIT_HOST}\``,
          source: { kind: "file", file: one.file, line: null },
        },
        ...gitEvidence(found),
      ],
    }));
}

/** Its git is refused with what a helper of its own gives, while the person's git goes another way. */
function staleInGit(found: Sourcetree, route: Route | null, own: readonly Outcome[]): Found<Args>[] {
  const refused = refusedOf(found);
  const secret = refused?.last?.secret ?? null;
  if (refused?.used == null || !isDead(secret)) return [];
  // Where the person's git sends the same, that has a finding and a remedy of its own.
  if (own.some(({ last }) => last?.secret?.ref === secret.ref)) return [];
  const { configured } = refused.used;
  return [
    {
      args: {
        platform: found.platform,
        stale: { kind: "git", label: labelOf(refused.used), status: statusOf(refused.last?.answer) },
        kept: [],
        route,
      },
      severity: "warning",
      confidence: "certain",
      cause: false,
      location: configured,
      evidence: gitEvidence(found),
    },
  ];
}

function whatOf({ stale }: Args): string {
  switch (stale.kind) {
    case "account":
      return stale.auth === "password"
        ? `Sourcetree's account \`${stale.user}\` at ${GIT_HOST} signs in with a user name and a password, and such a password can only be an app password`
        : `Sourcetree has an account \`${stale.user}\` at ${GIT_HOST}; if it was added before ${DATES.appPasswordsNoLongerCreated} without OAuth, it signs in with an app password`;
    case "password":
      return `Sourcetree keeps a password ${stale.user === null ? "" : `of \`${stale.user}\` `}for ${GIT_HOST}; git-rekey does not open it, and if it is an app password it is dead`;
    case "git":
      return `Sourcetree's own git is refused${stale.status === null ? "" : ` (${stale.status})`}: ${stale.label} gives it an app password`;
  }
}

export const sourcetreeAccountStale = defineCheck<"sourcetree" | "outcomes", Args>({
  id: "sourcetree-account-stale",
  title: "Sourcetree still signs in to Bitbucket with an app password",
  needs: ["sourcetree", "outcomes"],
  find: ({ sourcetree, outcomes }) => {
    if (sourcetree === null) return [];
    if (sourcetree.unread.length > 0 && sourcetree.accounts.length === 0) {
      const reasons = sourcetree.unread.map(({ file, reason }) => `\`${file}\` was not read: ${reason}`);
      return { cannotTell: reasons.join("; ") };
    }
    const route = sourcetree.git?.outcome?.route ?? null;
    return [
      ...staleAccounts(sourcetree, route),
      ...staleKept(sourcetree, route),
      ...staleInGit(sourcetree, route, outcomes),
    ];
  },
  explain: (args) => ({
    what: whatOf(args),
    why: `Sourcetree has accounts, passwords and a git of its own, which a change to Git's configuration does not take away, and Bitbucket has taken no app passwords since ${DATES.appPasswordsRemoved}`,
    next:
      args.stale.kind === "git"
        ? `\`git rekey fix --with helper\` reaches it as well: Sourcetree's git reads your own configuration after its own`
        : `${clicks(args).join("; ")}; then \`git rekey doctor\` looks at it again through Sourcetree's own git`,
  }),
  typical: {
    platform: "windows",
    stale: { kind: "account", user: "USER", auth: "password" },
    kept: [],
    route: null,
  },
  remedy: (args) => ({
    safety: "safe",
    summary: "tell what to do in Sourcetree, and verify it with Sourcetree's own git",
    needsToken: false,
    steps: ({ with: way }): PlannedStep[] => {
      const id = "sourcetree-account-stale";
      const people = clicks(args).map((what) =>
        planned("verify", "safe", id, { kind: "person", what, command: null }),
      );
      // Where nothing new was put anywhere, there is nothing to sign in with.
      if (args.route === null || way === "forget") return people;
      const { remote, url } = args.route;
      const verify = planned("verify", "safe", id, {
        kind: "verify",
        direction: "fetch",
        remote,
        url: cleanUrl(url, url.user),
        source: null,
        through: "sourcetree",
      });
      return [verify, ...people];
    },
  }),
  examples: () => {
    const manager = configEntry("credential.helper", "manager", {
      scope: "system",
      file: "C:/etc/gitconfig",
    });
    const refused = outcome(source("helper", { label: "manager", helper: "manager" }), answer(410));
    const git = { program: "C:/git_local/cmd/git.exe", helpers: [manager], outcome: refused };
    const kept = [{ file: "C:/SourceTree/passwd", user: "ana" }];
    const good = { ...secret("api-token"), ref: "0b7e" };
    const otherwise = outcome(source("helper", { secret: good }), answer(200));
    return {
      broken: [
        { sourcetree: sourcetree(), outcomes: [healthy()] },
        { sourcetree: sourcetree({ git, kept }), outcomes: [healthy()] },
        { sourcetree: sourcetree({ accounts: [], kept }), outcomes: [] },
        { sourcetree: sourcetree({ accounts: [], git }), outcomes: [otherwise] },
        {
          sourcetree: sourcetree({
            platform: "macos",
            accounts: [
              { user: "ana", host: GIT_HOST, auth: "unknown", file: "/Users/ana/hostingservices.plist" },
            ],
            kept: [{ file: "/Users/ana/ana@STAuth-bitbucket.org", user: "ana" }],
          }),
          outcomes: [],
        },
      ],
      healthy: [
        { sourcetree: null, outcomes: [healthy()] },
        {
          sourcetree: sourcetree({
            accounts: [
              { user: "ana@acme.example", host: GIT_HOST, auth: "password", file: "C:/accounts.json" },
              { user: "ana", host: GIT_HOST, auth: "oauth", file: "C:/accounts.json" },
              { user: null, host: GIT_HOST, auth: "password", file: "C:/accounts.json" },
            ],
            kept: [{ file: "C:/passwd", user: API_TOKEN_USER }],
            git: {
              ...git,
              outcome: outcome(source("helper", { secret: secret("api-token") }), answer(200)),
            },
          }),
          outcomes: [healthy()],
        },
        // The same is sent by the person's own git, and said there.
        { sourcetree: sourcetree({ accounts: [], git }), outcomes: [refused] },
      ],
    };
  },
});
