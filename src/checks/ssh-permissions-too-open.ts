import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { Intent } from "../core/setup.ts";
import type { IdentityFile, SshView } from "../core/ssh.ts";
import { severityOf } from "./evidence.ts";
import { ssh, sshAttempt, sshDestination, sshOutcome } from "./example-ssh.ts";
import { inShell } from "./in-words.ts";
import { faultsOf, orUnknown, sshEvidence, waysTo } from "./ssh-evidence.ts";
import { isTooOpen } from "./ssh-keys-shown.ts";
import { planned } from "./steps.ts";

const ID = "ssh-permissions-too-open";

interface Args {
  file: string;
  kind: "key" | "config";
  mode: number | null;
  /** ssh refused to go on for it; otherwise another key is in use. */
  refused: boolean;
  /** Under the home folder that ssh uses: the person's own to close. */
  own: boolean;
}

/** The configuration file that ssh will not read. */
function namedConfig(text: string): string | null {
  return /Bad owner or permissions on ([^\n]+)/.exec(text)?.[1]?.trim() ?? null;
}

/** Ways that end because of it, or that may do so. */
const SAYINGS = ["permissions-too-open", "key-refused"] as const;

function isUnder(home: string | null, file: string): boolean {
  return home !== null && file.startsWith(`${home}/`);
}

function foundKeys(view: SshView, intent: Intent): Found<Args>[] {
  const seen = new Set<string>();
  return view.destinations.flatMap((destination) => {
    const fault = faultsOf(view, SAYINGS).find((one) => one.destination === destination);
    const open = destination.identities.filter((one) => isTooOpen(one) && !seen.has(one.file));
    if (waysTo(view, destination).length === 0) return [];
    return open.map(({ file, mode }): Found<Args> => {
      seen.add(file);
      const refused = fault !== undefined;
      const octal = `0${((mode ?? 0) & 0o777).toString(8)}`;
      return {
        args: { file, kind: "key", mode, refused, own: isUnder(view.home, file) },
        severity: fault === undefined ? "warning" : severityOf(fault.outcomes, intent),
        confidence: fault?.saying === "key-refused" ? "likely" : "certain",
        cause: refused,
        location: { file, line: null, scope: null },
        evidence: [
          { what: `\`${file}\` has the mode ${octal}`, source: { kind: "file", file, line: null } },
          ...(fault === undefined ? [] : sshEvidence(fault)),
        ],
      };
    });
  });
}

function foundConfigs(view: SshView, intent: Intent): Found<Args>[] {
  const seen = new Set<string>();
  return faultsOf(view, ["permissions-too-open"]).flatMap((fault): Found<Args>[] => {
    const { destination, outcomes } = fault;
    const file = namedConfig(destination.attempt?.text ?? "") ?? namedConfig(outcomes[0].text);
    if (file === null || seen.has(file)) return [];
    seen.add(file);
    return [
      {
        args: { file, kind: "config", mode: null, refused: true, own: isUnder(view.home, file) },
        severity: severityOf(outcomes, intent),
        confidence: "certain",
        cause: true,
        location: { file, line: null, scope: null },
        evidence: sshEvidence(fault),
      },
    ];
  });
}

export const sshPermissionsTooOpen = defineCheck<"ssh" | "intent", Args>({
  id: ID,
  title: "ssh does not use a file that others may read or write",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell =>
    orUnknown([...foundConfigs(ssh, intent), ...foundKeys(ssh, intent)], ssh),
  explain: ({ file, kind, mode, refused }) => {
    const close = `\`chmod 600 ${inShell(file)}\`, which \`git rekey fix\` does for you`;
    if (kind === "config")
      return {
        what: `ssh reads no configuration at all, because others may write to \`${file}\`, or it belongs to somebody else`,
        why: "who can write there can make ssh run programs and sign in elsewhere, so it stops before it connects",
        next: `${close}; where \`ls -l ${inShell(file)}\` shows another owner, give it back first: \`sudo chown "$(id -un)" ${inShell(file)}\``,
      };
    return {
      what: `the key \`${file}\` is open to others (mode 0${((mode ?? 0) & 0o777).toString(8)}), so ssh passes it over`,
      why: `ssh shows no key that others on this machine could have copied${refused ? "" : "; another key is in use here, and this one could be copied all the same"}`,
      next: `${close}; if you do not trust everybody here, make a new key as well`,
    };
  },
  typical: { file: "~/.ssh/id_ed25519", kind: "key", mode: 0o644, refused: true, own: true },
  remedy: ({ file, own }) =>
    own
      ? {
          safety: "safe",
          summary: `close \`${file}\` to others`,
          needsToken: false,
          steps: () => [planned("change", "safe", ID, { kind: "set-mode", file, mode: 0o600 })],
        }
      : null,
  examples: () => {
    const [identity] = sshDestination().identities;
    const open: IdentityFile = { ...(identity as IdentityFile), mode: 0o100644 };
    const stopped = (text: string) => {
      const saying = "permissions-too-open";
      const attempt = sshAttempt({ state: "refused", saying, offered: [], accepted: null, as: null, text });
      return { attempt, outcomes: [sshOutcome({ state: "refused", saying })] };
    };
    const key = stopped("Permissions 0644 for '/home/ana/.ssh/id_ed25519' are too open.");
    const config = stopped("Bad owner or permissions on /home/ana/.ssh/config");
    const intent = { push: false };
    return {
      broken: [
        {
          intent,
          ssh: ssh({
            destinations: [sshDestination({ identities: [open], attempt: key.attempt })],
            outcomes: key.outcomes,
          }),
        },
        {
          intent,
          ssh: ssh({
            destinations: [sshDestination({ attempt: config.attempt })],
            outcomes: config.outcomes,
          }),
        },
        // Another key is taken.
        { intent, ssh: ssh({ destinations: [sshDestination({ identities: [open] })] }) },
      ],
      healthy: [
        { intent, ssh: ssh() },
        {
          intent,
          ssh: ssh({
            destinations: [
              sshDestination({
                identities: [
                  { ...open, own: false },
                  { ...open, file: "C:\\Users\\ana\\.ssh\\id_ed25519" },
                ],
              }),
            ],
          }),
        },
      ],
    };
  },
});
