/** Where a new token is kept: what a person says, or is asked. */
import type { OwnStore } from "../core/account.ts";
import { readOwnStore } from "../core/own-store.ts";
import type { Choices, StoreChoice } from "../core/plan.ts";
import { wayOf } from "../core/token-advice.ts";
import { mask } from "../core/url.ts";
import { shellWords } from "../probes/helper-spec.ts";
import { wrap } from "../report/style.ts";
import { askLine } from "../world/terminal.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";
import { keychainTrouble } from "./token/store-choice.ts";

const DESCRIBED = "`git rekey fix --help` names them all";

const PLACES = "it takes `keychain`, `file`, `env:NAME`, `command:PROGRAM …`, `git-store` or `prompt`";

/** `--store`, or misuse. */
export function readStore(shell: Shell, text: string | undefined): StoreChoice | null {
  if (text === undefined || text === "prompt" || text === "git-store") return text ?? null;
  const own = readOwnStore(text, (words) => shellWords(words, shell.self.home));
  if (own === null)
    throw new Stop(EXIT.misuse, `\`${mask(text)}\`, given to \`--store\`, is no place: ${PLACES}`, DESCRIBED);
  if (typeof own === "string") throw new Stop(EXIT.misuse, `\`--store\`: ${own}; ${PLACES}`, DESCRIBED);
  return own;
}

/** A keychain that does not answer is said before anything is planned. */
export async function mustAnswer(shell: Shell, store: StoreChoice | null): Promise<void> {
  if (typeof store !== "object" || store?.kind !== "keychain") return;
  const trouble = await keychainTrouble(shell);
  if (trouble !== null)
    throw new Stop(
      EXIT.personNeeded,
      `${trouble}; nothing has been changed`,
      "`git rekey fix --store file` keeps the token in a plain text file that only you can read",
    );
}

/** What to type where nobody is there to be asked. */
export async function storesToType(shell: Shell, { with: way, kind }: Choices): Promise<string> {
  const hasKeychain = (await keychainTrouble(shell)) === null;
  const places = [
    "`file` (plain text that only you can read)",
    "`env:NAME` (a variable that you set)",
    "`command:PROGRAM …` (a password manager)",
    // These do without git-rekey's helper.
    ...(way === "helper"
      ? []
      : ["`git-store` (plain text, by Git's own helper)", "`prompt` (Git asks each time)"]),
  ];
  const [first, others] = hasKeychain ? ["keychain", places] : ["file", places.slice(1)];
  const fix = `git rekey fix --yes${kind === "access-token" ? " --with access-token" : ""}`;
  return `\`${fix} --store ${first}\`${hasKeychain ? "" : ", plain text that only you can read"}; other places are ${others.join(", ")}`;
}

type Offer = readonly [store: OwnStore | "git-store" | "prompt", text: string];

const IN_KEYCHAIN: Offer = [
  { kind: "keychain" },
  "in the keychain, by git-rekey's helper: right for every clone, and it says when the token expires (`--store keychain`)",
];
const IN_FILE: Offer = [
  { kind: "file" },
  "in a plain text file that only you can read, by git-rekey's helper: right for every clone, and it says when the token expires (`--store file`)",
];
const ELSEWHERE: readonly Offer[] = [
  [
    "git-store",
    "in a plain text file that only you can read, by Git's own `store` helper (`--store git-store`)",
  ],
  ["prompt", "nowhere: Git asks for it each time (`--store prompt`)"],
];

function numbers(count: number): string {
  const all = Array.from({ length: count }, (_, i) => String(i + 1));
  return `${all.slice(0, -1).join(", ")} or ${all.at(-1)}`;
}

/** Asks until one of the places is chosen. The first is the one that is recommended. */
async function askForStore(shell: Shell, noPlace: string): Promise<Offer[0]> {
  const hasKeychain = (await keychainTrouble(shell)) === null;
  const offers = [...(hasKeychain ? [IN_KEYCHAIN] : []), IN_FILE, ...ELSEWHERE];
  shell.err(`${noPlace}. Where shall the new token be kept?\n`);
  for (const [index, [, text]] of offers.entries()) {
    const lines = wrap(`${text}${index === 0 ? " (recommended)" : ""}`, shell.errStyle.width - 5);
    shell.err(`  ${index + 1}  ${lines.join("\n     ")}\n`);
  }
  for (;;) {
    const answer = (await askLine(`${numbers(offers.length)}: `)).trim();
    const chosen = /^\d$/.test(answer) ? offers[Number(answer) - 1] : undefined;
    if (chosen !== undefined) return chosen[0];
  }
}

/** The same choices with a place, and with the way that goes with it. */
export async function withStoreAsked(shell: Shell, choices: Choices, noPlace: string): Promise<Choices> {
  const store = await askForStore(shell, noPlace);
  if (typeof store === "object") return { ...choices, store, with: "helper" };
  return {
    ...choices,
    store,
    with: choices.with === "helper" ? (wayOf(choices.kind) ?? "remote") : choices.with,
  };
}
