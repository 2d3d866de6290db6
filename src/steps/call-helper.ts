/** Talks to one credential helper as Git would run it, and to no other. */
import { MASK } from "../core/secret.ts";
import { askKeychain, eraseInKeychain, isInKeychain, storeInKeychain } from "./keychain-place.ts";
import { Refusal } from "./refusal.ts";
import { askSchedule, eraseInSchedule, schedulerOf, storeInSchedule } from "./schedule-place.ts";
import type { Ports } from "./state-folder.ts";

/** One place in a helper. */
export interface HelperPlace {
  /** As in `credential.helper`. */
  helper: string;
  host: string;
  path: string | null;
  username: string;
}

export type Verb = "get" | "store" | "erase";

/** What Git would hand to its shell: `credential.c` builds the same line. */
export function commandFor(helper: string, verb: Verb): string {
  if (helper.startsWith("!")) return `${helper.slice(1)} ${verb}`;
  const isPath = helper.startsWith("/") || /^[A-Za-z]:[\\/]/.test(helper);
  return `${isPath ? helper : `git credential-${helper}`} ${verb}`;
}

/** A place, or all places of a host. */
type Asked = Omit<HelperPlace, "username"> & { username: string | null };

function requestFor({ host, path, username }: Asked, password: string | null): string {
  const fields = { protocol: "https", host, path, username, password };
  let request = "";
  for (const [name, value] of Object.entries(fields)) {
    if (value === null) continue;
    if (/[\r\n\0]/.test(value))
      throw new Refusal("helper-failed", `a helper cannot be given a ${name} with a line end`);
    request += `${name}=${value}\n`;
  }
  return `${request}\n`;
}

function answersOf(stdout: Uint8Array): Map<string, string> {
  const lines = Buffer.from(stdout).toString("utf8").split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const equals = line.indexOf("=");
      return equals > 0 ? [[line.slice(0, equals), line.slice(equals + 1)] as const] : [];
    }),
  );
}

/**
 * Runs a helper once. An alias makes Git itself start it: with its shell, its search path and its own programs, as for
 * any helper. The command line shows the helper as configured, as Git's own would; secrets go through stdin only.
 */
async function run(ports: Ports, place: Asked, verb: Verb, password: string | null) {
  const { helper } = place;
  if (helper.includes(MASK))
    throw new Refusal(
      "helper-failed",
      `the helper \`${helper}\` holds a secret in its own text and is not run`,
    );
  const answer = await ports.git.run({
    args: ["-c", `alias.rekey-helper=!${commandFor(helper, verb)}`, "rekey-helper"],
    // Git moves an alias to the top of a repository; the home folder is where a helper's own files are looked for anyway.
    cwd: ports.self.home ?? "/",
    stdin: requestFor(place, password),
  });
  if (answer.missing)
    throw new Refusal("helper-failed", `\`${helper}\` could not be asked: git was not found`);
  if (answer.timedOut) throw new Refusal("helper-failed", `\`${helper}\` did not answer in time`);
  return answer;
}

/** The secret it keeps for this user name; null when none. */
export async function askHelper(ports: Ports, place: HelperPlace): Promise<string | null> {
  if (isInKeychain(place)) return askKeychain(ports, place);
  const scheduler = schedulerOf(place);
  if (scheduler !== null) return askSchedule(ports, scheduler);
  const answers = answersOf((await run(ports, place, "get", null)).stdout);
  const user = answers.get("username");
  return user === undefined || user === place.username ? (answers.get("password") ?? null) : null;
}

/** What it would give Git for this host by itself, without a user name; null when nothing. */
export async function askAnyone(
  ports: Ports,
  place: HelperPlace,
): Promise<{ user: string; secret: string } | null> {
  const answers = answersOf((await run(ports, { ...place, username: null }, "get", null)).stdout);
  const [user, secret] = [answers.get("username"), answers.get("password")];
  return user === undefined || secret === undefined ? null : { user, secret };
}

/** Has it keep a secret, and asks whether it did: Git ignores a helper that fails, we do not. */
export async function storeInHelper(ports: Ports, place: HelperPlace, secret: string): Promise<void> {
  if (isInKeychain(place)) return storeInKeychain(ports, place, secret);
  const scheduler = schedulerOf(place);
  if (scheduler !== null) return storeInSchedule(ports, scheduler, secret);
  await run(ports, place, "store", secret);
  if ((await askHelper(ports, place)) !== secret)
    throw new Refusal(
      "helper-failed",
      `\`${place.helper}\` did not keep the secret for \`${place.username}\``,
    );
}

/** Tells it once to forget a user name. Never with a password: some helpers then compare and do nothing. */
export async function eraseInHelper(ports: Ports, place: HelperPlace): Promise<void> {
  if (isInKeychain(place)) return eraseInKeychain(ports, place);
  const scheduler = schedulerOf(place);
  if (scheduler !== null) return eraseInSchedule(ports, scheduler);
  await run(ports, place, "erase", null);
}

/** Helpers that keep what they are given; others make a credential when they are asked. */
const KEEPERS = new Set(["store", "cache", "osxkeychain", "libsecret", "wincred", "manager", "manager-core"]);

export function keepsSecrets(helper: string): boolean {
  if (isInKeychain({ helper }) || schedulerOf({ helper }) !== null) return true;
  const program = helper.split(/\s/, 1)[0] ?? "";
  const name = program.split(/[\\/]/).at(-1) ?? "";
  return !helper.startsWith("!") && KEEPERS.has(name.replace(/^git-credential-/, "").replace(/\.exe$/, ""));
}
