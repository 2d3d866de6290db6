import { Refusal, type RefusalCode } from "./refusal.ts";

/** Milliseconds for which a list may be in others' hands. */
const PATIENCE = 10_000;

const BUSY: ReadonlySet<RefusalCode> = new Set(["changed-meanwhile", "lock-held"]);

/** Makes a change again as long as others are at a list: whoever comes second reads it anew. */
export async function patiently<T>(isList: boolean, change: () => Promise<T>): Promise<T> {
  for (const begun = performance.now(); ; ) {
    try {
      return await change();
    } catch (error) {
      const isBusy = error instanceof Refusal && BUSY.has(error.code);
      if (!isList || !isBusy || performance.now() - begun > PATIENCE) throw error;
    }
  }
}
