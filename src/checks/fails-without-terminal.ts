import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { Outcome, Source } from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { commandOf, locationOf, statusOf } from "./evidence.ts";
import { answer, configEntry, healthy, outcome, source } from "./example.ts";

interface Args {
  kind: "person" | "session" | "shell";
  label: string;
}

/** Helpers that need a signed-in session: a keychain that is unlocked, a window, a D-Bus. */
const SESSION = ["osxkeychain", "libsecret", "wincred", "manager", "manager-core", "gnome-keyring"];

function isOfSession({ kind, label }: Source): boolean {
  return kind === "helper" && SESSION.includes(label);
}

/** What this outcome leans on that cron, a service or CI does not have. */
function leansOn({ state, used, last, sources }: Outcome): Args | null {
  if (state === "ok" && used !== null) {
    if (used.entry?.scope === "command") return { kind: "shell", label: labelOf(used) };
    return isOfSession(used) ? { kind: "session", label: labelOf(used) } : null;
  }
  if (used !== null || statusOf(last?.answer) !== 401) return null;
  const next = sources.find((one) => one.state === "asks" || one.state === "not-asked");
  if (next === undefined) return null;
  if (next.state === "asks") return { kind: "person", label: labelOf(next) };
  return isOfSession(next) ? { kind: "session", label: labelOf(next) } : null;
}

const WHY: Readonly<Record<Args["kind"], string>> = {
  person: "a job of cron, a service or CI has no terminal and no window, so Git has nobody to ask and fails",
  session:
    "it answers in the session of somebody who is signed in; a job of cron, a service or CI has none, so it stays silent there",
  shell:
    "a job of cron, a service or CI starts with an environment of its own and does not have this shell's variables and options",
};

function observation(one: Outcome, args: Args): Observation {
  const location = locationOf(one.used);
  const what = `\`${commandOf(one.route)}\` ${one.state === "ok" ? "works by" : "would need"} ${args.label}`;
  if (location === null) return { what, source: { kind: "command", command: commandOf(one.route) } };
  const { file, line } = location;
  return { what, source: { kind: "file", file, line } };
}

export const failsWithoutTerminal = defineCheck<"outcomes", Args>({
  id: "fails-without-terminal",
  title: "It depends on this session: cron, services and CI do not have it",
  needs: ["outcomes"],
  find: ({ outcomes }): Found<Args>[] => {
    const groups = new Map<string, Found<Args> & { evidence: Observation[] }>();
    for (const one of outcomes) {
      const args = leansOn(one);
      if (args === null) continue;
      const key = `${args.kind} ${args.label}`;
      const known = groups.get(key);
      if (known) known.evidence.push(observation(one, args));
      else {
        groups.set(key, {
          args,
          severity: "note",
          confidence: "certain",
          cause: false,
          location: locationOf(one.used),
          evidence: [observation(one, args)],
        });
      }
    }
    return [...groups.values()];
  },
  explain: ({ kind, label }) => ({
    what: kind === "person" ? `Git asks a person through ${label}` : `the credential comes from ${label}`,
    why: WHY[kind],
    next: "nothing has to be done for work at this terminal; for a server, run `git rekey fix --with access-token --store git-store` as the user the job runs as, and `git rekey doctor --as USER` to look with that user's eyes",
  }),
  typical: { kind: "person", label: "the terminal" },
  examples: () => {
    const terminal = source("terminal", { state: "asks", label: "the terminal", user: null, secret: null });
    const keychain = source("helper", { label: "osxkeychain", helper: "osxkeychain", stored: null });
    const variable = configEntry("http.extraheader", "Authorization: Basic ‹secret›", {
      scope: "command",
      file: null,
      line: null,
    });
    return {
      broken: [
        { outcomes: [outcome(null, answer(401), { sources: [terminal] })] },
        { outcomes: [outcome(keychain, answer(200))] },
        { outcomes: [outcome(source("header", { entry: variable, configured: null }), answer(200))] },
      ],
      healthy: [
        { outcomes: [healthy()] },
        { outcomes: [outcome(null, answer(200), { state: "ok", sources: [terminal], last: null })] },
        { outcomes: [outcome(keychain, answer(410))] },
      ],
    };
  },
});
