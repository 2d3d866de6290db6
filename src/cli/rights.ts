import { gitUserFor, isExcessiveScope, REST_HOST } from "../core/bitbucket.ts";
import type { Choices, Direction } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import { type RemoteUrl, Unavailable } from "../core/setup.ts";
import { doorRefusal, isNobodysFault } from "../core/token-look.ts";
import { Asker, doorOf } from "../probes/answers.ts";
import type { RawEntry } from "../probes/config.ts";
import { findLine } from "../probes/line-to-bitbucket.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

async function askDoor(
  asker: Asker,
  url: RemoteUrl,
  direction: Direction,
  token: SecretShape,
): Promise<void> {
  const user = gitUserFor(token.kind) ?? "";
  const answer = await asker.ask(doorOf(url, direction), { scheme: "basic", user, secret: token });
  if (answer.kind === "http" && answer.status === 200) return;
  const repository = url.repository ? `${url.repository.workspace}/${url.repository.repository}` : url.path;
  const code = isNobodysFault(answer) ? EXIT.unknown : EXIT.personNeeded;
  throw new Stop(code, `${doorRefusal(answer, direction, repository)}; nothing has been changed`);
}

/** Scopes that go beyond Git, as REST tells them; null where it does not tell. */
async function excessiveScopes(
  asker: Asker,
  url: RemoteUrl,
  token: SecretShape,
  email: string | null,
): Promise<readonly string[] | null> {
  const isApiToken = token.kind === "api-token";
  if (isApiToken && email === null) return null;
  const path = url.repository
    ? `repositories/${url.repository.workspace}/${url.repository.repository}`
    : "user";
  const credential = { scheme: isApiToken ? "basic" : "bearer", user: email ?? "", secret: token } as const;
  const answer = await asker.ask(`https://${REST_HOST}/2.0/${path}`, credential);
  return answer.kind === "http" ? (answer.scopes?.filter(isExcessiveScope) ?? null) : null;
}

/**
 * A token that goes where a working one is must open what that one opens. Throws a `Stop` when it does not: then the
 * other repository would be the next that is refused.
 */
async function askServed(asker: Asker, url: RemoteUrl, token: SecretShape): Promise<void> {
  const user = gitUserFor(token.kind) ?? "";
  const answer = await asker.ask(doorOf(url, "fetch"), { scheme: "basic", user, secret: token });
  if (answer.kind === "http" && answer.status === 200) return;
  const repository = url.path.replace(/^\//, "");
  throw new Stop(
    EXIT.personNeeded,
    `\`${repository}\` works now with the token that this one would replace, and this one does not open it; nothing has been changed`,
    "`git rekey fix --with access-token` keeps a token for one repository alone",
  );
}

/** A remark about a token that is right for Git. */
export type Remark = { kind: "excessive"; scopes: readonly string[] } | { kind: "scopes-not-looked" } | null;

/**
 * Asks Git's own two doors about the new token: reading always, writing only if it is wanted. Nothing is changed by
 * asking. Throws a `Stop` with the reason when it will not do.
 */
export async function checkRights(
  shell: Shell,
  about: {
    config: readonly RawEntry[];
    url: RemoteUrl;
    /** What works now with the token that this one replaces. */
    served: readonly RemoteUrl[];
    choices: Choices;
    trustRepository: boolean;
  },
  token: SecretShape,
): Promise<Remark> {
  const line = findLine(shell, about.config, about.trustRepository);
  if (line instanceof Unavailable)
    throw new Stop(EXIT.unknown, `the new token was not tried: ${line.reason}; nothing has been changed`);
  const asker = new Asker(shell, line);
  await askDoor(asker, about.url, "fetch", token);
  if (about.choices.push) await askDoor(asker, about.url, "push", token);
  for (const url of about.served) await askServed(asker, url, token);
  const excessive = await excessiveScopes(asker, about.url, token, about.choices.email);
  if (excessive === null) return { kind: "scopes-not-looked" };
  return excessive.length > 0 ? { kind: "excessive", scopes: excessive } : null;
}
