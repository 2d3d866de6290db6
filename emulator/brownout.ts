/** The calendar of CHANGE-3222: when app passwords were refused. */
import { DATES } from "../src/core/bitbucket.ts";
import type { Switches } from "./switches.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WEEK = 7 * 24 * HOUR;

/**
 * How long each window of a week is, in minutes, from the week of 2026-06-09 on. The first two are [doc], the
 * last is [seen once] ("up to 5 hours by late July"), those between are [inferred].
 */
const WINDOW_MINUTES = [15, 30, 60, 120, 180, 240, 300];

/** Whether an app password is refused at that time: windows begin at 00, 06, 12 and 18 o'clock UTC. [doc] */
export function refusesAppPasswords(era: Switches["era"], now: Date): boolean {
  if (era !== "brownout") return era === "after";
  if (now >= new Date(DATES.appPasswordsRemoved)) return true;
  const week = Math.floor((now.getTime() - Date.parse(DATES.brownoutsBegin)) / WEEK);
  const minutes = week < 0 ? 0 : (WINDOW_MINUTES[week] ?? 0);
  return now.getTime() % (6 * HOUR) < minutes * MINUTE;
}
