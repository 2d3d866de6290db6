import { defineCheck, type Found } from "../core/check.ts";
import type { LentNow } from "../core/setup.ts";

interface Args {
  keys: readonly string[];
}

const EXAMPLE: LentNow = {
  file: "/srv/site/.git/config",
  keys: ["remote.origin.url"],
  since: "2026-11-25T09:30:00.000Z",
};

export const urlOnceStands = defineCheck<"lent", Args>({
  id: "url-once-stands",
  title: "A token stands in a URL for one operation, and that operation has not ended",
  needs: ["lent"],
  find: ({ lent }): Found<Args>[] =>
    lent.map(({ file, keys, since }) => ({
      args: { keys },
      severity: "error",
      confidence: "certain",
      cause: false,
      location: { file, line: null, scope: null },
      evidence: [
        {
          what: `\`git rekey fix --with url-once\` put a token there at ${since.slice(0, 16).replace("T", " ")} UTC and is still waiting`,
          source: { kind: "file", file, line: null },
        },
      ],
    })),
  explain: ({ keys }) => ({
    what: `a token stands in ${keys.map((key) => `\`${key}\``).join(" and ")}`,
    why: "it is meant for one operation; while it is there Git itself shows the URL to other processes of this machine, and every copy of the file carries the token on",
    next: "press Enter where `git rekey fix --with url-once` waits, or end that command: either takes the token out; then revoke it",
  }),
  typical: { keys: EXAMPLE.keys },
  examples: () => ({ broken: [{ lent: [EXAMPLE] }], healthy: [{ lent: [] }] }),
});
