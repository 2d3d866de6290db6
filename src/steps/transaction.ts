import { digestOf } from "../accounts/digest.ts";
import type { HelperStep, RegisterStep } from "../core/plan.ts";
import {
  describeStep,
  type FileChange,
  type HelperChange,
  type Receipt,
  type ReceiptState,
} from "../core/receipt.ts";
import type { Scheduler } from "../core/timer.ts";
import { FileError } from "../world/ports.ts";
import { beginningOfProcess } from "../world/processes.ts";
import { entryFormatOf, hashOfEntries } from "./entries.ts";
import { moveIntoHelper, moveOutOfHelper } from "./helper-moves.ts";
import { remarkOnErased } from "./helper-rest.ts";
import { type FileFormat, HOLDS_SECRETS, Journal } from "./journal.ts";
import { mergeChanges } from "./merge-changes.ts";
import { moveFile } from "./move.ts";
import { mustBeFree } from "./named-tokens.ts";
import { patiently } from "./patiently.ts";
import { locate } from "./place.ts";
import {
  type AnyFileStep,
  type Fresh,
  type FreshSsh,
  formatOf,
  modeOf,
  NO_SSH,
  previewFileSteps,
} from "./preview.ts";
import { writeReceipt } from "./receipts.ts";
import { Refusal, refusalFor } from "./refusal.ts";
import { type Rest, registerKey } from "./register-key.ts";
import { renumber } from "./renumber.ts";
import { restoreAll } from "./restore.ts";
import { placeInSchedule } from "./schedule-place.ts";
import { snapshotOf, takeSnapshot } from "./snapshot.ts";
import { type Ports, takeId } from "./state-folder.ts";
import type { About, FileEdit, ReceiptParts } from "./transaction-parts.ts";

/** What we last left in a file. */
interface Touched {
  file: string;
  hash: string | null;
  /** Hash of its entries in alphabetical order; null for files that are no lists. */
  entries: string | null;
  format: FileFormat | null;
  steps: readonly AnyFileStep[];
}

function changed(file: string, before: string | null, after: string | null, what: string): FileChange {
  return { file, before, after, what, state: "changed", reason: null };
}

/** A run that changes files and helpers, one after the other, each journaled before it happens. */
export class Transaction {
  private readonly changes: FileChange[] = [];
  private readonly helperChanges: HelperChange[] = [];
  private readonly touched = new Map<string, Touched>();
  private readonly at: string;
  private rest: Rest | null = null;

  /** Use `openTransaction`. */
  constructor(
    readonly journal: Journal,
    private readonly about: About,
  ) {
    this.at = new Date(journal.ports.self.now()).toISOString();
  }

  /** Its number, for `git rekey undo`. */
  get id(): number {
    return this.journal.id;
  }

  begin(): void {
    const { action, target, version, undoes = null } = this.about;
    const { pid, host } = this.journal.ports.self;
    const { at } = this;
    this.journal.add({
      k: "begin",
      schema: "git-rekey/journal@1",
      version,
      pid,
      began: beginningOfProcess(pid),
      host,
      at,
      action,
      target,
      undoes,
    });
  }

  /**
   * Carries out steps on one file in one atomic replacement. `steps` name entries as they were when planned. Throws a
   * `Refusal` and leaves the file as it was when it cannot.
   */
  async changeFile(
    file: string,
    steps: readonly AnyFileStep[],
    newToken: string | null,
    ssh: FreshSsh = NO_SSH,
  ): Promise<FileChange> {
    try {
      const digest = newToken === null ? null : digestOf(newToken);
      const fresh = { token: newToken, digest, at: this.at, ...ssh };
      const change = await this.changePatiently(file, steps, fresh);
      this.changes.push(change);
      return change;
    } catch (error) {
      throw refusalFor(error, `\`${file}\` was not changed`);
    }
  }

