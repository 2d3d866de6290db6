import { loadAccounts } from "../accounts/load.ts";
import type { Account } from "../core/account.ts";
import { gitUserFor } from "../core/bitbucket.ts";
import { whyNotThisToken } from "../core/token-advice.ts";
import { remarkOn } from "../helper/remark.ts";
import { lineOfRepository } from "../probes/line-to-bitbucket.ts";
import { askedUrl } from "../probes/routes.ts";
import { oneLine } from "../report/style.ts";
import { CannotRun, type OpenRun, openRun, type Wanted } from "../run/open.ts";
import { accountFor, type Pair, requestOf, type Supply, Tokens } from "../run/tokens.ts";
import { lookWhither, type Whither } from "../run/whither.ts";
import { type GitWords, readGitWords } from "../run/words.ts";
import { type Ended, Foreground, leaveAs } from "../world/foreground.ts";
import { perform } from "./command.ts";
import { EXIT, Stop } from "./exit.ts";
import { ownHelperValue } from "./own-helper.ts";
import type { Shell } from "./shell.ts";
import { askPerson } from "./token-entry.ts";

interface RunFlags {
  account?: string;
  trustRepository: boolean;
}

const NOTHING_RUN = "nothing was run";

function wordsOf(words: readonly string[]): GitWords {
  const [program, ...rest] = words;
  if (program !== "git")
    throw new Stop(
      EXIT.misuse,
      `\`run\` takes a git command and no other${program === undefined ? "" : `, and \`${program}\` is none`}; ${NOTHING_RUN}`,
      "`git rekey run -- git push` for example",
    );
  return readGitWords(rest);
}

/** Git uses a password in a URL before it asks anybody. */
function mustBeFreeOfPasswords({ meant }: Whither): void {
  const held = meant.find(({ route }) => route.url.password !== null)?.route;
  if (held === undefined) return;
  const where = held.rewrittenBy?.key ?? held.entry?.key;
  throw new Stop(
    EXIT.personNeeded,
    `${where === undefined ? "the URL in the command" : `\`${where}\``} carries a password, which Git would send instead of the token; ${NOTHING_RUN}`,
    where === undefined ? "leave the password out of the URL" : "`git rekey fix` takes it out",
  );
}

/** Git obeys the repository's own file, but where it clones, and would show the token to whatever proxy that names. */
function mustBeTrusted({ config, meant }: Whither, { rest: [subcommand] }: GitWords): void {
  const keys = meant.length === 0 || subcommand === "clone" ? null : lineOfRepository(config);
  if (keys === null) return;
  throw new Stop(
    EXIT.personNeeded,
    `only this repository sets ${keys}, so no token is sent that way; ${NOTHING_RUN}`,
    "`git rekey run --trust-repository -- git …` sends it, if that setting is yours or your company's",
  );
}

function listOf(shell: Shell): readonly Account[] {
  const loaded = loadAccounts({ ...shell.self, files: shell.files });
  if ("trouble" in loaded) throw new Stop(EXIT.personNeeded, `${loaded.trouble}; ${NOTHING_RUN}`);
  return loaded.list.accounts;
}

function named(accounts: readonly Account[], name: string | undefined): Account | null {
  if (name === undefined) return null;
  const account = accounts.find((one) => one.name === name);
  if (account === undefined)
    throw new Stop(
      EXIT.misuse,
      `there is no account \`${name}\`; ${NOTHING_RUN}`,
      "`git rekey token list` lists them",
    );
  return account;
}

/** Stdin is git's, so a token is asked for at the terminal or not at all. */
async function askForToken(shell: Shell, repository: string): Promise<Pair> {
  if (!shell.hasTerminal)
    throw new Stop(
      EXIT.personNeeded,
      `no account here is for \`${repository}\`, and there is no terminal to ask for a token at; ${NOTHING_RUN}`,
      "`git rekey token add` keeps one, `--account NAME` chooses one",
    );
  shell.err(
    `git-rekey: no account here is for \`${repository}\`; the token you paste is used for this command alone\n`,
  );
  const shape = await askPerson(shell, { whyNot: (shape) => whyNotThisToken(shape, null), kept: null });
  return { username: gitUserFor(shape.kind) ?? "", password: shell.vault.reveal(shape) };
}

