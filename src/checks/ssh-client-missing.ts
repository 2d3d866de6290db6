import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { Observation } from "../core/finding.ts";
import { presentOutcomes, type SshClient, type SshView } from "../core/ssh.ts";
import { isWanted } from "../core/wanted.ts";
import { commandOf, fromEntry } from "./evidence.ts";
import { configEntry, route } from "./example.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome, sshRoute } from "./example-ssh.ts";
import { foundPerDestination, orUnknown, sshRoutes } from "./ssh-evidence.ts";

type Args =
  | { kind: "missing" }
  /** Not OpenSSH: its settings are not known. */
  | { kind: "foreign"; command: string; from: SshClient["from"] }
  /** It and Bitbucket have no way of signing in common. */
  | { kind: "old"; text: string };

/** The first OpenSSH with ed25519 keys. */
const WITH_ED25519 = [6, 5] as const;

function isTooOld({ version }: SshClient): boolean {
  const [major, minor] = version ?? WITH_ED25519;
  return major < WITH_ED25519[0] || (major === WITH_ED25519[0] && minor < WITH_ED25519[1]);
}

function clientEvidence({ client }: SshView): Observation {
  if (client === null)
    return { what: "no program of that name is in `PATH`", source: { kind: "command", command: "ssh -V" } };
  const what = `Git runs \`${client.command}\`${client.text === "" ? "" : `, which is ${client.text}`}`;
  if (client.entry !== null) return { what, source: fromEntry(client.entry) };
  return client.from === "PATH" || client.from === "core.sshCommand"
    ? { what, source: { kind: "command", command: "ssh -V" } }
    : { what, source: { kind: "variable", name: client.from } };
}

/** Where an ed25519 key is what there is, or nobody gets in, an old client is the reason. */
function matters(view: SshView): boolean {
  const wantsEd25519 = view.destinations.some(({ identities }) =>
    identities.some(({ state, key }) => state === "there" && key?.type === "ssh-ed25519"),
  );
  return wantsEd25519 && presentOutcomes(view).some(({ state }) => state !== "ok");
}

/** What is wrong with the program itself. */
function wrongWith({ client, ...view }: SshView): Args | null {
  if (client === null) return { kind: "missing" };
  // What nobody asked may be OpenSSH all the same.
  if (client.unasked !== null) return null;
  if (client.text === "") return { kind: "foreign", command: client.command, from: client.from };
  return isTooOld(client) && matters({ client, ...view }) ? { kind: "old", text: client.text } : null;
}

export const sshClientMissing = defineCheck<"ssh" | "routes" | "intent", Args>({
  id: "ssh-client-missing",
  title: "There is no ssh here that fits Bitbucket",
  needs: ["ssh", "routes", "intent"],
  find: ({ ssh, routes, intent }): readonly Found<Args>[] | CannotTell => {
    const used = sshRoutes(routes, ssh);
    const args = ssh.forbidden === null && used.length > 0 ? wrongWith(ssh) : null;
    if (args === null) {
      const found = foundPerDestination<Args>(ssh, intent, ["no-common-algorithm"], () => ({
        args: { kind: "old", text: ssh.client?.text ?? "" },
        evidence: [clientEvidence(ssh)],
      }));
      return orUnknown(found, ssh);
    }
    const isCause = args.kind !== "foreign";
    const wanted = used.some((one) => isWanted(one, intent));
    return [
      {
        args,
        severity: isCause && wanted ? "error" : "note",
        confidence: args.kind === "old" ? "likely" : "certain",
        cause: isCause,
        location: null,
        evidence: [
          clientEvidence(ssh),
          ...used.map((one) => ({
            what: `\`${commandOf(one)}\` goes over SSH`,
            source: { kind: "command", command: "git remote -v" } as const,
          })),
        ],
      },
    ];
  },
  explain: (args) => {
    if (args.kind === "foreign")
      return {
        what: `Git runs \`${args.command}\` for SSH (by ${args.from === "PATH" ? "`PATH`" : `\`${args.from}\``}), which is no OpenSSH`,
        why: "its keys and settings are kept where git-rekey does not look, so what it would meet at Bitbucket is not known",
        next: "nothing has to be done where it works; where it is refused, see in its own settings which key it shows, and whether Bitbucket knows that one",
      };
    if (args.kind === "old")
      return {
        what: `this ssh${args.text === "" ? "" : ` (${args.text})`} and Bitbucket have no kind of key or signature in common`,
        why: "keys of the kind ed25519 need OpenSSH 6.5 or newer, and RSA signatures of today's kind need 7.2; an older one passes such a key over without a word, and a system's policy (FIPS) may forbid what a new one could do",
        next: "see what it can do (`ssh -V`, `ssh -Q key`), and update it; where that cannot be, try a key of another kind: `ssh-keygen -t rsa -b 3072`, or `-t ecdsa`",
      };
    return {
      what: "a remote leads over SSH, and no `ssh` that runs is in the folders of `PATH`",
      why: "Git leaves SSH to that program; slim containers and services often come without it",
      next: "install it (`sudo apt-get install openssh-client`, `apk add openssh-client`), or go by HTTPS: `git remote set-url origin https://bitbucket.org/WORKSPACE/REPOSITORY.git`, then `git rekey fix`",
    };
  },
  typical: { kind: "missing" },
  examples: () => {
    const intent = { push: false };
    const client = (more: Partial<SshClient>): SshClient => ({
      command: "ssh",
      from: "PATH",
      entry: null,
      text: "OpenSSH_5.3p1, OpenSSL 1.0.1e-fips 11 Feb 2013",
      unasked: null,
      version: [5, 3],
      ...more,
    });
    const none = { destinations: [], outcomes: [] };
    const plink = { command: "plink", text: "", version: null } as const;
    const command = configEntry("core.sshcommand", "plink");
    const refused = { state: "refused", saying: "no-common-algorithm" } as const;
    const disjoint = {
      destinations: [sshDestination({ attempt: sshAttempt(refused) })],
      outcomes: [sshOutcome(refused)],
    };
    return {
      broken: [
        { intent, routes: [sshRoute()], ssh: ssh({ client: null, ...none }) },
        {
          intent,
          routes: [sshRoute()],
          ssh: ssh({ client: client({ ...plink, from: "GIT_SSH" }), ...none }),
        },
        {
          intent,
          routes: [sshRoute()],
          ssh: ssh({ client: client({ ...plink, from: "core.sshCommand", entry: command }), ...none }),
        },
        {
          intent,
          routes: [sshRoute()],
          ssh: ssh({
            client: client({}),
            outcomes: [sshOutcome({ state: "refused", saying: "key-refused" })],
          }),
        },
        { intent, routes: [sshRoute()], ssh: ssh(disjoint) },
      ],
      healthy: [
        { intent, routes: [sshRoute()], ssh: ssh() },
        // Nobody goes over SSH here.
        { intent, routes: [route()], ssh: ssh({ client: null, ...none }) },
        { intent, routes: [sshRoute()], ssh: ssh({ client: client({}) }) },
        // A program that was not run.
        {
          intent,
          routes: [sshRoute()],
          ssh: ssh({ client: client({ text: "", version: null, unasked: "it was not run" }), ...none }),
        },
      ],
    };
  },
});
