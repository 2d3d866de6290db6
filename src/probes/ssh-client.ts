/** Which program Git runs for SSH, and how it would be run with other options before its own. */
import { isTrue } from "../core/git-rules.ts";
import { quoteForShell } from "../core/shell-word.ts";
import type { SshClient } from "../core/ssh.ts";
import { onlyChoosesKey } from "../core/ssh-command.ts";
import { mask } from "../core/url.ts";
import type { RawEntry } from "./config.ts";
import type { Eyes } from "./world.ts";

/** The program, with the way to run it. */
export interface SshProgram {
  client: SshClient;
  /** Null where it is not run: then `why`. `options` come before all that the command itself brings. */
  argv: ((options: readonly string[], args: readonly string[]) => string[]) | null;
  why: string | null;
}

type Named = Pick<SshClient, "from" | "entry"> & { command: string };

/** As `connect.c` looks for it. */
function nameClient({ self }: Eyes, config: readonly RawEntry[]): Named {
  const { GIT_SSH_COMMAND, GIT_SSH } = self.env;
  if (GIT_SSH_COMMAND !== undefined)
    return { command: GIT_SSH_COMMAND, from: "GIT_SSH_COMMAND", entry: null };
  const set = config.findLast(({ entry }) => entry.section === "core" && entry.name === "sshcommand");
  if (set?.rawValue) return { command: set.rawValue, from: "core.sshCommand", entry: set.entry };
  if (GIT_SSH !== undefined) return { command: GIT_SSH, from: "GIT_SSH", entry: null };
  return { command: "ssh", from: "PATH", entry: null };
}

/** Variables set to plain values, a program by its plain or quoted name, and whatever it is given. */
const SIMPLE = /^\s*((?:\w+=[\w./:@-]*\s+)*(?:"[^"$`\\]+"|'[^']+'|[^\s'"\\$`;&|<>()*?[#%=]+))(\s[\s\S]*)?$/;

/** Words after which comes another program, which our options would not reach. */
const BEFORE_PROGRAMS =
  /(?:^|[\s/])(?:exec|env|command|sudo|nice|nohup|time|timeout|proxychains4?|torsocks)$/;

/** What makes Git start a command through a shell (`run-command.c`). */
const FOR_SHELL = /[|&;<>()$`\\"' \t\n*?[#~=%]/;

const asProgram =
  (program: string): SshProgram["argv"] =>
  (options, args) => [program, ...options, ...args];

/** Git gives the command its own arguments as `"$@"`. */
function throughShell(command: string): SshProgram["argv"] {
  const [, head = "", tail = ""] = SIMPLE.exec(command) ?? [];
  if (head === "" || BEFORE_PROGRAMS.test(head) || /[;&|<>()`\n]/.test(tail)) return null;
  // Of an option that stands twice, ssh takes the first.
  return (options, args) => [
    "sh",
    "-c",
    `${head} ${options.map(quoteForShell).join(" ")}${tail} "$@"`,
    head,
    ...args,
  ];
}

function wayToRun({ from, command, entry }: Named, trusted: boolean): Pick<SshProgram, "argv" | "why"> {
  if (entry?.fromRepository && !trusted && !onlyChoosesKey(command)) {
    const why =
      "only this repository sets `core.sshCommand`, so it was not run (`--trust-repository` allows it)";
    return { argv: null, why };
  }
  if (from === "PATH" || from === "GIT_SSH" || !FOR_SHELL.test(command))
    return { argv: asProgram(command), why: null };
  const argv = throughShell(command);
  const why =
    argv === null ? `\`${mask(command)}\` is more than a program with its options, so it was not run` : null;
  return { argv, why };
}

/** What a shell ends with where there is no such program, or none it may run. */
const NO_PROGRAM: readonly (number | null)[] = [126, 127];

/** Finds the program and asks for its version; null where there is none. */
export async function findClient(
  eyes: Eyes,
  config: readonly RawEntry[],
  { cwd, trusted }: { cwd: string; trusted: boolean },
): Promise<SshProgram | null> {
  const named = nameClient(eyes, config);
  const way = wayToRun(named, trusted);
  const client = { ...named, command: mask(named.command), text: "", unasked: way.why, version: null };
  if (way.argv === null) return { client, ...way };
  const told = await eyes.ssh({ argv: way.argv(["-V"], []), cwd, timeout: 5000 });
  if (told === null || NO_PROGRAM.includes(told.code)) return null;
  const [text, major, minor] = /^OpenSSH(?:_for_Windows)?_(\d+)\.(\d+).*/m.exec(told.stderr) ?? [];
  if (text === undefined)
    return { client, argv: null, why: `Git runs \`${client.command}\` for SSH, which is no OpenSSH` };
  return { client: { ...client, text: text.trim(), version: [Number(major), Number(minor)] }, ...way };
}

/** Why Git may not use SSH, by the rules of its `transport.c`; null where it may. */
export function whyForbidden({ self }: Eyes, config: readonly RawEntry[]): string | null {
  const allowed = self.env.GIT_ALLOW_PROTOCOL;
  if (allowed !== undefined)
    return allowed.split(":").includes("ssh") ? null : "`GIT_ALLOW_PROTOCOL` does not name `ssh`";
  const said = (subsection: string | null) =>
    config.findLast(
      ({ entry, rawSubsection }) =>
        entry.section === "protocol" && rawSubsection === subsection && entry.name === "allow",
    );
  const rule = said("ssh") ?? said(null);
  if (rule?.rawValue === "never") return `\`${rule.entry.key}\` is \`never\``;
  const byUser = isTrue(self.env.GIT_PROTOCOL_FROM_USER ?? null);
  return rule?.rawValue === "user" && !byUser
    ? `\`${rule.entry.key}\` is \`user\`, and \`GIT_PROTOCOL_FROM_USER\` says no`
    : null;
}
