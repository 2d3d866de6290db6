import { GIT_HOST, KIND_WORDS, type SecretKind } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { StoredEntryName } from "../core/plan.ts";
import { nameOf, type SecretShape } from "../core/secret.ts";
import type { NetrcFile, Outcome, StoreFile } from "../core/setup.ts";
import { unaskedIn } from "../core/unasked.ts";
import { answer, healthy, outcome, secret, source } from "./example.ts";
import { standsAt } from "./in-words.ts";
import { planned } from "./steps.ts";

interface Args {
  file: string;
  line: number;
  kind: SecretKind;
  user: string;
  /** Null for netrc. */
  entry: StoredEntryName | null;
}

export function isDead(secret: SecretShape | null): secret is SecretShape {
  return secret?.kind === "app-password" || secret?.kind === "legacy-app-password";
}

function found(args: Args, secret: SecretShape): Found<Args> {
  const { file, line, user } = args;
  return {
    args,
    severity: "warning",
    confidence: secret.kind === "app-password" ? "certain" : "likely",
    cause: false,
    location: { file, line, scope: null },
    evidence: [
      {
        what: `${KIND_WORDS[secret.kind]} ${nameOf(secret)}${user === "" ? "" : ` of \`${user}\``} is kept`,
        source: { kind: "file", file, line },
      },
    ],
  };
}

/** A program of somebody's own may read any file, so what it gives, or was not asked for, may stand here. */
function mayServe(secret: SecretShape, outcomes: readonly Outcome[]): boolean {
  return outcomes.some((one) => {
    const { used } = one;
    const isGiven = used?.kind === "helper" && used.stored === null && used.secret?.ref === secret.ref;
    return isGiven || unaskedIn(one) !== null;
  });
}

function inStore({ file, entries }: StoreFile, outcomes: readonly Outcome[]): Found<Args>[] {
  return entries.flatMap(({ user, secret, path, line, occurrence, host }) =>
    isDead(secret) && !mayServe(secret, outcomes)
      ? [
          found(
            { file, line, kind: secret.kind, user, entry: { host, username: user, path, occurrence } },
            secret,
          ),
        ]
      : [],
  );
}

function inNetrc({ file, entries }: NetrcFile): Found<Args>[] {
  return entries.flatMap(({ machine, login, secret, line }) => {
    // A `default` is for every host; what it holds need not be Bitbucket's.
    if (machine === null || !isDead(secret)) return [];
    return [found({ file, line, kind: secret.kind, user: login ?? "", entry: null }, secret)];
  });
}

export const staleStoredCredential = defineCheck<"stores" | "netrc" | "outcomes", Args>({
  id: "stale-stored-credential",
  title: "A dead Bitbucket credential is still kept on this machine",
  needs: ["stores", "netrc", "outcomes"],
  find: ({ stores, netrc, outcomes }) => {
    // What Git sends and is refused for has a finding, and a removal, of its own.
    const used = new Set(outcomes.map(({ used }) => standsAt(used?.stored ?? null)));
    const unused = [...stores.flatMap((store) => inStore(store, outcomes)), ...netrc.flatMap(inNetrc)];
    return unused.filter(({ args }) => !used.has(standsAt(args)));
  },
  explain: ({ file, line, kind, user, entry }) => ({
    what: `${standsAt({ file, line })} keeps ${KIND_WORDS[kind]}${user === "" ? "" : ` of \`${user}\``}, which nothing here uses now`,
    why: "Bitbucket takes no app passwords any more, and Git erases a credential only on 401, never on the 410 they are answered with; it comes back to life when an entry before it goes",
    next:
      entry === null
        ? `take its \`machine\` out of \`${file}\` with an editor`
        : "`git rekey fix` takes this one line out, and leaves all others as they are",
  }),
  typical: {
    file: "~/.git-credentials",
    line: 1,
    kind: "app-password",
    user: "",
    entry: { host: GIT_HOST, username: "USER", path: null, occurrence: 0 },
  },
  remedy: ({ file, entry, line }) =>
    entry === null
      ? null
      : {
          safety: "safe",
          summary: `take the dead entry out of ${standsAt({ file, line })}`,
          needsToken: false,
          steps: () => [
            planned("cleanUp", "safe", "stale-stored-credential", { kind: "drop-stored", file, entry }),
          ],
        },
  examples: () => {
    const stored = (kind: SecretKind): StoreFile => ({
      file: "/home/ana/.git-credentials",
      mode: 0o600,
      own: true,
      entries: [{ user: "ana", secret: secret(kind), path: null, line: 1, occurrence: 0, host: GIT_HOST }],
    });
    const unasked = source("helper", { state: "not-asked", label: "mystore", secret: null, stored: null });
    return {
      broken: [
        {
          stores: [stored("app-password")],
          netrc: [],
          outcomes: [outcome(source("header", { secret: secret("api-token") }), answer(200))],
        },
        {
          stores: [],
          netrc: [
            {
              file: "/home/ana/.netrc",
              mode: 0o600,
              entries: [
                { machine: GIT_HOST, login: "ana", secret: secret("app-password"), line: 3, occurrence: 0 },
              ],
            },
          ],
          outcomes: [healthy()],
        },
      ],
      healthy: [
        { stores: [stored("api-token")], netrc: [], outcomes: [healthy()] },
        { stores: [stored("app-password")], netrc: [], outcomes: [outcome(source("helper"), answer(410))] },
        {
          stores: [stored("app-password")],
          netrc: [],
          outcomes: [outcome(source("helper", { label: "mystore", stored: null }), answer(410))],
        },
        {
          stores: [stored("app-password")],
          netrc: [],
          outcomes: [outcome(null, answer(401), { state: "unknown", sources: [unasked] })],
        },
      ],
    };
  },
});
