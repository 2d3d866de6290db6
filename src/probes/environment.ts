import { isTrue } from "../core/git-rules.ts";
import type { Environment } from "../core/setup.ts";
import { mask } from "../core/url.ts";
import { readAskpass } from "./askpass.ts";
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
  "INTELLIJ_GIT_ASKPASS_HANDLER",
  "TERMINAL_EMULATOR",
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

export function readEnvironment(eyes: Eyes, config: readonly RawEntry[], hasTerminal: boolean): Environment {
  return {
    variables: readVariables(eyes),
    hasTerminal: hasTerminal && isTrue(eyes.self.env.GIT_TERMINAL_PROMPT ?? null),
    home: eyes.self.home,
    platform: eyes.self.platform,
    askpass: readAskpass(eyes, config),
  };
}