  /**
   * An edit that no plan has: it is made from the file as it is at that moment. Throws a `Refusal` and leaves the file
   * as it was when it cannot.
   */
  async editFile(file: string, { format, what, edit, mode, lent }: FileEdit): Promise<FileChange> {
    try {
      return await patiently(entryFormatOf(format) !== null, async () => {
        const place = locate(this.journal.ports, file, true);
        const before = takeSnapshot(this.journal.ports.files, place.real);
        const edited = edit(before?.bytes ?? new Uint8Array());
        if (!edited.ok)
          throw new Refusal("entry-missing", `\`${file}\` was not changed: it ${edited.reason}`);
        const after = snapshotOf(edited.bytes, before, mode ?? before?.mode ?? 0o600);
        const move = { place, format, before, after, confirm: format === "git-config" };
        await moveFile(this.journal, lent === undefined ? move : { ...move, lent });
        const change = changed(file, before?.hash ?? null, after.hash, what);
        this.changes.push(change);
        return change;
      });
    } catch (error) {
      throw refusalFor(error, `\`${file}\` was not changed`);
    }
  }

  /** A list has many writers. Steps name its entries by what they are, so whoever comes second reads it again. */
  private changePatiently(file: string, steps: readonly AnyFileStep[], fresh: Fresh): Promise<FileChange> {
    return patiently(entryFormatOf(formatOf(steps)) !== null, () => this.change(file, steps, fresh));
  }

  private async change(file: string, planned: readonly AnyFileStep[], fresh: Fresh): Promise<FileChange> {
    const { files } = this.journal.ports;
    const format = formatOf(planned);
    const secret = HOLDS_SECRETS.has(format);
    const place = locate(this.journal.ports, file, secret);
    const before = takeSnapshot(files, place.real);
    const earlier = this.touched.get(place.real);
    if (earlier && earlier.entries === null && earlier.hash !== (before?.hash ?? null))
      throw new Refusal(
        "changed-meanwhile",
        `\`${file}\` was not changed: somebody else wrote to it meanwhile`,
      );
    const steps = renumber(planned, earlier?.steps ?? []);
    const edited = previewFileSteps(before?.bytes ?? null, steps, fresh);
    if (!edited.ok) throw new Refusal("entry-missing", `\`${file}\` was not changed: it ${edited.reason}`);
    const after =
      edited.bytes === null ? null : snapshotOf(edited.bytes, before, modeOf(steps, before, secret));
    const hash = after?.hash ?? null;
    const change = changed(
      file,
      before?.hash ?? null,
      hash,
      [...new Set(steps.map(describeStep))].join("; "),
    );
    if (hash === change.before && after?.mode === before?.mode)
      return { ...change, what: "was already so", state: "already-as-before" };
    await moveFile(this.journal, { place, format, before, after, confirm: format === "git-config" });
    this.touched.set(place.real, {
      file,
      hash,
      entries: hashOfEntries(format, edited.bytes),
      format,
      steps: [...(earlier?.steps ?? []), ...planned],
    });
    return change;
  }

  /**
   * Tells one helper, and no other, to keep the new token or to forget a user name. Throws a `Refusal` when the helper
   * does not do it.
   */
  async callHelper(step: HelperStep, newToken: string | null): Promise<HelperChange> {
    const { helper, host, path, username } = step;
    const place = { helper, host, path, username };
    try {
      let change: HelperChange = { helper, what: describeStep(step), state: "erased", reason: null };
      if (step.kind === "helper-store") {
        if (newToken === null)
          throw new Refusal("helper-failed", `\`${helper}\` was not called: there is no new token`);
        mustBeFree(this.journal, place);
        await moveIntoHelper(this.journal, place, newToken);
        change = { ...change, state: "stored" };
      } else {
        const given = await moveOutOfHelper(this.journal, place);
        change = { ...change, reason: await remarkOnErased(this.journal.ports, place, given) };
      }
      this.helperChanges.push(change);
      return change;
    } catch (error) {
      throw refusalFor(error, `what \`${helper}\` keeps was not changed`);
    }
  }

