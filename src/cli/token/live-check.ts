/** Asks Bitbucket about one token: Git's own doors and REST, each with the user name it wants. Changes nothing. */
import { type AccountKind, gitUserOf, type Reach, type Right } from "../../core/account.ts";
import { fullNameOf, GIT_HOST, REST_HOST, type RepositoryName } from "../../core/bitbucket.ts";
import type { Direction } from "../../core/plan.ts";
import { readRemoteUrl } from "../../core/remote-url.ts";
import type { SecretShape } from "../../core/secret.ts";
import { type Answer, Unavailable } from "../../core/setup.ts";
import {
  doorRefusal,
  isNobodysFault,
  type Look,
  looksUnscoped,
  ORGANISATION_KEY,
  restRefusal,
  type TokenLook,
  WITHOUT_SCOPES,
} from "../../core/token-look.ts";
import { Asker, doorOf } from "../../probes/answers.ts";
import { type RawEntry, readConfig } from "../../probes/config.ts";
import { findLine } from "../../probes/line-to-bitbucket.ts";
import { standAtUrl } from "../../probes/place.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** The token that is asked about, and what it is for. */
export interface Subject {
  /** As sentences name it: "the new token". */
  whose: string;
  token: SecretShape;
  kind: AccountKind;
  rights: readonly Right[];
  email: string | null;
  /** What a person types to give the e-mail. */
  emailBy: string;
  reach: Reach;
  /** Where it is tried; may be none. */
  repositories: readonly RepositoryName[];
}

/** One question, with its answer. */
interface Asked {
  look: Look;
  answer: Answer | null;
}

function judged(what: string, answer: Answer, isAccepted: boolean, refusal: () => string): Asked {
  if (isAccepted) return { look: { what, state: "accepted", why: null }, answer };
  return { look: { what, state: isNobodysFault(answer) ? "unknown" : "refused", why: refusal() }, answer };
}

function notAsked(what: string, why: string): Asked {
  return { look: { what, state: "not-asked", why }, answer: null };
}

/**
 * How requests get to Bitbucket from here. No repository's own settings take part: a token is the person's, and goes
 * the way that the person and the machine chose. Throws a `Stop` where there is no safe one.
 */
export async function openLine(shell: Shell): Promise<Asker> {
  const config = await readConfig(shell, standAtUrl(`https://${GIT_HOST}/`));
  const line = isEntries(config) ? findLine(shell, config, false) : notReadable(config);
  if (line instanceof Unavailable)
    throw new Stop(EXIT.unknown, `Bitbucket was not asked: ${line.reason}; nothing has been changed`);
  return new Asker(shell, line);
}

type Config = Awaited<ReturnType<typeof readConfig>>;

function isEntries(config: Config): config is readonly RawEntry[] {
  return Array.isArray(config);
}

function notReadable(config: Exclude<Config, readonly RawEntry[]>): Unavailable {
  return config instanceof Unavailable ? config : new Unavailable(`Git cannot read \`${config.file}\``);
}

class Check {
  constructor(
    private readonly shell: Shell,
    private readonly asker: Asker,
    private readonly subject: Subject,
  ) {}

  private async door(repository: RepositoryName, direction: Direction): Promise<Asked> {
    const { token, whose } = this.subject;
    const url = readRemoteUrl(`https://${GIT_HOST}/${fullNameOf(repository)}.git`, (secret) =>
      this.shell.vault.keep(secret),
    );
    const user = gitUserOf(this.subject);
    const answer = await this.asker.ask(doorOf(url, direction), { scheme: "basic", user, secret: token });
    const isOpen = answer.kind === "http" && answer.status === 200;
    return judged(`git ${direction} of \`${fullNameOf(repository)}\``, answer, isOpen, () =>
      doorRefusal(answer, direction, fullNameOf(repository), whose),
    );
  }

  doors(): Promise<Asked[]> {
    const { repositories, rights } = this.subject;
    if (repositories.length === 0)
      return Promise.resolve([
        notAsked("git", "no repository is known to try it with; `--repository WORKSPACE/REPO` names one"),
      ]);
    const directions: Direction[] = rights.includes("push") ? ["fetch", "push"] : ["fetch"];
    return Promise.all(
      repositories.flatMap((one) => directions.map((direction) => this.door(one, direction))),
    );
  }

