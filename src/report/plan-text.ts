import { reachText } from "../core/account.ts";
import { GIT_HOST } from "../core/bitbucket.ts";
import type { MadePlan } from "../core/make-plan.ts";
import { OS_KEYCHAIN, type PlannedStep, type Step } from "../core/plan.ts";
import type { Receipt } from "../core/receipt.ts";
import { isOverSsh } from "../core/remote-url.ts";
import { oneLine, type Paints, paints, type Style, wrap } from "./style.ts";
import { shortenHome, shortPath } from "./terminal.ts";

/** A step in the imperative, as a person would write it on a list. */
function stepText(step: Step, home: string | null): string {
  const file = "file" in step ? shortPath(step.file, home) : "";
  switch (step.kind) {
    case "set-config":
      return `set \`${step.entry.key}\` to \`${step.to}\` in ${file}`;
    case "unset-config":
      return `remove \`${step.entry.key}\` from ${file}`;
    case "add-config":
      return `add to ${file}: ${sectionText(step)}`;
    case "set-netrc":
      return `put the new token into the entry for \`${step.entry.machine ?? "default"}\` in ${file}, as \`${step.login}\``;
    case "drop-netrc":
      return `remove the entry for \`${step.entry.machine ?? "default"}\` from ${file}`;
    case "put-stored":
      return `store the new token for \`${step.username}\` in ${file}`;
    case "drop-stored":
      return `remove the old entry of \`${step.entry.username}\` from ${file}`;
    case "put-account":
      return `let git-rekey's helper answer for ${reachText(step.account.reach)}, as \`${step.account.name}\` (${file})`;
    case "drop-account":
      return `take \`${step.name}\` out of ${file}`;
    case "put-unrevoked":
      return `note in ${file} that the old token \`${step.revoke.name}\` is left to revoke`;
    case "drop-unrevoked":
      return `tick off \`${step.name}\` as revoked in ${file}`;
    case "put-token":
      return `write the new token into ${file}, which only you can read`;
    case "drop-token":
      return `remove ${file}, which holds the old token`;
    case "put-ssh-key":
      return step.half === "private"
        ? `write the new SSH key into ${file}, which only you can read`
        : `write its public half into ${file}`;
    case "add-known-hosts":
      return `add Bitbucket's published host keys for \`${step.host}\` to ${file}`;
    case "drop-known-host":
      return `remove a host key of \`${step.entry.host}\` from ${file} (${step.entry.fingerprint})`;
    case "add-ssh-host":
      return `add a \`Host ${step.block.host}\` block to ${file}`;
    case "register-key":
      return `add the new SSH key to \`${step.repository.workspace}/${step.repository.repository}\` at Bitbucket, as the access key \`${step.label}\``;
    case "set-mode":
      return `close ${file} to other users (mode ${step.mode.toString(8).padStart(4, "0")})`;
    case "helper-store":
      if (step.helper === OS_KEYCHAIN) return `put the new token into the keychain, as \`${step.username}\``;
      return `give the new token for \`${step.username}\` to the helper \`${step.helper}\``;
    case "helper-erase":
      if (step.helper === OS_KEYCHAIN) return `remove \`${step.username}\` from the keychain`;
      return `make the helper \`${step.helper}\` forget \`${step.username}\` at ${step.host}`;
    case "prove":
      return `run git for ${step.direction} with the ${newOf(step)} alone`;
    case "verify":
      if (step.through === "sourcetree")
        return `run Sourcetree's own git for ${step.direction}${step.remote === null ? "" : ` of \`${step.remote}\``}, asking its helpers and telling them nothing`;
      return `run git for ${step.direction}${step.remote === null ? "" : ` of \`${step.remote}\``} exactly as you do`;
    case "person":
      return step.what;
  }
}

/** What is proved: over SSH a key, else a token. */
function newOf({ url }: { url: string }): string {
  return isOverSsh(url) ? "SSH key" : "new token";
}

function sectionText(step: Extract<Step, { kind: "add-config" }>): string {
  const lines = step.lines.map(({ name, value }) => `${name} = ${value}`.trimEnd()).join("; ");
  return `\`[${step.section}${step.subsection === null ? "" : ` "${step.subsection}"`}] ${lines}\``;
}

const PHASE_WORDS: Readonly<Record<PlannedStep["phase"], string>> = {
  change: "change",
  prove: "prove",
  cleanUp: "clean up",
  verify: "verify",
};

