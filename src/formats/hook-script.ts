/** A marked block of ours in a shell script that is somebody else's: all other lines stay, byte for byte. Pure. */
import type { Hook } from "../core/hook.ts";
import { quoteForShell } from "../core/shell-word.ts";
import { bytesOf, byteText, type CannotEdit, cannotEdit, written } from "./edited.ts";

const BEGIN = "# >>> git-rekey >>>";
const END = "# <<< git-rekey <<<";

const BLOCK = /^# >>> git-rekey >>>\r?\n[\s\S]*?^# <<< git-rekey <<<\r?\n?/m;

const SHEBANG = /^#!.*\n/;

/** Also with `env` and its options, and as busybox has it. */
const SHELL = /^#!.*[/\s](?:ba|da|z|k|a)?sh(?:\s|$)/;

/** Only what we answer with 1 stops Git: a tool that is gone, or fails, must not keep anybody from working. */
const STOP = "|| [ $? -ne 1 ] || exit 1";

/**
 * What is run, before all else: the script may end early. Git tells a pre-push hook on stdin what it sends, and
 * whoever comes after us is told the same.
 */
function blockFor(hook: Hook, program: string): string {
  const word = quoteForShell(program);
  const lines =
    hook === "pre-commit"
      ? [`  ${word} hook run pre-commit ${STOP}`]
      : [
          "  git_rekey_refs=$(cat)",
          `  printf '%s\\n' "$git_rekey_refs" | ${word} hook run pre-push "$1" ${STOP}`,
          `  if [ -n "$git_rekey_refs" ]; then exec <<git_rekey_end`,
          "$git_rekey_refs",
          "git_rekey_end",
          "  else exec </dev/null; fi",
        ];
  return [BEGIN, `if command -v ${word} >/dev/null 2>&1; then`, ...lines, "fi", END, ""].join("\n");
}

/** Whether a shell runs it. husky's scripts have no first line that says so, and are. */
export function isShellScript(bytes: Uint8Array): boolean {
  const text = byteText(bytes);
  return SHELL.test(text.split("\n", 1)[0] ?? "") || (!text.startsWith("#!") && !text.includes("\0"));
}

/** Whether our block is in it. */
export function hasHookBlock(bytes: Uint8Array): boolean {
  return BLOCK.test(byteText(bytes));
}

/** With our block, as it is to be, after the line that names the shell. */
export function putHookBlock(
  bytes: Uint8Array,
  hook: Hook,
  program: string,
): { ok: true; bytes: Uint8Array } | CannotEdit {
  if (!isShellScript(bytes)) return cannotEdit("is no shell script");
  const text = byteText(bytes);
  const block = written(blockFor(hook, program));
  if (BLOCK.test(text)) return { ok: true, bytes: bytesOf(text.replace(BLOCK, () => block)) };
  const first = text === "" ? "#!/bin/sh\n" : (SHEBANG.exec(text)?.[0] ?? "");
  return { ok: true, bytes: bytesOf(first + block + text.slice(text === "" ? 0 : first.length)) };
}

/** Without it; null where nothing else was in the script. */
export function dropHookBlock(bytes: Uint8Array): Uint8Array | null {
  const text = byteText(bytes).replace(BLOCK, "");
  return /^(?:#!.*\s*)?$/.test(text) ? null : bytesOf(text);
}
