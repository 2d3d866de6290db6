import {
  accessTokenOf,
  accessTokenPage,
  gitUserFor,
  isExcessiveScope,
  REST_HOST,
} from "../core/bitbucket.ts";
import type { Choices, Direction } from "../core/plan.ts";
import type { SecretShape } from "../core/secret.ts";
import { type Answer, type RemoteUrl, Unavailable } from "../core/setup.ts";
import { beyondNeed } from "../core/token-advice.ts";
import { accessTokenRefusal, doorRefusal, isNobodysFault } from "../core/token-look.ts";
import { Asker, doorOf } from "../probes/answers.ts";
import type { RawEntry } from "../probes/config.ts";
import { findLine } from "../probes/line-to-bitbucket.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

function nameOf({ repository, path }: RemoteUrl): string {
  return repository === null ? path : `${repository.workspace}/${repository.repository}`;
}

async function askDoor(
  asker: Asker,
  url: RemoteUrl,
  direction: Direction,
  token: SecretShape,
): Promise<void> {
  const user = gitUserFor(token.kind) ?? "";
  const answer = await asker.ask(doorOf(url, direction), { scheme: "basic", user, secret: token });
  if (answer.kind === "http" && answer.status === 200) return;
  const code = isNobodysFault(answer) ? EXIT.unknown : EXIT.personNeeded;
  throw new Stop(code, `${doorRefusal(answer, direction, nameOf(url))}; nothing has been changed`);
}

/** REST about the repository: an API token wants the account's e-mail there, and is not asked about without it. */
async function askRest(
  asker: Asker,
  { repository }: RemoteUrl,
  token: SecretShape,
  email: string | null,
): Promise<Answer | null> {
  const isApiToken = token.kind === "api-token";
  if (isApiToken && email === null) return null;
  const path = repository ? `repositories/${repository.workspace}/${repository.repository}` : "user";
  const credential = { scheme: isApiToken ? "basic" : "bearer", user: email ?? "", secret: token } as const;
  return asker.ask(`https://${REST_HOST}/2.0/${path}`, credential);
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

/** What there is to say about a token that is right for Git. */
export type Remark =
  | { kind: "excessive"; scopes: readonly string[] }
  | { kind: "wider"; of: "project" | "workspace" }
  /** Null where REST was not asked, because nobody gave the e-mail. */
  | { kind: "not-looked"; answer: Answer | null };

/** What a token is wanted for. */
interface Wanted {
  config: readonly RawEntry[];
  url: RemoteUrl;
  /** What works now with the token that this one replaces. */
  served: readonly RemoteUrl[];
  choices: Choices;
  trustRepository: boolean;
}

function excessive(scopes: readonly string[], { kind, push }: Choices): Remark[] {
  const more = kind === "access-token" ? beyondNeed(scopes, { push }) : scopes.filter(isExcessiveScope);
  return more.length > 0 ? [{ kind: "excessive", scopes: more }] : [];
}

function remarksOn(answer: Answer | null, choices: Choices): Remark[] {
  if (answer?.kind !== "http" || answer.scopes === null) return [{ kind: "not-looked", answer }];
  const of = accessTokenOf(answer.credentialType);
  const wider: Remark[] = of === "project" || of === "workspace" ? [{ kind: "wider", of }] : [];
  return [...wider, ...excessive(answer.scopes, choices)];
}

/** Git's host has one sentence for all refusals of an access token; REST tells them apart. */
async function askDoors(asker: Asker, { url, choices }: Wanted, token: SecretShape): Promise<void> {
  try {
    await askDoor(asker, url, "fetch", token);
  } catch (refusal) {
    const rest = token.kind === "access-token" ? await askRest(asker, url, token, null) : null;
    const told = rest === null ? null : accessTokenRefusal(rest, nameOf(url));
    if (told === null || !(refusal instanceof Stop) || refusal.code !== EXIT.personNeeded) throw refusal;
    throw new Stop(EXIT.personNeeded, `${told}; nothing has been changed`, pageHint(url));
  }
  if (choices.push) await askDoor(asker, url, "push", token);
}

function pageHint({ repository }: RemoteUrl): string | null {
  if (repository === null) return null;
  const page = accessTokenPage(repository.workspace, repository.repository);
  return `the tokens of this repository are at \`${page}\``;
}

/**
 * Asks Git's own two doors about the new token, reading always, writing only if it is wanted, and REST about what else
 * it may do. Nothing is changed by asking. Throws a `Stop` with the reason when it will not do.
 */
export async function checkRights(shell: Shell, wanted: Wanted, token: SecretShape): Promise<Remark[]> {
  const line = findLine(shell, wanted.config, wanted.trustRepository);
  if (line instanceof Unavailable)
    throw new Stop(EXIT.unknown, `the new token was not tried: ${line.reason}; nothing has been changed`);
  const asker = new Asker(shell, line);
  await askDoors(asker, wanted, token);
  for (const url of wanted.served) await askServed(asker, url, token);
  return remarksOn(await askRest(asker, wanted.url, token, wanted.choices.email), wanted.choices);
}
