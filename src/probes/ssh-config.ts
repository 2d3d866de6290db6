/** What `ssh -G` prints: the whole configuration for one host, a setting a line. */
import type { SshDestination } from "../core/ssh.ts";
import { mask } from "../core/url.ts";
import type { Self } from "../world/ports.ts";

type Resolved = SshDestination["resolved"];

/** The configuration for one destination, with what only probes need. */
export interface SshSettings {
  resolved: Resolved;
  /** Paths, `~` and the like resolved, in ssh's order. */
  identityFiles: readonly string[];
  /** Which hosts ssh lets in by itself: none, those it has not met, or all. */
  lets: "none" | "new" | "all";
}

/** A setting may stand several times. */
function settingsIn(text: string): ReadonlyMap<string, readonly string[]> {
  const settings = new Map<string, string[]>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^(\S+) (.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    const key = name.toLowerCase();
    settings.set(key, [...(settings.get(key) ?? []), value]);
  }
  return settings;
}

/** `~`, `%d` and the like, and `${NAME}`, which `ssh -G` prints as they are written. */
function expandPath(path: string, self: Self, { hostname, user, port }: Resolved): string {
  const home = self.sshHome() ?? "~";
  const letters: Readonly<Record<string, string>> = {
    "%": "%",
    d: home,
    h: hostname,
    i: String(self.uid ?? ""),
    l: self.host,
    p: String(port),
    r: user,
    u: self.user,
  };
  const whole = path === "~" || path.startsWith("~/") ? home + path.slice(1) : path;
  return whole
    .replace(/\$\{(\w+)\}/g, (written, name) => self.env[name] ?? written)
    .replace(/%(.)/g, (written, letter) => letters[letter] ?? written);
}

/** The socket of the agent; `SSH_AUTH_SOCK` and `$NAME` stand for what a variable names. */
function agentOf(written: string | undefined, self: Self, resolved: Resolved): string | null {
  if (written === "none") return null;
  if (written === undefined || written === "SSH_AUTH_SOCK") return self.env.SSH_AUTH_SOCK || null;
  if (written.startsWith("$") && !written.startsWith("${")) return self.env[written.slice(1)] || null;
  return expandPath(written, self, resolved);
}

function viaOf(command: string | undefined, jump: string | undefined): Resolved["via"] {
  if (jump !== undefined && jump !== "none") return { kind: "proxy-jump", text: mask(jump) };
  return command === undefined || command === "none" ? null : { kind: "proxy-command", text: mask(command) };
}

const LETS: Readonly<Record<string, SshSettings["lets"]>> = {
  no: "all",
  false: "all",
  off: "all",
  "accept-new": "new",
};

/** Paths stand in one line with blanks between them; one with a blank in it cannot be told from two. */
function pathsIn(lines: readonly string[], self: Self, resolved: Resolved): string[] {
  return lines
    .flatMap((line) => line.split(" "))
    .filter((path) => path !== "" && path !== "none")
    .map((path) => expandPath(path, self, resolved));
}

/** Reads the answer of `ssh -G`; null where it is none. */
export function readSettings(text: string, self: Self): SshSettings | null {
  const settings = settingsIn(text);
  const one = (name: string) => settings.get(name)?.[0];
  const [hostname, user] = [one("hostname"), one("user")];
  if (hostname === undefined || user === undefined) return null;
  const bare: Resolved = {
    hostname: hostname.toLowerCase(),
    user,
    port: Number(one("port") ?? 22),
    hostKeyAlias: one("hostkeyalias") ?? null,
    via: viaOf(one("proxycommand"), one("proxyjump")),
    identitiesOnly: one("identitiesonly") === "yes",
    agent: null,
    knownHostsFiles: [],
  };
  const known = ["userknownhostsfile", "globalknownhostsfile"].flatMap((name) => settings.get(name) ?? []);
  return {
    resolved: {
      ...bare,
      agent: agentOf(one("identityagent"), self, bare),
      knownHostsFiles: pathsIn(known, self, bare),
    },
    identityFiles: (settings.get("identityfile") ?? [])
      .filter((path) => path !== "none")
      .map((path) => expandPath(path, self, bare)),
    lets: LETS[one("stricthostkeychecking") ?? ""] ?? "none",
  };
}
