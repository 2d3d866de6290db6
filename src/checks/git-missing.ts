import { defineCheck, type Found } from "../core/check.ts";

export const gitMissing = defineCheck<"git", null>({
  id: "git-missing",
  title: "There is no Git here",
  needs: ["git"],
  find: ({ git }): Found<null>[] =>
    git.version !== null
      ? []
      : [
          {
            args: null,
            severity: "error",
            confidence: "certain",
            cause: true,
            location: null,
            evidence: [
              {
                what: "`git --version` gives no answer",
                source: { kind: "command", command: "git --version" },
              },
            ],
          },
        ],
  explain: () => ({
    what: "no `git` that runs is in the folders of `PATH`",
    why: "git-rekey asks Git for its settings and lets it prove every change, so without Git nothing can be looked at; cron and services often have a shorter `PATH` than a terminal",
    next: "install Git (`sudo apt-get install git`, `xcode-select --install`, https://git-scm.com), or put its folder into `PATH`: `command -v git` in a terminal where Git works tells which",
  }),
  typical: null,
  examples: () => ({
    broken: [{ git: { text: "", version: null } }],
    healthy: [{ git: { text: "git version 2.47.3", version: [2, 47, 3] } }],
  }),
});
