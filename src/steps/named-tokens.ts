/**
 * Undo and the list of accounts. A token is undone by its own receipt, and the list may have gone on since: a token that
 * the list names stays, whatever brought it, and one that it does not name does not come back.
 */
import { basename, join } from "node:path";
import { accountsFile } from "../accounts/folders.ts";
import { namedTokens, tokenName } from "../formats/accounts.ts";
import { FileError } from "../world/ports.ts";
import type { HelperPlace } from "./call-helper.ts";
import { type FileChain, formatOfChain } from "./file-chain.ts";
import { moveOutOfHelper } from "./helper-moves.ts";
import type { Journal } from "./journal.ts";
import { isInKeychain } from "./keychain-place.ts";
import { moveFile } from "./move.ts";
import { Refusal, refusalFor } from "./refusal.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { HelperChain } from "./undo-helper.ts";

/** Why it is not taken away. */
export const NEEDED = "an account still has this token";

/** Why it does not come back. */
export const UNNAMED = "its account has another token now";

export type Chain = { file: FileChain } | { helper: HelperChain };

interface Kept {
  name: string;
  /** Whether it was there before the receipt. */
  was: boolean;
}

function tokenOf(chain: Chain): Kept | null {
  if ("file" in chain) {
    const { first, real } = chain.file;
    if (formatOfChain(chain.file) !== "token") return null;
    return { name: tokenName("file", basename(real)), was: first !== null };
  }
  const { place, intents } = chain.helper;
  if (!isInKeychain(place)) return null;
  return { name: tokenName("keychain", place.username), was: intents[0]?.before != null };
}

/** Names of the tokens that these brought or put aside. */
export function tokensMoved(chains: readonly Chain[]): ReadonlySet<string> {
  return new Set(chains.flatMap((chain) => tokenOf(chain)?.name ?? []));
}

/** The list of accounts, where these changed it. */
export function listAmong(chains: readonly Chain[]): FileChain | null {
  const files = chains.flatMap((chain) => ("file" in chain ? [chain.file] : []));
  return files.find((file) => formatOfChain(file) === "accounts") ?? null;
}

/** What a list names; null where it cannot be read. A list that is not there names nothing. */
function namesIn({ ports }: Journal, file: string): ReadonlySet<string> | null {
  try {
    return namedTokens(ports.files.read(file) ?? new Uint8Array());
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** A new token goes into no item of the keychain that an account has: somebody was quicker with a name that makes the same. */
export function mustBeFree(journal: Journal, place: HelperPlace): void {
  const list = isInKeychain(place) ? accountsFile(journal.ports.self) : null;
  if (list === null || !namesIn(journal, list)?.has(tokenName("keychain", place.username))) return;
  throw new Refusal(
    "changed-meanwhile",
    `\`${place.username}\` in the keychain was not changed: it has come to hold somebody else's token meanwhile`,
  );
}

/**
 * Whether taking this back would take a token from an account. Asked when the list has been undone: it was changed
 * after. What an undone list names is what was there before; `isListLeft`: it still names what is there now.
 */
export function isNeeded(
  journal: Journal,
  chains: readonly Chain[],
  chain: Chain,
  isListLeft: boolean,
): boolean {
  const token = tokenOf(chain);
  if (token === null || (token.was && !isListLeft)) return false;
  const list = listAmong(chains)?.real ?? accountsFile(journal.ports.self);
  return list !== null && (namesIn(journal, list)?.has(token.name) ?? false);
}

/** What the list named while the receipt was made, and names no more. */
function namesGone(journal: Journal, source: string, { real, intents }: FileChain): ReadonlySet<string> {
  const now = namesIn(journal, real);
  if (now === null) return new Set();
  const before = intents.flatMap(({ backup }) =>
    backup === null ? [] : [...(namesIn(journal, join(source, "backups", backup)) ?? [])],
  );
  return new Set(before).difference(now);
}

async function removeAgain(journal: Journal, chain: Chain): Promise<void> {
  if ("helper" in chain) return void (await moveOutOfHelper(journal, chain.helper.place));
  const { file, real } = chain.file;
  const before = takeSnapshot(journal.ports.files, real);
  if (before === null) return;
  const place = { file, real, missing: [] };
  await moveFile(journal, { place, format: "token", before, after: null, confirm: false });
}

/** Takes out again what was brought back for no account; says which. `source`: the folder of the receipt. */
export async function dropUnnamed(
  journal: Journal,
  chains: readonly Chain[],
  source: string,
): Promise<ReadonlySet<Chain>> {
  const list = listAmong(chains);
  const gone = list === null ? new Set() : namesGone(journal, source, list);
  const dropped = new Set<Chain>();
  for (const chain of chains) {
    const token = tokenOf(chain);
    if (!token?.was || !gone.has(token.name)) continue;
    try {
      await removeAgain(journal, chain);
      dropped.add(chain);
    } catch (error) {
      // Then it is back, which is what its result says.
      if (!(refusalFor(error, "") instanceof Refusal)) throw error;
    }
  }
  return dropped;
}
