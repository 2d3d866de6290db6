/** `--store` as a person writes it. Pure. */
import type { OwnStore } from "./account.ts";

/** The place, or why the text names none, as the rest of a sentence. Null for a text that is another kind of store. */
export function readOwnStore(
  text: string,
  words: (text: string) => string[] | null,
): OwnStore | string | null {
  if (text === "file" || text === "keychain") return { kind: text };
  const [, kind, rest = ""] = /^(env|command):(.*)$/s.exec(text) ?? [];
  if (kind === "env")
    return /^[A-Za-z_]\w*$/.test(rest)
      ? { kind, name: rest }
      : "`env:` wants the name of a variable after it";
  if (kind !== "command") return null;
  const argv = words(rest);
  if (argv === null)
    return "the words after `command:` would need a shell, and none is used; put them into a script";
  return argv[0] ? { kind: "command", argv } : "`command:` wants a program after it";
}
