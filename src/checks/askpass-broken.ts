import { defineCheck, type Found } from "../core/check.ts";
import type { EvidenceSource } from "../core/finding.ts";
import type { Environment } from "../core/setup.ts";
import { answerEvidence, severityOf } from "./evidence.ts";
import { answer, environment, healthy, outcome } from "./example.ts";
import { isWithoutCredential } from "./no-credential.ts";

interface Args {
  program: string;
  from: string;
  reason: string;
  editor: NonNullable<Environment["askpass"]>["editor"];
}

/** After the variable is gone from this shell, the editor sets it again in the next one. */
const FOR_GOOD: Readonly<Record<NonNullable<Args["editor"]>, string>> = {
  vscode:
    "; where VS Code shall not answer for Git at all, set `git.useIntegratedAskPass` and `git.terminalAuthentication` to `false` in its settings",
  jetbrains:
    "; in the IDE, `Settings > Version Control > Git > Use credential helper` makes its own commands ask Git's helpers",
};

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
    const { program, from, editor } = askpass;
    const reason = askpass.reason ?? "it does not start";
    const named = { what: `\`${from}\` names \`${program}\`: ${reason}`, source: namedBy(from) };
    return [
      {
        args: { program, from, reason, editor },
        // As long as something answers, Git never gets to it.
        severity: cause ? severityOf(without, intent) : "note",
        confidence: "certain",
        cause,
        location: null,
        evidence: [...without.flatMap(answerEvidence), named],
      },
    ];
  },
  explain: ({ program, from, reason, editor }) => ({
    what: `\`${from}\` tells Git to ask \`${program}\`, and ${reason}`,
    why: "when no helper answers, Git asks the program that `GIT_ASKPASS`, `core.askPass` or `SSH_ASKPASS` names, the first of them that is set, and turns to the terminal only when that fails",
    next:
      from === "core.askPass"
        ? "name a program that exists, or take the entry out: `git config --show-origin core.askPass` tells its file"
        : `run \`unset ${from}\` in this shell (editors set it in their terminals; in tmux or screen it outlives them), or open a new terminal${editor === null ? "" : FOR_GOOD[editor]}`,
  }),
  typical: {
    program: "/home/ana/.vscode-server/askpass.sh",
    from: "GIT_ASKPASS",
    reason: "the editor it asks is gone",
    editor: "vscode",
  },
  examples: () => {
    const broken = environment({
      askpass: {
        program: "/home/ana/.vscode-server/askpass.sh",
        from: "GIT_ASKPASS",
        works: false,
        reason: "the editor it asks is gone (`/run/user/1000/vscode-git-1.sock` does not exist)",
        editor: "vscode",
      },
    });
    const jetbrains = environment({
      askpass: {
        program: "/home/ana/.cache/JetBrains/IntelliJIdea2026.1/tmp/intellij-git-askpass-local.sh",
        from: "GIT_ASKPASS",
        works: false,
        reason: "the IDE it belongs to answers only the Git commands it runs itself",
        editor: "jetbrains",
      },
    });
    return {
      broken: [
        { intent: { push: false }, environment: jetbrains, outcomes: [outcome(null, answer(401))] },
        { intent: { push: false }, environment: broken, outcomes: [outcome(null, answer(401))] },
        { intent: { push: false }, environment: broken, outcomes: [healthy()] },
      ],
      healthy: [
        { intent: { push: false }, environment: environment(), outcomes: [outcome(null, answer(401))] },
        {
          intent: { push: false },
          environment: environment({
            askpass: {
              program: "/usr/bin/ksshaskpass",
              from: "SSH_ASKPASS",
              works: true,
              reason: null,
              editor: null,
            },
          }),
          outcomes: [outcome(null, answer(401))],
        },
      ],
    };
  },
});
