/** A new token in the place of one that lives in netrc. Pure. */
import { change, type NoPlace, noPlace, type Placement } from "./placement-parts.ts";
import { type Choices, type PlannedStep, userOfWay } from "./plan.ts";
import type { Attempt, NetrcFile, Outcome, Source } from "./setup.ts";

type Entry = NetrcFile["entries"][number];

function entryOf(files: readonly NetrcFile[], source: Source | null): { file: string; entry: Entry } | null {
  const stored = source?.kind === "netrc" ? source.stored : null;
  const entry = files
    .find(({ file }) => file === stored?.file)
    ?.entries.find(({ line, occurrence }) => line === stored?.line && occurrence === source?.occurrence);
  return stored && entry ? { file: stored.file, entry } : null;
}

const isAnswered = ({ answer }: Attempt, status: number): boolean =>
  answer.kind === "http" && answer.status === status;

/** What Bitbucket answers, or would, to what netrc sends. */
function sentByNetrc(outcomes: readonly Outcome[]): Attempt[] {
  const attempts = outcomes.flatMap((one) => [...one.attempts, ...one.unreached]);
  return attempts.filter(({ source }) => source?.kind === "netrc");
}

/**
 * netrc answers before any helper, so its entry goes where the token is kept by one. One that still opens something,
 * or answers for every host, is more than a dead credential of Bitbucket's.
 */
export function netrcInFront(
  files: readonly NetrcFile[],
  broken: readonly Outcome[],
  outcomes: readonly Outcome[],
  { accept, kind }: Choices,
): { steps: readonly PlannedStep[] } | NoPlace {
  const sent = sentByNetrc(broken);
  const found = entryOf(files, sent[0]?.source ?? null);
  if (found === null) return { steps: [] };
  const { file, entry } = found;
  const { machine, occurrence } = entry;
  // After a 401 Git goes on to the helpers. Other repositories may need what this one refuses.
  if ((machine === null || kind === "access-token") && sent.every((one) => isAnswered(one, 401)))
    return { steps: [] };
  const isAsked = machine === null || sentByNetrc(outcomes).some((one) => isAnswered(one, 200));
  if (isAsked && !accept.includes("netrc-shadows")) {
    const why = machine === null ? "answers for every host" : "still opens some of what is here";
    const what = `the entry for \`${machine ?? "default"}\` in \`${file}\` goes before every helper, and ${why}`;
    return noPlace(`${what}: \`--accept netrc-shadows\` takes it out`, false);
  }
  const step = { kind: "drop-netrc", file, entry: { machine, occurrence } } as const;
  return { steps: [{ ...change(step), safety: isAsked ? "ask" : "safe" }] };
}

/** netrc answers before any helper, so a credential that lives there is replaced there, whatever else is chosen. */
export function inNetrc(
  files: readonly NetrcFile[],
  used: Source | null,
  choices: Choices,
): Placement | NoPlace | null {
  const found = entryOf(files, used);
  if (found === null) return null;
  const { file, entry } = found;
  if (choices.store === "prompt") {
    return noPlace(
      `\`${file}\` answers before Git asks anybody: leave \`--store prompt\` out to replace its entry`,
      false,
    );
  }
  // A `default` entry answers for every host: only a person may decide to give it Bitbucket's token.
  if (entry.machine === null && !choices.accept.includes("netrc-shadows")) {
    return noPlace(
      `the \`default\` entry of \`${file}\` answers for every host: \`--accept netrc-shadows\` puts the token there`,
      false,
    );
  }
  const name = { machine: entry.machine, occurrence: entry.occurrence };
  return {
    steps: [
      change({
        kind: "set-netrc",
        file,
        entry: name,
        login: userOfWay(choices),
        password: "newToken",
      }),
    ],
    proof: { kind: "netrc" },
    taken: [{ file, helper: null, username: userOfWay(choices), path: null }],
    pinUser: false,
    where: `in its entry of \`${file}\`, which Git reads before any helper`,
  };
}
