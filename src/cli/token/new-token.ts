/** From nothing to a token in our hands: how it is made, where, and what it must not be. */
import { fetchSecret } from "../../accounts/secret.ts";
import {
  type Account,
  type AccountKind,
  type OwnStore,
  type Reach,
  type Right,
  reachText,
} from "../../core/account.ts";
import type { SecretShape } from "../../core/secret.ts";
import { type TokenShape, tidyToken } from "../../core/token.ts";
import { pageOf, stepsToMakeToken, whyNotThisToken } from "../../core/token-advice.ts";
import { EXIT, Stop } from "../exit.ts";
import { offerPage } from "../offer-page.ts";
import type { Shell } from "../shell.ts";
import { hasPipedToken, readToken, tellSteps } from "../token-entry.ts";
import { roomOf } from "./accounts.ts";

/** What the token is wanted for. */
export interface TokenWish {
  /** Null where either kind will do. */
  kind: AccountKind | null;
  reach: Reach;
  rights: readonly Right[];
  /** Open the page without asking. */
  open: boolean;
  mayAsk: boolean;
  /** The command that would take it from a pipe. */
  typed: string;
}

export function kindOfToken({ kind }: TokenShape): AccountKind {
  return kind === "access-token" ? "access-token" : "api-token";
}

/** Why a token of this shape is not what is wanted; null when nothing speaks against it. */
function whyNotFor({ kind, reach }: Pick<TokenWish, "kind" | "reach">, shape: TokenShape): string | null {
  const wrong = whyNotThisToken(shape, null);
  if (wrong !== null) return wrong;
  if (kind !== null && kindOfToken(shape) !== kind)
    return kind === "api-token"
      ? "this is an access token (it begins `ATCTT`), and the one that it would replace is an API token"
      : "this is an API token (it begins `ATATT`), and the one that it would replace is an access token";
  if (kindOfToken(shape) === "access-token" && reach === null)
    return "this is an access token (it begins `ATCTT`), which opens one repository, project or workspace: `--for WORKSPACE/REPO` or `--for WORKSPACE` says which, or make an API token";
  return null;
}

/** Says how to make it, unless it has been made already. */
async function guide(shell: Shell, wish: TokenWish): Promise<void> {
  if (await hasPipedToken(shell)) return;
  const { reach, rights } = wish;
  const kind = wish.kind ?? "api-token";
  tellSteps(
    shell,
    stepsToMakeToken(
      { kind, push: rights.includes("push"), rest: rights.includes("rest") },
      reach,
      shell.self.host,
    ),
  );
  if (wish.kind === null && reach !== null)
    shell.err(
      `An access token for ${reachText(reach)} alone will do as well: ${pageOf("access-token", reach)}\n\n`,
    );
  await offerPage(shell, pageOf(kind, reach), wish);
}

async function fetched(shell: Shell, secret: Account["secret"], wish: TokenWish): Promise<SecretShape> {
  const found = await fetchSecret(roomOf(shell), { secret });
  if ("trouble" in found)
    throw new Stop(
      EXIT.personNeeded,
      `the token could not be fetched: ${found.trouble}; nothing has been changed`,
    );
  const shape = shell.vault.keep(found.secret);
  const wrong =
    found.secret === tidyToken(found.secret)
      ? whyNotFor(wish, shape)
      : "this cannot be the token: it has blanks or quotes around it";
  if (wrong !== null) throw new Stop(EXIT.personNeeded, `${wrong}; nothing has been changed`);
  return shape;
}

/** Takes the token from where the person has put it, from stdin, or from the hidden prompt. */
export async function takeNewToken(shell: Shell, store: OwnStore, wish: TokenWish): Promise<SecretShape> {
  if (store.kind === "env" || store.kind === "command") return fetched(shell, store, wish);
  await guide(shell, wish);
  return readToken(shell, { whyNot: (shape) => whyNotFor(wish, shape), kept: null, typed: wish.typed });
}
