/** What a fix may have written: everything else must be as it was, line by line and in the same order. */
import type { Snapshot } from "../sandbox.ts";
import { encoded } from "./scene.ts";

function linesOf(described: string | undefined): string[] {
  return described === undefined ? [] : described.slice(5).split("\n");
}

/** The lines of `lines` that are not in `others`, each as often as it is too many. */
function beyond(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function without(lines: readonly string[], some: readonly string[]): string[] {
  return beyond(lines, some);
}

/** New lines stand behind older ones that read the same. */
function withoutNew(lines: readonly string[], some: readonly string[]): string[] {
  return beyond(lines.toReversed(), some).toReversed();
}

/** Lines that git-rekey writes into a configuration file. */
const OWN_CONFIG =
  /^\t(url|pushurl) = https:\/\/((x-bitbucket-api-token-auth|x-token-auth)@)?bitbucket\.org\/|^\[credential "https:\/\/bitbucket\.org(\/acme\/site(\.git)?)?"\]$|^\thelper = ("?store\b.*|\/.*\/git-credential-rekey)?$|^\tuseHttpPath = true$/;
/** git-rekey's own files are written as a whole. */
const OWN_FILES = /(?:^|\/)git-rekey(?:\/|$)/;
/** A netrc entry keeps its form, with another login and the token; of one that goes a comment may stay. */
const OWN_NETRC = /\b(machine|login|password)\b|^ # since 2019$/;

function isOwn(file: string, line: string, token: string): boolean {
  if (line === "" || line.includes(token) || line.includes(encoded(token))) return true;
  const bare = line.replace(/\r$/, "");
  return file.endsWith(".netrc") ? OWN_NETRC.test(bare) : OWN_CONFIG.test(bare);
}

/**
 * What is wrong with a change; empty where it touched only what it may. `bare`: before the place was planted, so that
 * the lines in which it differs from `before` are those that may go.
 */
export function strayChanges(
  snapshots: { bare: Snapshot; before: Snapshot; after: Snapshot },
  token: string,
): string[] {
  const { bare, before, after } = snapshots;
  const problems: string[] = [];
  for (const file of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[file] === after[file] || OWN_FILES.test(file)) continue;
    const then = linesOf(before[file]);
    const now = linesOf(after[file]);
    const planted = beyond(then, linesOf(bare[file]));
    const gone = beyond(then, now);
    const come = beyond(now, then);
    problems.push(...beyond(gone, planted).map((line) => `${file} lost "${line}"`));
    problems.push(...come.filter((line) => !isOwn(file, line, token)).map((line) => `${file} got "${line}"`));
    if (before[file] !== undefined && before[file]?.slice(0, 4) !== after[file]?.slice(0, 4))
      problems.push(`${file} has another mode`);
    if (without(then, gone).join("\n") !== withoutNew(now, come).join("\n"))
      problems.push(`${file} has its lines in another order`);
  }
  return problems;
}
