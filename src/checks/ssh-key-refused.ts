import { accessKeysPage, PAGES, SSH_USER } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found, type Words } from "../core/check.ts";
import type { Intent } from "../core/setup.ts";
import type { SshAttempt, SshDestination, SshView } from "../core/ssh.ts";
import { environment, route } from "./example.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRouteTo } from "./example-ssh.ts";
import { inShell } from "./in-words.ts";
import {
  firstRepository,
  foundPerDestination,
  keyLabel,
  listed,
  orUnknown,
  type SshFault,
} from "./ssh-evidence.ts";
import { type KeysShown, keyEvidence, keysShown } from "./ssh-keys-shown.ts";

interface Args extends KeysShown {
  host: string;
  /** The user that is sent, where it is not Bitbucket's only one. */
  wrongUser: string | null;
  /** The key that Bitbucket knows and ssh cannot use by itself. */
  locked: string | null;
  /** Somebody can be asked for a passphrase. */
  asks: boolean;
  /** Where an administrator adds an access key. */
  accessPage: string;
}

/** A key that Bitbucket was ready to take: it only waits for its passphrase. */
function lockedKey({ identities, attempt }: SshDestination): string | null {
  const taken = attempt?.accepted ?? null;
  if (taken !== null) return keyLabel(taken, identities);
  const locked = identities.filter((one) => one.locked === true);
  return locked[0] === undefined ? null : `\`${locked[0].file}\``;
}

function argsOf({ destination, outcomes, saying }: SshFault, view: SshView, asks: boolean): Args {
  const { user } = destination.resolved;
  const at = firstRepository(outcomes);
  return {
    ...keysShown(destination, view.agent),
    host: destination.name,
    wrongUser: user === SSH_USER ? null : user,
    locked: saying === "key-locked" ? (lockedKey(destination) ?? "the key") : null,
    asks,
    accessPage: accessKeysPage(at?.workspace ?? "WORKSPACE", at?.repository ?? "REPOSITORY"),
  };
}

function found(view: SshView, intent: Intent, asks: boolean): Found<Args>[] {
  return foundPerDestination(view, intent, ["key-refused", "key-locked"], (fault) => {
    const args = argsOf(fault, view, asks);
    const evidence = keyEvidence(fault.destination, view.agent);
    // The person types the passphrase each time, and it works: a set-up like any other.
    return args.locked !== null && asks
      ? { args, evidence, severity: "note", cause: false }
      : { args, evidence };
  });
}

/** Where the public half is, for a person to copy. */
function publicHalf({ files }: Args): string {
  const [file] = files;
  return file === undefined
    ? "the public half of your key (`ssh-add -L` shows those of the agent)"
    : `the public half (\`cat ${inShell(`${file}.pub`)}\`, or where that is missing \`ssh-keygen -y -f ${inShell(file)}\`)`;
}

const REFUSED_WHY =
  "Bitbucket lets in whoever shows a key that an account or a repository has been given; the removal of app passwords does not touch SSH";

function noKeyWords({ host, notOffered, accessPage }: Args): Words {
  return {
    what: `ssh has no key to show \`${host}\`${notOffered.length === 0 ? ": no file of the usual names is there, and no agent holds one" : `: ${listed(notOffered)}`}`,
    why: REFUSED_WHY,
    next:
      notOffered.length === 0
        ? `\`git rekey fix --with ssh\` makes a key and says where it is registered; by hand: \`ssh-keygen -t ed25519\`, then add the \`.pub\` file to your account at ${PAGES.sshKeys}, or for a machine that only reads to the repository at ${accessPage}`
        : "put that right and try again; where no key is left, `git rekey fix --with ssh` makes one and says where it is registered",
  };
}

function lockedWords({ locked, asks }: Args): Words {
  return {
    what: `Bitbucket takes ${locked}, and ssh cannot use it without ${asks ? "asking for its passphrase" : "its passphrase or a yes of the agent"}`,
    why: asks
      ? "no agent holds the key, so ssh asks a person each time, which works at a terminal and not from cron, a service or an editor"
      : "here is nobody to answer, so the sign-in ends there",
    next: asks
      ? "nothing has to be done; to be asked once a session, `ssh-add` gives the key to an agent"
      : "give the key to an agent that this command reaches (`ssh-add`, and `SSH_AUTH_SOCK` in its environment), or use a key of its own without a passphrase: `git rekey fix --with ssh --key access`",
  };
}