/** The plan as a numbered list, by phase. Repeated proofs of one kind are one line. */
export function planText(
  { plan, where, displaced, unaccepted }: Omit<MadePlan, "plan"> & { plan: Pick<MadePlan["plan"], "steps"> },
  style: Style,
  home: string | null,
): string {
  const paint = paints(style);
  const lines = [paint.bold("The plan")];
  let number = 1;
  let phase: string | null = null;
  const seen = new Set<string>();
  for (const { step, phase: itsPhase, safety } of plan.steps) {
    const text = stepText(step, home);
    if (seen.has(text)) continue;
    seen.add(text);
    if (itsPhase !== phase) lines.push(`  ${paint.cyan(PHASE_WORDS[itsPhase])}`);
    phase = itsPhase;
    const head = `  ${String(number++).padStart(3)}. `;
    const body = wrap(
      text + (safety === "ask" ? " (you agreed to this one by name)" : ""),
      style.width - head.length,
    );
    lines.push(...body.map((line, i) => (i === 0 ? head : " ".repeat(head.length)) + line));
  }
  if (where !== null)
    lines.push("", ...wrap(shortenHome(`The new token will be kept ${where}.`, home), style.width));
  if (displaced !== null) lines.push(...wrap(displaced, style.width));
  for (const { id, summary } of unaccepted) {
    lines.push(
      "",
      ...wrap(
        `Not part of it: ${summary}. It touches more than Bitbucket's credential; \`--accept ${id}\` includes it.`,
        style.width,
      ),
    );
  }
  return shortenHome(`${lines.join("\n")}\n`, home);
}

type Row = [sign: string, text: string];

function fileRows(receipt: Receipt, paint: Paints, home: string | null): Row[] {
  return receipt.changed.map(({ file, what, state, reason }) =>
    state === "left-alone"
      ? [paint.yellow("!"), `${shortPath(file, home)} was left alone: ${reason ?? ""}`]
      : [paint.green("✓"), `${shortPath(file, home)}: ${what}`],
  );
}

function helperRows(receipt: Receipt, paint: Paints): Row[] {
  return receipt.helpers.map(({ helper, what, state, reason }) => {
    const isWhole = state === "restored" && reason === null;
    const isKey = helper === GIT_HOST;
    const done = isWhole ? `${what} is ${isKey ? "gone again" : "as it was before"}` : what;
    const kept = `${what} ${isKey ? "is still there" : "could not be put back"}`;
    const text = state === "not-restored" ? kept : done;
    return [
      state === "not-restored" ? paint.yellow("!") : paint.green("✓"),
      reason === null ? text : `${text}: ${reason}`,
    ];
  });
}

function proofRows(receipt: Receipt, paint: Paints): Row[] {
  const signs = { succeeded: paint.green("✓"), failed: paint.red("✗"), "not-run": paint.dim("·") };
  return receipt.proven.map(({ how, direction, remote, url, result, detail, through }) => {
    const of = remote === null ? "" : ` of \`${remote}\``;
    const words =
      through === "sourcetree"
        ? `Sourcetree's own git ${direction}${of}`
        : how === "prove"
          ? `git ${direction}${of} with the ${newOf({ url })} alone`
          : `git ${direction}${of} as you run it`;
    return [signs[result], `${words}: ${result}${detail === null ? "" : ` (${detail})`}`];
  });
}

/** What was left, but for what a row about a helper has said already. */
function leftOnly({ left, helpers }: Receipt): Receipt["left"] {
  return left.filter(
    ({ what, reason }) => !helpers.some((one) => one.what === what && one.reason === reason),
  );
}

/** What was done, in the past tense, with what is left to do. */
export function receiptText(receipt: Receipt, style: Style, home: string | null): string {
  const paint = paints(style);
  const rows: Row[] = [
    ...fileRows(receipt, paint, home),
    ...helperRows(receipt, paint),
    ...proofRows(receipt, paint),
    ...leftOnly(receipt).map(({ what, reason }): Row => [paint.dim("·"), `${what}: ${reason}`]),
    ...receipt.todo.map(
      ({ what, command }): Row => [paint.cyan("→"), command === null ? what : `${what}: \`${command}\``],
    ),
  ];
  const lines = rows.flatMap(([sign, text]) =>
    wrap(text, style.width - 4).map((line, i) => `  ${i === 0 ? sign : " "} ${line}`),
  );
  return shortenHome(`${lines.join("\n")}\n`, home);
}

/** One row for each fix: its number, when and how it ended, and where. What does not fit goes below, past the number. */
export function receiptRows(receipts: readonly Receipt[], { width }: Style, home: string | null): string {
  const rows = receipts.flatMap(({ id, at, action, state, target }) => {
    const head = `${id}  `;
    const when = at.slice(0, 16).replace("T", " ");
    const row = oneLine(`${when}  ${action}  ${state}  ${shortPath(target, home)}`);
    const lines = wrap(row, width - head.length);
    return lines.map((line, i) => (i === 0 ? head : " ".repeat(head.length)) + line.trimEnd());
  });
  return `${rows.join("\n")}\n`;
}
