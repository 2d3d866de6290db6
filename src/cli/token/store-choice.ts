/** Where a new token is kept: chosen by the person, never by us. */
import type { OwnStore } from "../../core/account.ts";
import { readOwnStore } from "../../core/own-store.ts";
import { mask } from "../../core/url.ts";
import { shellWords } from "../../probes/helper-spec.ts";
import { wrap } from "../../report/style.ts";
import { KeychainError } from "../../world/ports.ts";
import { askLine } from "../../world/terminal.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** `--store` as it was typed. Throws a `Stop` for what is no place of git-rekey's own. */
export function readStore(shell: Shell, text: string): OwnStore {
  const store = readOwnStore(text, (words) => shellWords(words, shell.self.home));
  if (typeof store === "object" && store !== null) return store;
  throw new Stop(
    EXIT.misuse,
    `${store ?? `\`${mask(text)}\`, given to \`--store\`, is no place for a token here`}: it takes \`keychain\`, \`file\`, \`env:NAME\` or \`command:PROGRAM …\``,
  );
}

/** Why there is no keychain to use; null where one answers. */
export async function keychainTrouble(shell: Shell): Promise<string | null> {
  try {
    await (await shell.keychain()).get("nothing is kept under this name");
    return null;
  } catch (error) {
    if (error instanceof KeychainError) return error.message;
    throw error;
  }
}

const FILE_MEANS =
  "plain text in your home folder that only you can read; whoever is root, or has a backup of it, can as well";

const MEANS: readonly (readonly [store: string, means: string])[] = [
  ["keychain", "the keychain of this system"],
  ["file", FILE_MEANS],
  ["env:NAME", "a variable that you set yourself, wherever Git runs; usual on build servers"],
  ["command:PROGRAM …", "a password manager, asked each time: `command:pass show bitbucket`"],
];

/** What `--store file` means, for those who typed it. */
export function meaningOf(store: OwnStore): string | null {
  return store.kind === "file" ? `the token is kept as ${FILE_MEANS}` : null;
}

/** A sentence for whoever cannot be asked. */
export async function storeHint(shell: Shell): Promise<string> {
  const trouble = await keychainTrouble(shell);
  return trouble === null
    ? "`keychain`, `file` (plain text that only you can read), `env:NAME` and `command:…`"
    : `\`file\` (plain text that only you can read), \`env:NAME\` and \`command:…\`, but not \`keychain\`: ${trouble}`;
}

/** Asks at the terminal until a place has been named. */
export async function askStore(shell: Shell): Promise<OwnStore> {
  const trouble = await keychainTrouble(shell);
  const rows = trouble === null ? MEANS : MEANS.slice(1);
  shell.err("Where shall the token be kept?\n");
  for (const [store, means] of rows) {
    const [first = "", ...rest] = wrap(`${store}: ${means}`, shell.errStyle.width - 4);
    shell.err(`${[`  ${first}`, ...rest.map((line) => `    ${line}`)].join("\n")}\n`);
  }
  if (trouble !== null) shell.err(`The keychain cannot be used: ${trouble}.\n`);
  for (;;) {
    const answer = (await askLine("Place: ")).trim();
    if (answer === "") continue;
    const store = readOwnStore(answer, (words) => shellWords(words, shell.self.home));
    if (typeof store === "object" && store !== null && !(store.kind === "keychain" && trouble !== null))
      return store;
    shell.err(`git-rekey: ${typeof store === "string" ? store : `\`${answer}\` is none of these`}\n`);
  }
}
