import { existsSync, readFileSync } from "node:fs";
import type { Http, HttpOrder, HttpQuestion, HttpReply, Vault } from "./ports.ts";

/** More than any of Bitbucket's answers to a refused request; an advertisement of refs is cut here. */
const BODY_LIMIT = 16_384;

/** Where systems keep the authorities they trust. Bun brings a list of its own, without a company's. */
const SYSTEM_BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

function systemAuthorities(): string | undefined {
  const bundle = SYSTEM_BUNDLES.find((path) => existsSync(path));
  return bundle === undefined ? undefined : readFileSync(bundle, "utf8");
}

function authorization(question: HttpQuestion, vault: Vault): Record<string, string> {
  if (question.credential === null) return {};
  const { scheme, user, secret } = question.credential;
  const text = vault.reveal(secret);
  if (scheme === "raw") return { Authorization: text };
  if (scheme === "bearer") return { Authorization: `Bearer ${text}` };
  return { Authorization: `Basic ${Buffer.from(`${user}:${text}`).toString("base64")}` };
}

async function readSome(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size < BODY_LIMIT) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    size += value.length;
  }
  await reader.cancel().catch(() => {});
  // One piece may be larger than the limit by itself.
  return Buffer.concat(parts).subarray(0, BODY_LIMIT).toString("utf8");
}

function failureOf(error: unknown): HttpReply {
  const { code, name, message } = error as { code?: unknown; name?: string; message?: string };
  if (name === "TimeoutError" || name === "AbortError")
    return { kind: "failure", code: "TIMEOUT", message: "" };
  // Only the status in a proxy's refusal is kept: messages can repeat URLs.
  const proxyStatus = code === "ERR_PROXY_TUNNEL" ? (/\b(\d{3})\b/.exec(message ?? "")?.[1] ?? "") : "";
  return { kind: "failure", code: typeof code === "string" ? code : "UNKNOWN", message: proxyStatus };
}

/**
 * Variables that Bun's fetch would obey on its own. Which proxy applies is decided by Git's rules before, and
 * nothing may switch certificate checks off for a request that carries a credential.
 */
const OBEYED = [
  "HTTPS_PROXY",
  "https_proxy",
  "HTTP_PROXY",
  "http_proxy",
  "ALL_PROXY",
  "all_proxy",
  "NO_PROXY",
  "no_proxy",
];

function stopObeyingVariables(): void {
  for (const name of OBEYED) delete process.env[name];
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
}

/** What a request is beside where it goes and how. */
function contentOf({ method, json }: HttpOrder): { method: string; body?: string; type?: string } {
  return json === undefined ? { method } : { method, body: JSON.stringify(json), type: "application/json" };
}

/** HTTPS through Bun's fetch. The credential is put together here and nowhere else. */
export function realHttp(vault: Vault): Http {
  let system: string | undefined | null = null;
  stopObeyingVariables();
  const ask = async (
    question: HttpQuestion,
    { method, body, type }: ReturnType<typeof contentOf>,
  ): Promise<HttpReply> => {
    if (system === null && question.ca === null) system = systemAuthorities();
    const ca = question.ca ?? system ?? undefined;
    const started = performance.now();
    try {
      const response = await fetch(question.url, {
        method,
        redirect: "manual",
        headers: {
          ...authorization(question, vault),
          ...(type === undefined ? {} : { "Content-Type": type }),
          Accept: "*/*",
          "User-Agent": "git-rekey",
        },
        ...(body === undefined ? {} : { body }),
        ...(question.proxy === null ? {} : { proxy: question.proxy }),
        signal: AbortSignal.timeout(question.timeout),
        tls: { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) },
      });
      const text = await readSome(response);
      return {
        kind: "answer",
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: text,
        took: performance.now() - started,
      };
    } catch (error) {
      return failureOf(error);
    }
  };
  return {
    get: (question) => ask(question, { method: "GET" }),
    send: (order) => ask(order, contentOf(order)),
  };
}
