import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { Location } from "../core/setup.ts";
import { ssh, sshOutcome } from "./example-ssh.ts";
import { standsAt } from "./in-words.ts";
import { foundPerDestination, orUnknown, type SshFault } from "./ssh-evidence.ts";

interface Args {
  at: Location | null;
  reason: string;
}

/** `/home/ana/.ssh/config: line 3: Bad configuration option: foo`, as ssh says it; some of its versions with one colon. */
const NAMED = /^(\S[^\n]*?):? line (\d+): ([^\n]+)$/m;

function argsOf({ outcomes, destination }: SshFault): Args {
  const text = `${outcomes[0].text}\n${destination.attempt?.text ?? ""}`;
  const [, file, line, reason = ""] = NAMED.exec(text) ?? [];
  if (file === undefined) return { at: null, reason: "it does not say where" };
  return { at: { file, line: Number(line), scope: null }, reason: reason.trim() };
}

/** ssh ends at the first word it does not know. */
export const sshConfigUnreadable = defineCheck<"ssh" | "intent", Args>({
  id: "config-unreadable",
  title: "ssh cannot read its configuration",
  needs: ["ssh", "intent"],
  find: ({ ssh, intent }): readonly Found<Args>[] | CannotTell => {
    const found = foundPerDestination<Args>(ssh, intent, ["config-unreadable"], (fault) => {
      const args = argsOf(fault);
      return { args, location: args.at };
    });
    return orUnknown(found, ssh);
  },
  explain: ({ at, reason }) => ({
    what: `ssh cannot read ${standsAt(at) || "its configuration"}: ${reason}`,
    why: "ssh reads its configuration before it connects, and ends at a word it does not know; most often that is one of a newer ssh, or of the one on macOS",
    next: "mend the line or take it out; a line `IgnoreUnknown` with that word, before it, lets ssh pass it over where the file is used on several machines",
  }),
  typical: {
    at: { file: "~/.ssh/config", line: 3, scope: null },
    reason: "Bad configuration option: usekeychain",
  },
  examples: () => {
    const saying = "config-unreadable";
    const file = "/home/ana/.ssh/config";
    const text = `${file}: line 3: Bad configuration option: usekeychain\n${file}: terminating, 1 bad configuration options`;
    const stopped = (said: string) =>
      ssh({ outcomes: [sshOutcome({ state: "unknown", saying, text: said })] });
    const intent = { push: false };
    return {
      broken: [
        { intent, ssh: stopped(text) },
        { intent, ssh: stopped("") },
      ],
      healthy: [{ intent, ssh: ssh() }],
    };
  },
});
