import { accessKeysPage, PAGES, type RepositoryName } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRoute } from "./example-ssh.ts";
import { firstRepository, foundPerDestination, listed, orUnknown, repositoriesIn } from "./ssh-evidence.ts";
import { keyEvidence } from "./ssh-keys-shown.ts";

interface Args {
  wanted: readonly string[];
  /** What Bitbucket lists for the key. */
  opens: readonly RepositoryName[];
  /** Where it would be added. */
  page: string;
}

const nameOf = ({ workspace, repository }: RepositoryName) => `\`${workspace}/${repository}\``;

/** The same name in another workspace: the repository may have moved, and the URL not. */
function movedTo({ wanted, opens }: Args): RepositoryName | null {
  return opens.find(({ repository }) => wanted.some((name) => name.endsWith(`/${repository}`))) ?? null;
}

export const sshKeyForOtherRepository = defineCheck<"ssh" | "intent", Args>({
  id: "ssh-key-for-other-repository",
  title: "The SSH key is an access key of another repository",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["key-of-other-repository"], (fault) => {
      const { destination, outcomes } = fault;
      const at = firstRepository(outcomes);
      return {
        args: {
          wanted: repositoriesIn(outcomes),
          opens: destination.attempt?.repositories ?? [],
          page: accessKeysPage(at?.workspace ?? "WORKSPACE", at?.repository ?? "REPOSITORY"),
        },
        evidence: keyEvidence(destination, ssh.agent),
      };
    });
    return orUnknown(found, ssh);
  },
  explain: (args) => {
    const { wanted, opens, page } = args;
    const moved = movedTo(args);
    return {
      what: `Bitbucket knows the key as an access key${opens.length === 0 ? "" : ` of ${listed(opens.map(nameOf))}`}, and not of ${listed(wanted.map((name) => `\`${name}\``))}`,
      why: "an access key opens the repositories it was added to and no other; one key may be added to many",
      next: `${moved === null ? "" : `if the repository is now ${nameOf(moved)}, put that into the URL (\`git remote set-url\`); else `}let an administrator add the same public key at ${page}, or use a key of an account that may read it (${PAGES.sshKeys})`,
    };
  },
  typical: {
    wanted: ["WORKSPACE/REPOSITORY"],
    opens: [],
    page: accessKeysPage("WORKSPACE", "REPOSITORY"),
  },
  examples: () => {
    const text = "repository access denied. deployment key is not associated with the requested repository.";
    const opened = (...repositories: RepositoryName[]) =>
      sshDestination({ attempt: sshAttempt({ as: "access-key", repositories }) });
    const refused = sshOutcome({ state: "refused", saying: "key-of-other-repository", text });
    const submodule = sshRoute({ purpose: "submodule", remote: "vendor" });
    const intent = { push: false };
    return {
      broken: [
        {
          intent,
          ssh: ssh({ destinations: [opened({ workspace: "acme", repository: "api" })], outcomes: [refused] }),
        },
        {
          intent,
          ssh: ssh({ destinations: [opened({ workspace: "old", repository: "site" })], outcomes: [refused] }),
        },
        {
          intent,
          ssh: ssh({ destinations: [opened()], outcomes: [sshOutcome(), { ...refused, route: submodule }] }),
        },
      ],
      healthy: [
        { intent, ssh: ssh() },
        { intent, ssh: ssh({ destinations: [opened({ workspace: "acme", repository: "site" })] }) },
      ],
    };
  },
});
