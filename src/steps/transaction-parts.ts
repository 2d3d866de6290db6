/** What a transaction is given. */
import type { Receipt } from "../core/receipt.ts";
import type { Edited } from "../formats/edited.ts";
import type { Action, FileFormat } from "./journal.ts";

export interface About {
  action: Action;
  target: string;
  /** Of git-rekey. */
  version: string;
  /** For an undo: the receipt it takes back. */
  undoes?: number;
}

/** What the caller adds to a receipt. */
export type ReceiptParts = Partial<Pick<Receipt, "proven" | "left" | "todo" | "helpers" | "changed">>;

/** An edit by itself. */
export interface FileEdit {
  format: FileFormat;
  /** In the past tense, for the receipt; free of secrets. */
  what: string;
  edit(bytes: Uint8Array): Edited;
  /** The file's mode afterwards; as it was where none is given. */
  mode?: number;
  /** See `Move`. */
  lent?: "before" | "after";
}
