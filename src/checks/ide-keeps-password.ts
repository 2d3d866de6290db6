import { GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import type { Environment } from "../core/setup.ts";
import { answer, environment, healthy, outcome, source } from "./example.ts";

interface Args {
  platform: string;
}

/** What shows that a JetBrains IDE is at work here: its terminal, its script, or that it started us itself. */
function signOf({ variables, askpass }: Environment): Observation | null {
  const variable = variables.find(
    ({ name, value }) =>
      name === "INTELLIJ_GIT_ASKPASS_HANDLER" ||
      (name === "TERMINAL_EMULATOR" && value.startsWith("JetBrains")),
  );
  const name = variable?.name ?? (askpass?.editor === "jetbrains" ? askpass.from : null);
  if (name === null) return null;
  return { what: `\`${name}\` is set by a JetBrains IDE`, source: { kind: "variable", name } };
}

/** Where the IDE's passwords are, if it was not told to keep them in a file of its own. */
function keptIn(platform: string): string {
  const entry = `\`IntelliJ Platform Git HTTP — http://USER@${GIT_HOST}\``;
  if (platform === "darwin") return `remove ${entry} in the app Keychain Access`;
  const setting = "`Settings > Appearance & Behavior > System Settings > Passwords`";
  return `choose \`Do not save, forget passwords after restart\` in ${setting}, restart the IDE, and choose there what was chosen before: that forgets all its passwords, of which ${entry} is the one`;
}

export const ideKeepsPassword = defineCheck<"environment" | "outcomes", Args>({
  id: "ide-keeps-password",
  title: "A JetBrains IDE has a password store of its own and keeps dead passwords in it",
  needs: ["environment", "outcomes"],
  find: ({ environment, outcomes }): Found<Args>[] => {
    const sign = signOf(environment);
    if (sign === null || outcomes.length === 0) return [];
    return [
      {
        args: { platform: environment.platform },
        severity: "note",
        confidence: "possible",
        cause: false,
        location: null,
        evidence: [sign],
      },
    ];
  },
  explain: ({ platform }) => ({
    what: "unless it is told otherwise, a JetBrains IDE runs Git with `-c credential.helper=` and answers from its own passwords, so that its pull and push do not see what Git's helpers hold",
    why: "it forgets a password when Git says that authentication failed, or on 400 and 403; Bitbucket answers an app password with 410, which is not among them, so the IDE saves it again as one that worked",
    next: `in the IDE tick \`Settings > Version Control > Git > Use credential helper\`; and to be rid of the dead password, ${keptIn(platform)}`,
  }),
  typical: { platform: "linux" },
  examples: () => {
    const terminal = environment({
      variables: [{ name: "TERMINAL_EMULATOR", value: "JetBrains-JediTerm" }],
    });
    return {
      broken: [
        { environment: terminal, outcomes: [outcome(source("helper"), answer(410))] },
        {
          environment: environment({
            platform: "darwin",
            askpass: {
              program: "/Users/ana/Library/Caches/JetBrains/PyCharm2026.1/tmp/intellij-git-askpass-local.sh",
              from: "GIT_ASKPASS",
              works: true,
              reason: null,
              editor: "jetbrains",
            },
          }),
          outcomes: [healthy()],
        },
      ],
      healthy: [
        { environment: terminal, outcomes: [] },
        { environment: environment(), outcomes: [healthy()] },
        {
          environment: environment({ variables: [{ name: "TERMINAL_EMULATOR", value: "xterm" }] }),
          outcomes: [healthy()],
        },
      ],
    };
  },
});
