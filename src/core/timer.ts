/** What makes a system tell of tokens that expire, once a day: its files and lines, as text. Pure. */

export type Scheduler = "systemd" | "launchd" | "cron";

export const SCHEDULERS: readonly Scheduler[] = ["systemd", "launchd", "cron"];

/** What is run. */
export interface TimerJob {
  /** Program and arguments. */
  argv: readonly string[];
  /** What the scheduler would not set and the program needs. */
  env: Readonly<Record<string, string>>;
  /** Its result goes to a file that somebody watches: exit code 1 is no failure then, and no news. */
  isWatched: boolean;
}

export const UNIT = "git-rekey-expiring";

export const LABEL = "org.git-rekey.expiring";

const DESCRIPTION = "Tell which Bitbucket tokens expire soon (git-rekey)";

/** Nobody's full hour, when people are at work. */
const AT = { hour: 9, minute: 17 } as const;

/** As a word of systemd: quoted, with its own specifiers and variables switched off. */
function systemdWord(word: string): string {
  return `"${word.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%").replaceAll("$", "$$$$")}"`;
}

export function systemdService({ argv, env, isWatched }: TimerJob): string {
  const variables = Object.entries(env).map(
    ([name, value]) => `Environment="${name}=${value.replace(/[\\"]/g, "\\$&").replaceAll("%", "%%")}"\n`,
  );
  return `[Unit]
Description=${DESCRIPTION}

[Service]
Type=oneshot
${variables.join("")}ExecStart=${argv.map(systemdWord).join(" ")}
${isWatched ? "SuccessExitStatus=1\n" : ""}`;
}

export function systemdTimer(): string {
  return `[Unit]
Description=${DESCRIPTION}

[Timer]
OnCalendar=*-*-* ${String(AT.hour).padStart(2, "0")}:${AT.minute}:00
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
`;
}

function xml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function launchdPlist({ argv, env }: TimerJob): string {
  const words = argv.map((word) => `    <string>${xml(word)}</string>\n`).join("");
  const variables = Object.entries(env)
    .map(([name, value]) => `    <key>${xml(name)}</key>\n    <string>${xml(value)}</string>\n`)
    .join("");
  const environment =
    variables === "" ? "" : `  <key>EnvironmentVariables</key>\n  <dict>\n${variables}  </dict>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${LABEL}</string>
  <key>ProgramArguments</key>
  <array>
${words}  </array>
${environment}  <key>StartCalendarInterval</key>
  <dict>
    <key>Hour</key>
    <integer>${AT.hour}</integer>
    <key>Minute</key>
    <integer>${AT.minute}</integer>
  </dict>
</dict>
</plist>
`;
}

/** The line above ours, by which it is found again. */
const MARK = `# ${UNIT}: \`git rekey token expiring --remove-timer\` takes this line and the next away`;

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Two lines. In a crontab a bare `%` would end the command. */
export function cronBlock({ argv, env, isWatched }: TimerJob): string {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${shellWord(value)}`);
  const silence = isWatched ? [">/dev/null"] : [];
  const command = [...variables, ...argv.map(shellWord), ...silence].join(" ").replaceAll("%", "\\%");
  return `${MARK}\n${AT.minute} ${AT.hour} * * * ${command}\n`;
}

const BLOCK = new RegExp(`^# ${UNIT}: [^\\n]*\\n[^\\n]*(?:\\n|$)`, "m");

/** Our lines in a crontab; null where they are not. */
export function blockIn(crontab: string): string | null {
  return BLOCK.exec(crontab)?.[0] ?? null;
}

/** All other lines stay as they are, byte for byte. */
export function withBlock(crontab: string, block: string): string {
  if (BLOCK.test(crontab)) return crontab.replace(BLOCK, () => block);
  return `${crontab}${crontab === "" || crontab.endsWith("\n") ? "" : "\n"}${block}`;
}

export function withoutBlock(crontab: string): string {
  return crontab.replace(BLOCK, "");
}
