import { type CannotTell, defineCheck, type Found } from "../core/check.ts";

interface Args {
  version: string;
}

/** The oldest Git that git-rekey is tried with. */
const OLDEST = [2, 30] as const;

export const gitTooOld = defineCheck<"git", Args>({
  id: "git-too-old",
  title: "This Git is too old",
  needs: ["git"],
  find: ({ git }): Found<Args>[] | CannotTell => {
    const [major, minor] = git.version ?? [0, 0];
    if (major === 0) return { cannotTell: "`git --version` does not say a version" };
    if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return [];
    return [
      {
        args: { version: git.version?.join(".") ?? "" },
        severity: "warning",
        confidence: "certain",
        cause: false,
        location: null,
        evidence: [
          {
            what: `\`git --version\` says \`${git.text}\``,
            source: { kind: "command", command: "git --version" },
          },
        ],
      },
    ];
  },
  explain: ({ version }) => ({
    what: `Git here is ${version}, and git-rekey knows Git from ${OLDEST.join(".")} on`,
    why: "older ones cannot tell where a setting comes from as exactly, and choose credentials by rules that differ in places, so what is said here may be wrong",
    next: "install a newer Git and look again; `type -a git` shows whether a newer one is already here, further back in `PATH`",
  }),
  typical: { version: "2.25.1" },
  examples: () => ({
    broken: [
      { git: { text: "git version 2.25.1", version: [2, 25, 1] } },
      { git: { text: "git version 1.8.3.1", version: [1, 8, 3] } },
    ],
    healthy: [
      { git: { text: "git version 2.30.2", version: [2, 30, 2] } },
      { git: { text: "git version 3.0.0", version: [3, 0, 0] } },
    ],
  }),
});
