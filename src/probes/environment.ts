import { isAbsolute } from "node:path";
import { isTrue } from "../core/git-rules.ts";
import type { Environment } from "../core/setup.ts";
import { mask } from "../core/url.ts";
import type { RawEntry } from "./config.ts";
import type { Eyes } from "./world.ts";

/** Variables that change how Git signs in. Their values are shown masked; `GIT_CONFIG_VALUE_n` not at all. */
const NAMES = [
  "GIT_ASKPASS",
  "SSH_ASKPASS",
  "GIT_TERMINAL_PROMPT",
  "GIT_CONFIG_COUNT",
  "GIT_CONFIG_PARAMETERS",
  "GIT_CONFIG_GLOBAL",
  "GIT_CONFIG_SYSTEM",
  "GIT_CONFIG_NOSYSTEM",
  "GIT_SSL_NO_VERIFY",
  "GIT_SSL_CAINFO",
  "GIT_EXEC_PATH",
  "GIT_DIR",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "DBUS_SESSION_BUS_ADDRESS",
  "VSCODE_GIT_IPC_HANDLE",
] as const;

const HIDDEN = new Set(["GIT_CONFIG_PARAMETERS"]);

function readVariables(eyes: Eyes): Environment["variables"] {
  const found: { name: string; value: string }[] = [];
  for (const name of NAMES) {
    const value = eyes.self.env[name];
    if (value !== undefined) found.push({ name, value: HIDDEN.has(name) ? "" : mask(value) });
  }
  return found;
}

function findProgram(eyes: Eyes, program: string): string | null {
  if (isAbsolute(program)) return eyes.files.resolve(program);
  for (const folder of (eyes.self.env.PATH ?? "").split(":")) {
    const found = folder === "" ? null : eyes.files.resolve(`${folder}/${program}`);
    if (found !== null) return found;
  }
  return null;
}

function whyBroken(eyes: Eyes, program: string): string | null {
  const path = findProgram(eyes, program);
  if (path === null) return "there is no such program";
  const facts = eyes.files.facts(path);
  if (facts?.kind !== "file") return "it is not a program";
  if ((facts.mode & 0o111) === 0) return "it may not be executed";
  const socket = eyes.self.env.VSCODE_GIT_IPC_HANDLE;
  if (
    /vscode|code-server|askpass(-empty)?\.sh$/.test(program) &&
    socket &&
    eyes.files.facts(socket) === null
  ) {
    return `the editor it asks is gone (\`${socket}\` does not exist)`;
  }
  return null;
}

/** The program Git would ask: `GIT_ASKPASS`, `core.askPass`, `SSH_ASKPASS`, in this order; set but empty ends the search. */
function readAskpass(eyes: Eyes, config: readonly RawEntry[]): Environment["askpass"] {
  const configured = config.filter((raw) => raw.entry.key === "core.askpass").at(-1);
  const candidates: [string | null | undefined, string][] = [
    [eyes.self.env.GIT_ASKPASS, "GIT_ASKPASS"],
    [configured?.rawValue, "core.askPass"],
    [eyes.self.env.SSH_ASKPASS, "SSH_ASKPASS"],
  ];
  const first = candidates.find(([program]) => program !== undefined && program !== null);
  if (!first?.[0]) return null;
  const reason = whyBroken(eyes, first[0]);
  return { program: mask(first[0]), from: first[1], works: reason === null, reason };
}

export function readEnvironment(eyes: Eyes, config: readonly RawEntry[], hasTerminal: boolean): Environment {
  return {
    variables: readVariables(eyes),
    hasTerminal: hasTerminal && isTrue(eyes.self.env.GIT_TERMINAL_PROMPT ?? null),
    home: eyes.self.home,
    platform: eyes.self.platform,
    askpass: readAskpass(eyes, config),
  };
}