/** Everything a token is known to be wanted for has one before git starts. */
async function supplyFor(shell: Shell, { meant }: Whither, account: string | undefined): Promise<Supply> {
  const accounts = listOf(shell);
  const room = { ...shell.self, files: shell.files, keychain: shell.keychain, run: shell.run };
  const supply: Supply = { room, accounts, named: named(accounts, account), typed: null };
  const wanted = meant.flatMap((raw) => requestOf(askedUrl(raw)) ?? []);
  const without = wanted.find((request) => accountFor(supply, request) === null);
  if (without === undefined) return supply;
  const { workspace, repository } = without.place;
  return { ...supply, typed: await askForToken(shell, `${workspace}/${repository}`) };
}

async function mustBeReadable(tokens: Tokens, { meant }: Whither): Promise<void> {
  for (const request of meant.flatMap((raw) => requestOf(askedUrl(raw)) ?? [])) {
    const found = await tokens.find(request);
    if (found !== null && "trouble" in found)
      throw new Stop(EXIT.personNeeded, `${found.trouble}; ${NOTHING_RUN}`);
  }
}

/** What the helper would say. */
function remarkOnTokens({ accounts, named }: Supply, { meant }: Whither, now: number): string | null {
  const asked = meant.flatMap((raw) => requestOf(askedUrl(raw)) ?? []);
  const used = asked.flatMap((request) => accountFor({ accounts, named }, request) ?? []);
  return used.map((account) => remarkOn(account, [], now)).find((remark) => remark !== null) ?? null;
}

function programs(shell: Shell) {
  const { PATH = "" } = shell.self.env;
  const real = (name: string) => {
    const path = Bun.which(name, { PATH });
    return path === null ? null : shell.files.resolve(path);
  };
  const git = real("git");
  const helper = shell.files.resolve(process.execPath);
  if (git === null || helper === null)
    throw new Stop(EXIT.misuse, `\`git\` was not found on PATH; ${NOTHING_RUN}`);
  return { git, lfs: real("git-lfs"), helper };
}

function variablesOf(accounts: readonly Account[]): string[] {
  return accounts.flatMap(({ secret }) => (secret.kind === "env" ? [secret.name] : []));
}

/** Looks, and asks a person where it must. Nothing is on the disk yet. */
async function prepare(shell: Shell, words: GitWords, flags: RunFlags): Promise<Wanted> {
  const { account, trustRepository } = flags;
  const whither = await lookWhither(shell, words);
  mustBeFreeOfPasswords(whither);
  if (!trustRepository) mustBeTrusted(whither, words);
  const supply = await supplyFor(shell, whither, account);
  const tokens = new Tokens(supply);
  await mustBeReadable(tokens, whither);
  const tell = (sentence: string) => shell.err(`git-rekey: ${oneLine(sentence)}\n`);
  const remark = remarkOnTokens(supply, whither, shell.self.now());
  if (remark !== null) tell(remark);
  return {
    words,
    whither,
    tokens,
    programs: programs(shell),
    helperValue: ownHelperValue(shell),
    secretVariables: variablesOf(supply.accounts),
    trustRepository,
    tell,
  };
}

async function open(shell: Shell, wanted: Wanted): Promise<OpenRun> {
  try {
    return await openRun(shell, wanted);
  } catch (error) {
    if (error instanceof CannotRun)
      throw new Stop(EXIT.personNeeded, `${oneLine(error.message)}; ${NOTHING_RUN}`);
    throw error;
  }
}

/** Git in the foreground, in our place. */
async function runIn(
  { env, desk }: OpenRun,
  foreground: Foreground,
  argv: readonly string[],
): Promise<Ended> {
  // What was heard before there was a git to hear it.
  if (foreground.heard !== null) return { signal: foreground.heard };
  desk.root = foreground.start(argv, env);
  if (desk.root === null) throw new Stop(EXIT.misuse, `\`git\` could not be started; ${NOTHING_RUN}`);
  return foreground.ended();
}

async function openAndRun(shell: Shell, wanted: Wanted, argv: readonly string[]): Promise<Ended> {
  const foreground = new Foreground();
  try {
    const opened = await open(shell, wanted);
    try {
      return await runIn(opened, foreground, argv);
    } finally {
      opened.close();
    }
  } finally {
    foreground.release();
  }
}

/** `git rekey run [--account NAME] -- git …`. */
export async function run(this: unknown, flags: RunFlags, ...words: string[]): Promise<void> {
  await perform(async (shell) => {
    const read = wordsOf(words);
    if (shell.self.platform === "win32")
      throw new Stop(EXIT.misuse, `\`git rekey run\` does not work on Windows yet; ${NOTHING_RUN}`);
    return leaveAs(await openAndRun(shell, await prepare(shell, read, flags), words));
  });
}
