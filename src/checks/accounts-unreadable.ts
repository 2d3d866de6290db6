import { defineCheck, type Found } from "../core/check.ts";
import { type Outcome, OWN_HELPER } from "../core/setup.ts";
import { severityOf } from "./evidence.ts";
import { answer, healthy, outcome, ownAccounts, source } from "./example.ts";
import { isWithoutCredential } from "./no-credential.ts";

interface Args {
  file: string;
  trouble: string;
}

/** Git asked our helper, which could say nothing, and had nobody else to ask. */
function isLeftAlone(one: Outcome): boolean {
  return isWithoutCredential(one) && one.sources.some(({ label }) => label === OWN_HELPER);
}

export const accountsUnreadable = defineCheck<"accounts" | "outcomes" | "intent", Args>({
  id: "accounts-unreadable",
  title: "git-rekey's list of accounts cannot be used",
  needs: ["accounts", "outcomes", "intent"],
  find: ({ accounts: { file, trouble }, outcomes, intent }): Found<Args>[] => {
    if (trouble === null || file === null) return [];
    const failing = outcomes.filter(isLeftAlone);
    return [
      {
        args: { file, trouble },
        severity: failing.length > 0 ? severityOf(failing, intent) : "warning",
        confidence: "certain",
        cause: failing.length > 0,
        location: { file, line: null, scope: null },
        evidence: [{ what: trouble, source: { kind: "file", file, line: null } }],
      },
    ];
  },
  explain: ({ file }) => ({
    what: `Git asks for a token, and git-rekey's helper may not look it up in \`${file}\``,
    why: "whoever writes this list decides which token is sent where, so git-rekey's helper takes nothing from one that is open to others, leads elsewhere, or is not understood as a whole; it says so, and Git goes on without it",
    next: `\`chmod 600 ${file}\` closes it to others; one of a newer version wants the git-rekey that wrote it; one that is damaged may come back with \`git rekey undo\`, or is moved away and the tokens are added again`,
  }),
  typical: { file: "~/.config/git-rekey/accounts.json", trouble: "the list is open to others" },
  examples: () => {
    const file = "/home/ana/.config/git-rekey/accounts.json";
    const accounts = ownAccounts({ trouble: `\`${file}\` is open to others: \`chmod 600 ${file}\`` });
    const silent = source("helper", { label: OWN_HELPER, state: "silent", secret: null, stored: null });
    return {
      broken: [
        { intent: { push: false }, accounts, outcomes: [healthy()] },
        { intent: { push: false }, accounts, outcomes: [outcome(null, answer(401), { sources: [silent] })] },
      ],
      healthy: [{ intent: { push: false }, accounts: ownAccounts(), outcomes: [healthy()] }],
    };
  },
});
