import type { ReportedToken } from "../core/report-token.ts";

const STATES = { ok: "works", refused: "is refused", unknown: "is unknown" } as const;

function doors({ fetch, push }: ReportedToken): string {
  if (fetch === push) return fetch === "ok" ? "works for fetch and push" : `fetch and push: ${fetch}`;
  return `fetch ${STATES[fetch]}, push ${STATES[push]}`;
}

function daysText(days: number): string {
  if (days < 0) return "which is over";
  return days === 0 ? "which is today (UTC)" : `in ${days} ${days === 1 ? "day" : "days"} (UTC)`;
}

function lastDay({ expires, daysLeft }: ReportedToken): string {
  return expires === null || daysLeft === null
    ? "its last day is not known"
    : `its last day is ${expires}, ${daysText(daysLeft)}`;
}

const minute = (at: string): string => at.slice(0, 16).replace("T", " ");

function history({ accepted, refused }: ReportedToken): string[] {
  const seen = accepted === null ? [] : [`last accepted ${minute(accepted)}`];
  return refused === null ? seen : [...seen, `last refused ${minute(refused)}`];
}

/** One line for people: which of git-rekey's tokens is meant, why, how long, and how it fares. */
export function tokenText(token: ReportedToken): string {
  const who = token.sent
    ? `git-rekey answers with \`${token.name}\``
    : `git-rekey has \`${token.name}\`, which Git does not send`;
  const about = [`for ${token.reach} (${token.why})`, lastDay(token), doors(token), ...history(token)];
  return [`${who}, ${about[0]}`, ...about.slice(1)].join("; ");
}
