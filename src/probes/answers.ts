import { userSent } from "../core/attribute.ts";
import { GIT_HOST } from "../core/bitbucket.ts";
import { readBody } from "../core/bitbucket-says.ts";
import type { Direction } from "../core/plan.ts";
import type { Answer, NetworkFault, RemoteUrl, Route, Source } from "../core/setup.ts";
import type { HttpQuestion, HttpReply } from "../world/ports.ts";
import type { Line } from "./line-to-bitbucket.ts";
import type { Eyes } from "./world.ts";

/** Milliseconds for one answer. Bitbucket takes well under one second; a dead proxy must not hold a person up. */
const PATIENCE = 15_000;

const FAULTS: Readonly<Record<string, NetworkFault>> = {
  ENOTFOUND: "name-not-found",
  EAI_AGAIN: "name-not-found",
  ECONNREFUSED: "not-reached",
  EHOSTUNREACH: "not-reached",
  ENETUNREACH: "not-reached",
  ETIMEDOUT: "timed-out",
  TIMEOUT: "timed-out",
  ECONNRESET: "cut-off",
  EPIPE: "cut-off",
  ERR_PROXY_TUNNEL: "proxy-refused",
  CERT_HAS_EXPIRED: "tls-date",
  CERT_NOT_YET_VALID: "tls-date",
  ERR_TLS_CERT_ALTNAME_INVALID: "tls-wrong-host",
};

function faultOf(code: string): NetworkFault {
  const known = FAULTS[code];
  if (known !== undefined) return known;
  return /CERT|SIGNATURE|ISSUER|SSL|TLS|CRL/.test(code) ? "tls-untrusted" : "not-reached";
}

function scopesOf(header: string | undefined): readonly string[] | null {
  if (header === undefined) return null;
  return header.split(/[\s,]+/).filter((scope) => scope !== "");
}

/** Git's host answers refusals in plain text and REST in JSON; a page in HTML at these addresses is somebody else's. */
function isBitbuckets(status: number, headers: Readonly<Record<string, string>>): boolean {
  const type = headers["content-type"] ?? "";
  if (status === 200) return type.startsWith("application/x-git-") || type.startsWith("application/json");
  if (type.startsWith("text/html")) return false;
  if (status === 401) return headers["www-authenticate"] !== undefined;
  return status >= 400;
}

/** Turns a reply into what the checks may know of it. */
export function readReply(reply: HttpReply, maskText: (text: string) => string): Answer {
  if (reply.kind === "failure") {
    return {
      kind: "none",
      fault: faultOf(reply.code),
      detail: [reply.code, reply.message].filter(Boolean).join(" "),
    };
  }
  const { status, headers, body } = reply;
  const text = status === 200 ? "" : maskText(body).split("\n").slice(0, 6).join("\n").slice(0, 600);
  return {
    kind: "http",
    status,
    saying: status === 200 ? null : readBody(body),
    text,
    scopes: scopesOf(headers["x-oauth-scopes"]),
    credentialType: headers["x-credential-type"] ?? null,
    fromBitbucket: isBitbuckets(status, headers),
    retryAfter: headers["retry-after"] === undefined ? null : Number(headers["retry-after"]) || null,
    challenge: headers["www-authenticate"] ?? null,
    acceptsScopes: headers["x-accepted-oauth-scopes"] !== undefined,
  };
}

/** Git's own two doors: reading goes through `git-upload-pack`, writing through `git-receive-pack`. */
export function doorOf(url: RemoteUrl, direction: Direction): string {
  const path = url.path.replace(/\/+$/, "").replace(/\/info\/lfs$/, "");
  const service = direction === "fetch" ? "git-upload-pack" : "git-receive-pack";
  return `https://${GIT_HOST}${path}/info/refs?service=${service}`;
}

type Credential = HttpQuestion["credential"];

/** Asks each distinct question once, however many routes want to know. */
export class Asker {
  private readonly asked = new Map<string, Promise<HttpReply>>();
  constructor(
    private readonly eyes: Eyes,
    private readonly line: Line,
  ) {}

  get isProxied(): boolean {
    return this.line.proxy !== null;
  }

  async ask(url: string, credential: Credential): Promise<Answer> {
    return readReply(await this.reply(url, credential), (text) => this.eyes.vault.mask(text));
  }

  /** The reply as it came, for what only its headers tell (the server's clock). */
  reply(url: string, credential: Credential): Promise<HttpReply> {
    const key = [url, credential?.scheme, credential?.user, credential?.secret.ref].join("\0");
    const running =
      this.asked.get(key) ?? this.eyes.http.get({ url, credential, ...this.line, timeout: PATIENCE });
    this.asked.set(key, running);
    return running;
  }

  async askFor(route: Route, source: Source | null): Promise<Answer> {
    return this.ask(doorOf(route.url, route.direction), source === null ? null : credentialOf(route, source));
  }
}

function credentialOf(route: Route, source: Source): Credential {
  if (source.secret === null) return null;
  return {
    scheme: source.scheme === "bearer" ? "bearer" : "basic",
    user: userSent(route, source),
    secret: source.secret,
  };
}