  /** Notes the files that what comes counts on without changing them, so that they are not taken from under it. */
  reliesOn(files: readonly string[]): void {
    const reals = files.flatMap((file) => this.journal.ports.files.resolve(file) ?? []);
    if (reals.length > 0) this.journal.add({ k: "relies", reals });
  }

  /** Adds a public key to a repository at Bitbucket. Throws a `Refusal` where it is not taken. */
  async register(step: RegisterStep, rest: Rest): Promise<HelperChange> {
    this.rest = rest;
    try {
      const change = await registerKey(this.journal, rest, step);
      this.helperChanges.push(change);
      return change;
    } catch (error) {
      throw refusalFor(error, "the key was not added at Bitbucket");
    }
  }

  /** Has a scheduler run what `entry` says, or, with null, no more. Throws a `Refusal` when it does not do it. */
  async schedule(scheduler: Scheduler, entry: string | null): Promise<HelperChange> {
    const place = placeInSchedule(scheduler);
    if (entry === null) await moveOutOfHelper(this.journal, place);
    else await moveIntoHelper(this.journal, place, entry);
    const change: HelperChange = {
      helper: place.helper,
      what: entry === null ? `took the timer out of ${scheduler}` : `gave the timer to ${scheduler}`,
      state: entry === null ? "erased" : "stored",
      reason: null,
    };
    this.helperChanges.push(change);
    return change;
  }

  /**
   * After real git ran: it may have written a file of its `store` helper again. Where it only moved lines, the file
   * still counts as ours, and undo restores it byte for byte.
   */
  settle(): void {
    for (const [real, touched] of this.touched) {
      try {
        this.settleFile(real, touched);
      } catch (error) {
        // Without this note undo judges the file line by line, which is only more work.
        if (!(error instanceof FileError)) throw error;
      }
    }
  }

  private settleFile(real: string, { file, hash, entries, format }: Touched): void {
    const now = entries === null ? null : takeSnapshot(this.journal.ports.files, real);
    if (now === null || now.hash === hash || hashOfEntries(format, now.bytes) !== entries) return;
    this.journal.add({ k: "settled", real, hash: now.hash });
    const last = this.changes.findLastIndex((change) => change.file === file && change.state === "changed");
    const change = this.changes[last];
    if (change) this.changes[last] = { ...change, after: now.hash };
  }

  /** Ends the run and writes its receipt. */
  close(parts: ReceiptParts = {}, state: ReceiptState = "applied"): Receipt {
    const receipt: Receipt = {
      schema: "git-rekey/receipt@1",
      tool: { name: "git-rekey", version: this.about.version },
      id: this.id,
      action: this.about.action,
      undoes: this.about.undoes ?? null,
      at: this.at,
      state,
      target: this.about.target,
      changed: mergeChanges(this.changes),
      helpers: this.helperChanges,
      proven: [],
      left: [],
      todo: [],
      ...parts,
    };
    try {
      writeReceipt(this.journal, receipt);
    } catch (error) {
      throw refusalFor(error, "the receipt was not written");
    }
    return receipt;
  }

  /** Takes back all that was done so far, and ends the run. Its state is `incomplete` where something could not be restored. */
  async rollBack(parts: ReceiptParts = {}): Promise<Receipt> {
    const records = [...this.journal.records];
    const { changed, helpers } = await restoreAll(this.journal, records, this.journal.folder, {
      rest: this.rest,
    });
    const whole =
      changed.every(({ state }) => state !== "left-alone") &&
      helpers.every(({ state }) => state !== "not-restored");
    return this.close({ ...parts, changed, helpers }, whole ? "rolled-back" : "incomplete");
  }
}

/** Begins a run: takes the next number and opens its journal. Throws a `Refusal` when there is no safe place for it. */
export function openTransaction(ports: Ports, about: About): Transaction {
  try {
    const journal = new Journal(ports, takeId(ports));
    ports.files.createFolder(`${journal.folder}/backups`, 0o700);
    const transaction = new Transaction(journal, about);
    transaction.begin();
    return transaction;
  } catch (error) {
    throw refusalFor(error, "nothing was changed");
  }
}
