import { isAbsolute, join } from "node:path";
import type { Room } from "./room.ts";

type Where = Pick<Room, "env" | "home">;

function folder({ env, home }: Where, variable: string, usual: string): string | null {
  const chosen = env[variable];
  if (chosen && isAbsolute(chosen)) return join(chosen, "git-rekey");
  // In a home that is named from the folder Git is called in, everybody's list would be at home.
  return home !== null && isAbsolute(home) ? join(home, usual, "git-rekey") : null;
}

/** The list of accounts: in `$XDG_CONFIG_HOME`, or `~/.config`. Null where there is no home. */
export function accountsFile(where: Where): string | null {
  const config = folder(where, "XDG_CONFIG_HOME", ".config");
  return config === null ? null : join(config, "accounts.json");
}

/** The folder of tokens kept in files: in `$XDG_DATA_HOME`, or `~/.local/share`. */
export function tokensFolder(where: Where): string | null {
  const data = folder(where, "XDG_DATA_HOME", ".local/share");
  return data === null ? null : join(data, "tokens");
}

/** What the helper remembers of its answers: in `$XDG_STATE_HOME`, or `~/.local/state`. */
export function answersFolder(where: Where): string | null {
  const state = folder(where, "XDG_STATE_HOME", ".local/state");
  return state === null ? null : join(state, "answers");
}

/** What stands only while a command of ours runs, so that the next one finds it if that one was killed. */
export function standingFolder(where: Where): string | null {
  const state = folder(where, "XDG_STATE_HOME", ".local/state");
  return state === null ? null : join(state, "standing");
}
