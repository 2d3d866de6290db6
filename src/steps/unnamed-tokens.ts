/**
 * An account that somebody has added anew keeps its newer token when the old one's removal is taken back. The old token
 * must not come back either then: it would be a secret that nothing names.
 */
import { basename, join } from "node:path";
import { namedTokens } from "../formats/accounts.ts";
import { type FileChain, formatOfChain } from "./file-chain.ts";
import { moveOutOfHelper } from "./helper-moves.ts";
import type { Journal } from "./journal.ts";
import { isInKeychain } from "./keychain-place.ts";
import { moveFile } from "./move.ts";
import { takeSnapshot } from "./snapshot.ts";
import type { HelperChain } from "./undo-helper.ts";

const REASON = "its account has another token now";

/** Names that the list had while this receipt was made and has no more. `source`: the folder of that receipt. */
function namesGone({ ports }: Journal, files: readonly FileChain[], source: string): ReadonlySet<string> {
  const list = files.find((chain) => formatOfChain(chain) === "accounts");
  const now = list && namedTokens(ports.files.read(list.real) ?? new Uint8Array());
  if (!list || !now) return new Set();
  const backups = list.intents.flatMap(({ backup }) => {
    const bytes = backup === null ? null : ports.files.read(join(source, "backups", backup));
    return [...((bytes && namedTokens(bytes)) ?? [])];
  });
  return new Set(backups.filter((name) => !now.has(name)));
}

async function removeFile(journal: Journal, { file, real }: FileChain): Promise<void> {
  const before = takeSnapshot(journal.ports.files, real);
  if (before === null) return;
  const place = { file, real, missing: [] };
  await moveFile(journal, { place, format: "token", before, after: null, confirm: false });
}

/** Takes out again what was brought back for no account. Gives the reason for each such file and keychain item. */
export async function dropUnnamed(
  journal: Journal,
  files: readonly FileChain[],
  helpers: readonly HelperChain[],
  source: string,
): Promise<{ file(chain: FileChain): string | null; helper(chain: HelperChain): string | null }> {
  const gone = namesGone(journal, files, source);
  const lostFiles = files.filter(
    (chain) => formatOfChain(chain) === "token" && chain.first !== null && gone.has(basename(chain.real)),
  );
  const lostItems = helpers.filter(
    ({ place, intents }) => isInKeychain(place) && intents[0]?.before && gone.has(place.username),
  );
  for (const chain of lostFiles) await removeFile(journal, chain);
  for (const { place } of lostItems) await moveOutOfHelper(journal, place);
  return {
    file: (chain) => (lostFiles.includes(chain) ? REASON : null),
    helper: (chain) => (lostItems.includes(chain) ? REASON : null),
  };
}