export const sshKeyRefused = defineCheck<"ssh" | "intent" | "environment", Args>({
  id: "ssh-key-refused",
  title: "Bitbucket takes none of the SSH keys it is shown",
  needs: ["ssh", "intent", "environment"],
  find: ({ ssh, intent, environment }): readonly Found<Args>[] | CannotTell =>
    orUnknown(found(ssh, intent, environment.hasTerminal), ssh),
  explain: (args) => {
    if (args.locked !== null) return lockedWords(args);
    if (args.wrongUser !== null)
      return {
        what: `ssh signs in at \`${args.host}\` as \`${args.wrongUser}\`, and Bitbucket knows only \`${SSH_USER}\``,
        why: "whose key it is tells Bitbucket who comes; the user name is the same for everybody, and where a URL has none ssh sends that of this machine",
        next: `begin the URL with \`${SSH_USER}@\` (\`git remote set-url\`), or set \`User ${SSH_USER}\` for this host in \`~/.ssh/config\``,
      };
    if (args.offered.length === 0) return noKeyWords(args);
    const beside = args.notOffered.length === 0 ? "" : `; not shown: ${listed(args.notOffered)}`;
    return {
      what: `Bitbucket does not know ${listed(args.offered)}${beside}`,
      why: REFUSED_WHY,
      next: `add ${publicHalf(args)} to your account at ${PAGES.sshKeys}, or for a machine that only reads to the repository at ${args.accessPage}; \`git rekey fix --with ssh\` does it with you`,
    };
  },
  typical: {
    host: "bitbucket.org",
    offered: ["`~/.ssh/id_ed25519`"],
    files: ["~/.ssh/id_ed25519"],
    notOffered: [],
    wrongUser: null,
    locked: null,
    asks: true,
    accessPage: accessKeysPage("WORKSPACE", "REPOSITORY"),
  },
  examples: () => {
    const intent = { push: false };
    const refused = (attempt: Partial<SshAttempt>, more: Partial<SshDestination> = {}) => {
      const saying = attempt.saying ?? "key-refused";
      const text = "git@bitbucket.org: Permission denied (publickey).";
      const whole = sshAttempt({ state: "refused", saying, accepted: null, as: null, text, ...attempt });
      const destinations = [sshDestination({ attempt: whole, ...more })];
      return ssh({ destinations, outcomes: [sshOutcome({ state: "refused", saying, text })] });
    };
    const tried = sshOutcome({ state: "refused", saying: "key-refused" });
    const [identity] = sshDestination().identities;
    const file = {
      ...identity,
      file: "/home/ana/.ssh/id_ed25519",
      mode: 0o600,
      own: true,
      key: null,
    } as const;
    const missing = { ...file, state: "missing", mode: null, own: null, locked: null } as const;
    const work = { ...missing, file: "/home/ana/.ssh/bitbucket" };
    const locked = { ...file, state: "there", locked: true, key: sshAttempt().accepted } as const;
    const key = { type: "ssh-rsa", fingerprint: `SHA256:${"k".repeat(43)}`, comment: "ana@desk" };
    const only = { ...sshDestination().resolved, identitiesOnly: true, agent: "/run/agent" };
    return {
      broken: [
        { intent, environment: environment(), ssh: refused({}) },
        { intent, environment: environment(), ssh: refused({ offered: [] }, { identities: [missing] }) },
        { intent, environment: environment(), ssh: refused({ offered: [] }, { identities: [work] }) },
        {
          intent,
          environment: environment(),
          ssh: {
            ...refused({ offered: [] }, { identities: [missing], resolved: only }),
            agent: { state: "answers", keys: [key] },
          },
        },
        {
          intent,
          environment: environment(),
          ssh: refused({}, { resolved: { ...sshDestination().resolved, user: "ana" } }),
        },
        {
          intent,
          environment: environment({ hasTerminal: false }),
          ssh: refused({ saying: "key-locked", accepted: sshAttempt().accepted }, { identities: [locked] }),
        },
        {
          intent,
          environment: environment(),
          ssh: refused({ saying: "key-locked" }, { identities: [locked] }),
        },
      ],
      healthy: [
        { intent, environment: environment(), ssh: ssh() },
        { intent, environment: environment(), ssh: ssh({ destinations: [], outcomes: [] }) },
        // Nobody goes over SSH: that is how it would be.
        {
          intent,
          environment: environment(),
          ssh: { ...refused({}), outcomes: [{ ...tried, route: route() }] },
        },
        // A second account by the alias of a `Host` block, and fetching over HTTPS.
        {
          intent,
          environment: environment(),
          ssh: ssh({
            destinations: [sshDestination({ name: "bitbucket-work" })],
            outcomes: [sshOutcome({ route: sshRouteTo("bitbucket-work", { direction: "push" }) })],
          }),
        },
      ],
    };
  },
});
