import { defineCheck, type Found } from "../core/check.ts";
import type { EvidenceSource } from "../core/finding.ts";
import { answerEvidence, severityOf } from "./evidence.ts";
import { answer, environment, healthy, outcome } from "./example.ts";
import { isWithoutCredential } from "./no-credential.ts";

interface Args {
  program: string;
  from: string;
  reason: string;
}

function namedBy(from: string): EvidenceSource {
  return from === "core.askPass"
    ? { kind: "command", command: "git config --show-origin core.askPass" }
    : { kind: "variable", name: from };
}

export const askpassBroken = defineCheck<"outcomes" | "intent" | "environment", Args>({
  id: "askpass-broken",
  title: "The program that Git asks for a password does not work",
  needs: ["outcomes", "intent", "environment"],
  find: ({ outcomes, intent, environment: { askpass } }): Found<Args>[] => {
    if (askpass === null || askpass.works) return [];
    const without = outcomes.filter(isWithoutCredential);
    const cause = without.length > 0;
    const { program, from } = askpass;
    const reason = askpass.reason ?? "it does not start";
    const named = { what: `\`${from}\` names \`${program}\`: ${reason}`, source: namedBy(from) };
    return [
      {
        args: { program, from, reason },
        // As long as something answers, Git never gets to it.
        severity: cause ? severityOf(without, intent) : "note",
        confidence: "certain",
        cause,
        location: null,
        evidence: [...without.flatMap(answerEvidence), named],
      },
    ];
  },
  explain: ({ program, from, reason }) => ({
    what: `\`${from}\` tells Git to ask \`${program}\`, and ${reason}`,
    why: "when no helper answers, Git asks the program that `GIT_ASKPASS`, `core.askPass` or `SSH_ASKPASS` names, the first of them that is set, and turns to the terminal only when that fails",
    next:
      from === "core.askPass"
        ? "name a program that exists, or take the entry out: `git config --show-origin core.askPass` tells its file"
        : `run \`unset ${from}\` in this shell (editors set it in their terminals; in tmux or screen it outlives them), or open a new terminal`,
  }),
  typical: {
    program: "/home/ana/.vscode-server/askpass.sh",
    from: "GIT_ASKPASS",
    reason: "the editor it asks is gone",
  },
  examples: () => {
    const broken = environment({
      askpass: {
        program: "/home/ana/.vscode-server/askpass.sh",
        from: "GIT_ASKPASS",
        works: false,
        reason: "the editor it asks is gone (`/run/user/1000/vscode-git-1.sock` does not exist)",
      },
    });
    return {
      broken: [
        { intent: { push: false }, environment: broken, outcomes: [outcome(null, answer(401))] },
        { intent: { push: false }, environment: broken, outcomes: [healthy()] },
      ],
      healthy: [
        { intent: { push: false }, environment: environment(), outcomes: [outcome(null, answer(401))] },
        {
          intent: { push: false },
          environment: environment({
            askpass: { program: "/usr/bin/ksshaskpass", from: "SSH_ASKPASS", works: true, reason: null },
          }),
          outcomes: [outcome(null, answer(401))],
        },
      ],
    };
  },
});
