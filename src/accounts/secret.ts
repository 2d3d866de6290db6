/** Fetches a token from where its account says it is. */
import { join } from "node:path";
import type { Account, SecretPlace } from "../core/account.ts";
import { hasControl } from "../core/account-file.ts";
import { KeychainError } from "../world/ports.ts";
import { tokensFolder } from "./folders.ts";
import { readOwnFile } from "./own-file.ts";
import type { Room } from "./room.ts";

/** The token, or why there is none, as the rest of a sentence: "…: `pass` ended with 1". */
export type Fetched = { secret: string } | { trouble: string };

/** Milliseconds. Some of these programs wait for a fingerprint; one that hangs must not hang Git for ever. */
const PATIENCE = 30_000;

/** `GIT_REKEY_COMMAND_TIMEOUT`, in seconds. */
function patience({ env }: Room): number {
  const seconds = Number(env.GIT_REKEY_COMMAND_TIMEOUT);
  return seconds > 0 && seconds <= 600 ? seconds * 1000 : PATIENCE;
}

/** One line, whatever ends it. Anything else is no token, or not only a token. */
function onlyLine(text: string, who: string): Fetched {
  const end = text.endsWith("\r\n") ? 2 : Number(text.endsWith("\n"));
  const line = text.slice(0, text.length - end);
  if (line === "") return { trouble: `${who} gave nothing` };
  if (!hasControl(line)) return { secret: line };
  return line.includes("\n") || line.includes("\r")
    ? { trouble: `${who} gave more than one line, and must give the token alone` }
    : { trouble: `${who} gave something that is no token` };
}

function fromFile(room: Room, name: string): Fetched {
  const folder = tokensFolder(room);
  if (folder === null) return { trouble: "`HOME` is not set, so there is no folder of tokens" };
  const file = join(folder, name);
  const read = readOwnFile(room, file);
  if ("missing" in read) return { trouble: `\`${file}\` is not there` };
  return "trouble" in read ? read : onlyLine(read.text, `\`${file}\``);
}

function fromEnv({ env }: Room, name: string): Fetched {
  const value = env[name];
  return value === undefined ? { trouble: `\`${name}\` is not set here` } : onlyLine(value, `\`${name}\``);
}

async function fromKeychain(room: Room, name: string): Promise<Fetched> {
  try {
    const secret = await (await room.keychain()).get(name);
    return secret === null
      ? { trouble: `the keychain is locked, or has no item \`${name}\`` }
      : onlyLine(secret, "the keychain");
  } catch (error) {
    if (error instanceof KeychainError) return { trouble: error.message };
    throw error;
  }
}

async function fromCommand(room: Room, argv: readonly string[]): Promise<Fetched> {
  const who = `\`${argv[0]}\``;
  const limit = patience(room);
  // Not in the folder Git was called in: what is there is the repository's doing.
  const result = await room.run(argv, room.home ?? "/", limit);
  if (result === null) return { trouble: `${who} cannot be started` };
  if (result.timedOut) return { trouble: `${who} did not answer within ${limit / 1000} seconds` };
  if (result.code !== 0) return { trouble: `${who} ended with ${result.code ?? "a signal"}` };
  return onlyLine(result.stdout, who);
}

function fetch(room: Room, place: SecretPlace): Fetched | Promise<Fetched> {
  switch (place.kind) {
    case "file":
      return fromFile(room, place.name);
    case "env":
      return fromEnv(room, place.name);
    case "keychain":
      return fromKeychain(room, place.name);
    case "command":
      return fromCommand(room, place.argv);
  }
}

/** Never throws for what a person can mend; the trouble never repeats anything of the secret. */
export async function fetchSecret(room: Room, { secret }: Pick<Account, "secret">): Promise<Fetched> {
  return fetch(room, secret);
}
