import { defineCheck, type Found } from "../core/check.ts";
import type { Location, Outcome, Source, StoreFile } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { answer, environment, healthy, outcome, remoteUrl, route, secret, source } from "./example.ts";
import { standsAt } from "./in-words.ts";
import { isPromptSetup, isWithoutCredential } from "./no-credential.ts";

interface Args {
  keeper: Source | null;
  /** The file that lies empty of Bitbucket, for `store`. */
  file: string | null;
}

const KEYCHAINS = ["osxkeychain", "libsecret", "wincred", "gnome-keyring", "cache"];

/** Offline nobody asked Bitbucket; what Git would send is known all the same. */
function sendsNothing(one: Outcome): boolean {
  if (isWithoutCredential(one)) return true;
  const unasked = one.last?.answer.kind === "none" && one.last.answer.fault === "not-asked";
  const silent = !one.sources.some(({ state }) => state === "answers" || state === "not-asked");
  return unasked && silent && one.used === null;
}

/** A helper that keeps what it is given and has nothing. A `store` that never had a file was never given any. */
function emptyKeeper({ sources }: Outcome, stores: readonly StoreFile[]): Args | null {
  for (const keeper of sources) {
    if (keeper.kind !== "helper" || keeper.state !== "silent") continue;
    if (KEYCHAINS.includes(keeper.label)) return { keeper, file: null };
    const [first] = stores;
    const empty = stores.every(({ entries }) => entries.length === 0);
    if (keeper.label === "store" && first !== undefined && empty) return { keeper, file: first.file };
  }
  return null;
}

function placeOf({ keeper, file }: Args): Location | null {
  return file === null ? (keeper?.configured ?? null) : { file, line: null, scope: null };
}

function seen({ keeper, file }: Args, location: Location | null): Found<Args>["evidence"] {
  const what = `${keeper === null ? "the helper" : labelOf(keeper)} holds nothing for Bitbucket`;
  if (file !== null) return [{ what, source: { kind: "file", file, line: null } }];
  if (location === null) return [{ what, source: { kind: "command", command: "git credential fill" } }];
  return [{ what, source: { kind: "config", ...location } }];
}

export const storedCredentialErased = defineCheck<"outcomes" | "stores" | "environment", Args>({
  id: "stored-credential-erased",
  title: "Git may have erased the credential that was stored",
  needs: ["outcomes", "stores", "environment"],
  find: ({ outcomes, stores, environment }): Found<Args>[] => {
    const without = outcomes.filter((one) => sendsNothing(one) && !isPromptSetup(one, environment));
    const [first] = without;
    const args = first === undefined ? null : emptyKeeper(first, stores);
    if (args === null) return [];
    const location = placeOf(args);
    return [
      {
        args,
        severity: "note",
        confidence: "possible",
        cause: without.some(isWithoutCredential),
        location,
        evidence: seen(args, location),
      },
    ];
  },
  explain: ({ keeper, file }) => ({
    what: `${keeper === null ? "the helper" : labelOf(keeper)} is set up and holds nothing for Bitbucket${file === null ? "" : ` (${standsAt({ file, line: null })} has no such entry)`}`,
    why:
      keeper?.label === "cache"
        ? "it forgets after 15 minutes unless told otherwise, and Git tells every helper to erase a credential that was answered 401"
        : "Git tells every helper to erase a credential that was answered 401, so one refusal is enough to make a stored one vanish, also a good one that a stale header stood in front of",
    next: "store a token again with `git rekey fix`; if it vanishes once more, look for a header or a URL that sends another: `git rekey doctor` names it",
  }),
  typical: { keeper: null, file: null },
  examples: () => {
    const silent = source("helper", { state: "silent", user: null, secret: null, stored: null });
    const keychain = { ...silent, label: "osxkeychain", helper: "osxkeychain" };
    const empty: StoreFile = { file: "/home/ana/.git-credentials", mode: 0o600, own: true, entries: [] };
    const fixedUser = route({ url: remoteUrl("x-bitbucket-api-token-auth") });
    const terminal = source("terminal", { state: "asks", label: "the terminal", user: null, secret: null });
    return {
      broken: [
        {
          environment: environment(),
          stores: [empty],
          outcomes: [outcome(null, answer(401), { sources: [silent] })],
        },
        {
          environment: environment(),
          stores: [],
          outcomes: [outcome(null, answer(401), { sources: [keychain] })],
        },
      ],
      healthy: [
        { environment: environment(), stores: [], outcomes: [healthy()] },
        {
          environment: environment(),
          stores: [],
          outcomes: [outcome(null, answer(401), { sources: [silent] })],
        },
        {
          environment: environment(),
          stores: [empty],
          outcomes: [outcome(null, answer(401), { route: fixedUser, sources: [silent, terminal] })],
        },
        {
          environment: environment(),
          stores: [empty],
          outcomes: [outcome(source("url", { secret: secret("api-token") }), answer(200))],
        },
      ],
    };
  },
});
