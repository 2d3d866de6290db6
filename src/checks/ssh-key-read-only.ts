import { PAGES } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRoute } from "./example-ssh.ts";
import { foundPerDestination, listed, orUnknown, repositoriesIn } from "./ssh-evidence.ts";

interface Args {
  repositories: readonly string[];
  /** Pushing is wanted here. */
  wanted: boolean;
}

export const sshKeyReadOnly = defineCheck<"ssh" | "intent", Args>({
  id: "ssh-key-read-only",
  title: "The SSH key is an access key, which cannot push",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["read-only-key"], ({ outcomes }) => ({
      args: { repositories: repositoriesIn(outcomes), wanted: true },
    }));
    const told = found.map((one) => ({ ...one, args: { ...one.args, wanted: one.severity !== "note" } }));
    return orUnknown(told, ssh);
  },
  explain: ({ repositories, wanted }) => ({
    what: `Bitbucket lets this key read ${listed(repositories.map((name) => `\`${name}\``))} and refuses the push`,
    why: "it is registered with the repository as an access key, and those only read, whatever anybody's permissions say",
    next: `${wanted ? "" : "where this machine only reads, nothing has to be done; "}to push, use another key, one of an account that may write (${PAGES.sshKeys}: Bitbucket takes no key in both places), or HTTPS with a repository access token: \`git rekey fix --with access-token --push\``,
  }),
  typical: { repositories: ["WORKSPACE/REPOSITORY"], wanted: true },
  examples: () => {
    const attempt = sshAttempt({
      as: "access-key",
      repositories: [{ workspace: "acme", repository: "site" }],
      text: "authenticated via a deploy key.",
    });
    const text = "repository access denied. access via a deployment key is read-only.";
    const push = sshOutcome({
      route: sshRoute({ direction: "push" }),
      state: "refused",
      saying: "read-only-key",
      text,
    });
    const view = ssh({ destinations: [sshDestination({ attempt })], outcomes: [sshOutcome(), push] });
    return {
      broken: [
        { intent: { push: true }, ssh: view },
        { intent: { push: false }, ssh: view },
        // Who pushes by SSH and fetches otherwise has set that up.
        {
          intent: { push: false },
          ssh: { ...view, outcomes: [{ ...push, route: { ...push.route, pushOnly: true } }] },
        },
      ],
      healthy: [
        { intent: { push: true }, ssh: ssh() },
        { intent: { push: false }, ssh: { ...view, outcomes: [sshOutcome()] } },
      ],
    };
  },
});
