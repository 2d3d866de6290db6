/** The last day of a token, as a person says it. Pure. */
import { endOf } from "./account.ts";

const DAY = 24 * 3_600_000;

/** Days for which Bitbucket makes a token at most. [doc] */
const LONGEST = 365;

/** The day, or why it is none, as a sentence. */
export type ReadExpiry = { ok: true; day: string } | { ok: false; reason: string };

const no = (reason: string): ReadExpiry => ({ ok: false, reason });

function dayAt(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** A date, or a number of days from now. Time zones and leap years leave a day or two to spare. */
export function readExpiry(text: string, now: number): ReadExpiry {
  const plain = text.trim();
  if (/^\d{1,4}$/.test(plain)) {
    const days = Number(plain);
    return days >= 1 && days <= LONGEST
      ? { ok: true, day: dayAt(now + days * DAY) }
      : no(`a token lives 1 to ${LONGEST} days`);
  }
  const end = /^\d{4}-\d\d-\d\d$/.test(plain) ? endOf(plain) : Number.NaN;
  if (Number.isNaN(end) || dayAt(end) !== plain) return no("a day is written as YYYY-MM-DD");
  if (end < now) return no(`${plain} is over`);
  return end > now + (LONGEST + 2) * DAY
    ? no(`a token lives ${LONGEST} days at most`)
    : { ok: true, day: plain };
}