  /** What REST is asked about: the repositories, else the workspace. */
  private places(): string[] {
    const { repositories, reach } = this.subject;
    if (repositories.length > 0) return repositories.map((one) => `repositories/${fullNameOf(one)}`);
    return reach === null ? [] : [`repositories/${reach.workspace}`];
  }

  private async rest(path: string, what: string): Promise<Asked> {
    const { token, email, whose, kind } = this.subject;
    const as = kind === "api-token" ? email : null;
    const credential = { scheme: as === null ? "bearer" : "basic", user: as ?? "", secret: token } as const;
    const answer = await this.asker.ask(`https://${REST_HOST}/2.0/${path}`, credential);
    // Whoever may not see the account has been recognised all the same.
    const isKnown = path === "user" && answer.kind === "http" && answer.saying?.kind === "scope-missing";
    const isAccepted = answer.kind === "http" && (answer.status === 200 || isKnown);
    return judged(what, answer, isAccepted, () => restRefusal(answer, as, whose));
  }

  async rests(): Promise<Asked[]> {
    const { kind, email, emailBy, rights } = this.subject;
    const places = this.places();
    const about = (path: string) => this.rest(path, `REST about \`${path.replace(/^repositories\//, "")}\``);
    if (kind === "access-token")
      return places.length > 0
        ? Promise.all(places.map(about))
        : [notAsked("REST", "no repository is known to ask about; `--repository WORKSPACE/REPO` names one")];
    if (email === null)
      return [
        notAsked(
          "REST",
          `it wants the Atlassian account's e-mail with an API token; \`${emailBy}\` gives it`,
        ),
      ];
    const user = this.rest("user", `REST as \`${email}\``);
    return Promise.all([user, ...(rights.includes("rest") ? places : []).map(about)]);
  }

  /** The user name in REST's answer, which has been asked for already. */
  async username(): Promise<string | null> {
    const { token, email, kind } = this.subject;
    if (kind !== "api-token" || email === null) return null;
    const credential = { scheme: "basic", user: email, secret: token } as const;
    const reply = await this.asker.reply(`https://${REST_HOST}/2.0/user`, credential);
    if (reply.kind !== "answer" || reply.status !== 200) return null;
    try {
      const { username } = JSON.parse(reply.body) as { username?: unknown };
      return typeof username === "string" && /^[\w.-]{1,100}$/.test(username) ? username : null;
    } catch {
      return null;
    }
  }

  /** What refusals that say nothing may mean, beside what they always may. */
  async candidate(doors: readonly Asked[], rests: readonly Asked[]): Promise<string | null> {
    const { kind, token } = this.subject;
    const isRefused = ({ answer }: Asked) => answer?.kind === "http" && answer.status === 401;
    if (!doors.every(isRefused)) return null;
    if (kind === "access-token") return rests.length > 0 && rests.every(isRefused) ? ORGANISATION_KEY : null;
    const bearer = { scheme: "bearer", user: "", secret: token } as const;
    return looksUnscoped(await this.asker.ask(`https://${REST_HOST}/2.0/user`, bearer))
      ? WITHOUT_SCOPES
      : null;
  }
}

function withCandidate(look: Look, candidate: string | null): Look {
  return candidate === null || look.why === null ? look : { ...look, why: `${look.why}; ${candidate}` };
}

/** Asks everything that can be asked, and says what was not. */
export async function lookAtToken(shell: Shell, asker: Asker, subject: Subject): Promise<TokenLook> {
  const check = new Check(shell, asker, subject);
  const [doors, rests] = await Promise.all([check.doors(), check.rests()]);
  const candidate = await check.candidate(doors, rests);
  const [first, ...others] = [...doors, ...rests].map(({ look }) => look);
  const answers = rests.flatMap(({ answer }) => (answer?.kind === "http" ? [answer] : []));
  return {
    looks: first === undefined ? [] : [withCandidate(first, candidate), ...others],
    scopes: answers.find(({ scopes }) => scopes !== null)?.scopes ?? null,
    username: await check.username(),
  };
}
