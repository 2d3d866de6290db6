/** A credential that may add access keys at Bitbucket: one that is here, or that a person gives. None is ever asked for. */

import type { RestView } from "../../core/setup.ts";
import { Unavailable } from "../../core/setup.ts";
import { tidyToken } from "../../core/token.ts";
import { whyNotThisToken } from "../../core/token-advice.ts";
import { findLine } from "../../probes/line-to-bitbucket.ts";
import type { Rest } from "../../steps/register-key.ts";
import { type Diagnosed, partOf } from "../diagnosis.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

export interface RestFlags {
  yes: boolean;
  email?: string;
  trustRepository: boolean;
}

const ADMIN: ReadonlySet<string> = new Set(["admin:repository:bitbucket", "repository:admin"]);

/** REST has said of it that it may administer repositories. */
function mayAddKeys({ answer }: RestView): boolean {
  return (
    answer.kind === "http" && answer.status === 200 && (answer.scopes?.some((one) => ADMIN.has(one)) ?? false)
  );
}

function atHand({ survey }: Diagnosed): Rest["credential"] | null {
  const view = partOf(survey, "rest", []).find(mayAddKeys);
  return view === undefined ? null : { scheme: view.as, user: view.user, secret: view.secret };
}

/** Read only where `--email` says that a token comes: a job's stdin may stay open for as long as the job. */
async function onStdin(shell: Shell, { yes, email }: RestFlags): Promise<Rest["credential"] | null> {
  if (!yes || email === undefined || process.stdin.isTTY) return null;
  const text = await shell.readStdin();
  if (text.trim() === "") return null;
  const secret = shell.vault.keep(tidyToken(text));
  const wrong = whyNotThisToken(secret, null);
  if (wrong !== null) throw new Stop(EXIT.personNeeded, `${wrong}; nothing has been changed`);
  if (secret.kind === "api-token") return { scheme: "basic", user: email, secret };
  return { scheme: "bearer", user: "", secret };
}

/** By which way REST is told of an access key; null where only a person can do it. */
export async function restFor(shell: Shell, diagnosed: Diagnosed, flags: RestFlags): Promise<Rest | null> {
  const credential = (await onStdin(shell, flags)) ?? atHand(diagnosed);
  if (credential === null) return null;
  const line = findLine(shell, diagnosed.survey.config, flags.trustRepository);
  if (line instanceof Unavailable)
    throw new Stop(EXIT.unknown, `Bitbucket is not told of a key: ${line.reason}; nothing has been changed`);
  return { http: shell.http, credential, ...line };
}
