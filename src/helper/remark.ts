/** The one line the helper may say, most important first. Pure. */

import { type Account, daysLeft } from "../core/account.ts";

/** Days before the last one on which people begin to be told. */
const NOTICE = 14;

/** So many refusals within an hour are no accident. */
const OFTEN = 3;
const HOUR = 3_600_000;

function days(count: number): string {
  return count === 0 ? "today" : `in ${count} ${count === 1 ? "day" : "days"} (UTC)`;
}

/** Null where there is nothing to say. `refused`: times of refusals in a row, ISO 8601. */
export function remarkOn(account: Account, refused: readonly string[], now: number): string | null {
  const { name, expires } = account;
  const left = daysLeft(account, now);
  if (left !== null && left < 0)
    return `the token \`${name}\` expired on ${expires} by this machine's clock; \`git rekey token rotate ${name}\` replaces it`;
  if (refused.length >= OFTEN && refused.filter((at) => now - Date.parse(at) < HOUR).length >= OFTEN)
    return `Bitbucket has refused the token \`${name}\` ${refused.length} times in a row; \`git rekey doctor\` says why`;
  if (left !== null && left <= NOTICE)
    return `the token \`${name}\` expires ${days(left)}; \`git rekey token rotate ${name}\` replaces it`;
  return null;
}
