/** What any text may hold, told by the format of a build file: it knows what to do there instead. */
import { assignmentsIn } from "../shapes/assignments.ts";
import { signInsIn } from "../shapes/sign-ins.ts";
import { urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { urlSeen } from "./text.ts";

/** What to do instead, by how the credential is used there. */
export interface CiAdvice {
  /** A URL that Git gets; the text of its line says what for. */
  url: string | ((line: string) => string);
  /** A user and a secret in a command or call. */
  signIn: string;
  /** A variable or secret of the build, by its name. */
  variable: string | ((name: string) => string);
}

/** How REST is asked with either kind of token. */
export const OVER_REST =
  'sign in with the Atlassian e-mail and an API token (`--user "$ATLASSIAN_EMAIL:$BITBUCKET_API_TOKEN"`), or send an access token as `Authorization: Bearer`';

function lineAt(text: string, at: number): string {
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? text.length : end);
}

/** URLs, sign-ins and variables with telling names, each with the advice of the format that asks. */
export function inCi(text: string, { url, signIn, variable }: CiAdvice): Sighting[] {
  const urls = urlsIn(text).flatMap((one) =>
    urlSeen(one, {
      advice: one.use === "rest" ? signIn : typeof url === "string" ? url : url(lineAt(text, one.start)),
    }),
  );
  const signIns = signInsIn(text).map((one) => ({ ...one, advice: signIn }));
  const variables = assignmentsIn(text).map((one) => ({
    ...one,
    advice: typeof variable === "string" ? variable : variable(one.name ?? ""),
  }));
  return [...urls, ...signIns, ...variables];
}
