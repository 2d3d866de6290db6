import { PAGES } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { repositoryName } from "./evidence.ts";
import { ssh, sshOutcome, sshRoute } from "./example-ssh.ts";
import { foundPerDestination, orUnknown } from "./ssh-evidence.ts";
import { keyEvidence } from "./ssh-keys-shown.ts";

interface Args {
  repository: string;
  push: boolean;
}

/** Bitbucket took the key, and whoever it stands for does not reach the repository. */
export const repositoryNotAccessibleOverSsh = defineCheck<"ssh" | "intent", Args>({
  id: "repository-not-accessible",
  title: "The SSH key's account has no access to the repository",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["repository-not-accessible"], (fault) => {
      const { destination, outcomes } = fault;
      const { route } = outcomes.find((one) => one.route.direction === "fetch") ?? outcomes[0];
      return {
        args: { repository: repositoryName(route), push: route.direction === "push" },
        evidence: keyEvidence(destination, ssh.agent),
      };
    });
    return orUnknown(found, ssh);
  },
  explain: ({ repository, push }) => ({
    what: `Bitbucket knows the SSH key, but does not let it ${push ? "write to" : "read"} \`${repository}\``,
    why: "a key has the rights of its account, and with several accounts ssh may show the key of another one; the repository may also have been renamed, moved or deleted",
    next: `open https://bitbucket.org/${repository} as that account (its keys are listed at ${PAGES.sshKeys}); if it is not shown, send its administrator: "Please give me ${push ? "write" : "read"} access to ${repository} in Bitbucket (Repository settings, Repository permissions)."`,
  }),
  typical: { repository: "WORKSPACE/REPOSITORY", push: false },
  examples: () => {
    const text = "repository access denied.";
    const refused = sshOutcome({ state: "refused", saying: "repository-not-accessible", text });
    const push = { ...refused, route: sshRoute({ direction: "push" }) };
    return {
      broken: [
        { intent: { push: false }, ssh: ssh({ outcomes: [refused] }) },
        { intent: { push: true }, ssh: ssh({ outcomes: [sshOutcome(), push] }) },
      ],
      healthy: [{ intent: { push: false }, ssh: ssh() }],
    };
  },
});
