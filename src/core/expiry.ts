/** The last day of a token, as a person says it: Bitbucket cannot be asked for it. Pure. */
import type { AccountKind } from "./account.ts";

/** The day, null where nobody knows it or there is none; or what is wrong, as a whole clause. */
export type ReadExpiry = { expires: string | null } | { wrong: string };

/** In days. Bitbucket makes no API token that lives longer; access tokens may. */
const LONGEST = 365;

const DAY = 24 * 3_600_000;

function plusDays(today: string, days: number): string {
  return new Date(Date.parse(today) + days * DAY).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/**
 * `2027-05-31`, `90d`, `unknown`, or for access tokens `never`. `today` is the person's own: they chose the day in a
 * calendar of theirs. `kind` is null while the token has not been seen.
 */
export function readExpiry(text: string, today: string, kind: AccountKind | null): ReadExpiry {
  const said = text.trim();
  if (said === "unknown") return { expires: null };
  if (said === "never")
    return kind === "api-token"
      ? { wrong: `every API token expires, after ${LONGEST} days at most` }
      : { expires: null };
  const [, count] = /^(\d{1,4})d$/.exec(said) ?? [];
  const day = count === undefined ? said : plusDays(today, Number(count));
  if (!isDay(day))
    return { wrong: `\`${said}\` is no day: write it as \`${plusDays(today, 90)}\`, or \`90d\` for 90 days` };
  const days = Math.round((Date.parse(day) - Date.parse(today)) / DAY);
  if (days < 1) return { wrong: `the last day must be tomorrow or later, and \`${said}\` is not` };
  if (days > LONGEST && kind === "api-token")
    return { wrong: `API tokens live ${LONGEST} days at most, and \`${said}\` would be ${days}` };
  return { expires: day };
}

/** `30d` or `30` as a number of days; null for anything else. */
export function readDays(text: string): number | null {
  const [, count] = /^(\d{1,4})d?$/.exec(text.trim()) ?? [];
  return count === undefined ? null : Number(count);
}
