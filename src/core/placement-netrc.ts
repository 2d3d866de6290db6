/** A new token in the place of one that lives in netrc. Pure. */
import { change, type NoPlace, noPlace, type Placement } from "./placement-parts.ts";
import { type Choices, userOfWay } from "./plan.ts";
import type { NetrcFile, Source } from "./setup.ts";

/** netrc answers before any helper, so a credential that lives there is replaced there, whatever else is chosen. */
export function inNetrc(
  files: readonly NetrcFile[],
  used: Source | null,
  choices: Choices,
): Placement | NoPlace | null {
  if (used?.kind !== "netrc" || used.stored === null) return null;
  const stored = used.stored;
  const entry = files
    .find(({ file }) => file === stored.file)
    ?.entries.find(({ line, occurrence }) => line === stored.line && occurrence === used.occurrence);
  if (!entry) return null;
  if (choices.store === "prompt") {
    return noPlace(
      `\`${stored.file}\` answers before Git asks anybody: leave \`--store prompt\` out to replace its entry`,
      false,
    );
  }
  // A `default` entry answers for every host: only a person may decide to give it Bitbucket's token.
  if (entry.machine === null && !choices.accept.includes("netrc-shadows")) {
    return noPlace(
      `the \`default\` entry of \`${stored.file}\` answers for every host: \`--accept netrc-shadows\` puts the token there`,
      false,
    );
  }
  const name = { machine: entry.machine, occurrence: entry.occurrence };
  return {
    steps: [
      change({
        kind: "set-netrc",
        file: stored.file,
        entry: name,
        login: userOfWay(choices),
        password: "newToken",
      }),
    ],
    proof: { kind: "netrc" },
    taken: [{ file: stored.file, helper: null, username: userOfWay(choices), path: null }],
    pinUser: false,
    where: `in its entry of \`${stored.file}\`, which Git reads before any helper`,
  };
}
