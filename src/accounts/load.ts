import { type AccountList, NO_ACCOUNTS } from "../core/account.ts";
import { readAccounts } from "../core/account-file.ts";
import { accountsFile } from "./folders.ts";
import { readOwnFile } from "./own-file.ts";
import type { Room } from "./room.ts";

/** The list, empty where there is no file; or one sentence that says why it cannot be used. */
export type Loaded = { list: AccountList } | { trouble: string };

export function loadAccounts(room: Pick<Room, "files" | "uid" | "env" | "home">): Loaded {
  const file = accountsFile(room);
  if (file === null) return { list: NO_ACCOUNTS };
  const read = readOwnFile(room, file);
  if ("missing" in read) return { list: NO_ACCOUNTS };
  if ("trouble" in read) return read;
  const accounts = readAccounts(read.text);
  return accounts.ok ? { list: accounts.list } : { trouble: `\`${file}\` ${accounts.reason}` };
}
