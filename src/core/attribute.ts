import type { Answer, Attempt, Outcome, Route, Source } from "./setup.ts";

/** The user name Git sends when it takes the password from this source for this route. */
export function userSent(route: Route, source: Source): string {
  if (source.kind === "header" || source.kind === "url") return source.user ?? "";
  // libcurl sends netrc's password under the URL's user; helpers may change the user name.
  return source.kind === "netrc"
    ? (route.url.user ?? source.user ?? "")
    : (source.user ?? route.url.user ?? "");
}

function stateOf(attempt: Attempt): Outcome["state"] {
  if (attempt.answer.kind === "none") return "unknown";
  const { status } = attempt.answer;
  if (!attempt.answer.fromBitbucket) return "unknown";
  if (status === 200) return "ok";
  return status >= 500 || status === 429 ? "unknown" : "refused";
}

function statusOf(attempt: Attempt | undefined): number | null {
  return attempt?.answer.kind === "http" ? attempt.answer.status : null;
}

/**
 * Which credential Git really ends on for a route, and what Bitbucket says to it. `answerTo` gives the answer for a
 * source (null: anonymous). Git's order: an Authorization header goes with every request; otherwise the first
 * request is anonymous, then the URL's password, then netrc, then the first helper that answers. Only netrc has a
 * second chance behind it, and only after 401.
 */
export function attribute(
  route: Route,
  sources: readonly Source[],
  answerTo: (source: Source | null) => Answer,
): Outcome {
  const attempts: Attempt[] = [];
  const show = (source: Source | null): Attempt => {
    const user = source === null ? null : userSent(route, source);
    const attempt = { source, user, secret: source?.secret ?? null, answer: answerTo(source) };
    attempts.push(attempt);
    return attempt;
  };
  const finish = (): Outcome => {
    const last = attempts.at(-1) ?? null;
    const tried = new Set(attempts.map((attempt) => attempt.source));
    const unreached = sources
      .filter((source) => source.state === "answers" && !tried.has(source))
      .map((source) => ({
        source,
        user: userSent(route, source),
        secret: source.secret,
        answer: answerTo(source),
      }));
    const decided = last !== null ? stateOf(last) : "unknown";
    return {
      route,
      sources,
      attempts,
      last,
      used: last?.source ?? null,
      state: decided,
      unreached,
      elsewhere: [],
    };
  };

  const header = sources.find((source) => source.kind === "header" && source.state === "answers");
  if (header) {
    show(header);
    return finish();
  }
  const anonymous = show(null).answer;
  // Offline nobody knows whether the repository is public; what Git would send is known all the same.
  const offline = anonymous.kind === "none" && anonymous.fault === "not-asked";
  if (!offline && statusOf(attempts[0]) !== 401) return finish();
  for (const source of sources) {
    // What a helper that was not asked would have answered decides, and nobody knows it.
    if (source.state === "not-asked") return { ...finish(), state: "unknown" };
    if (source.state !== "answers") continue;
    const status = statusOf(show(source));
    if (source.kind !== "netrc" || status !== 401) return finish();
  }
  return finish();
}
