import { GIT_HOST, repositoryOf } from "./bitbucket.ts";
import type { SecretShape } from "./secret.ts";
import type { RemoteUrl } from "./setup.ts";
import { mask, type SplitUrl, splitUrl } from "./url.ts";

/** `user@host:path`, which Git takes for SSH. A colon before the first slash, and no `://`. */
const SCP = /^(?:([^@/\s]+)@)?([^:/\s[\]]+|\[[^\]]+\]):(?!\/\/)(.*)$/;

function transportOf(scheme: string): RemoteUrl["transport"] {
  if (scheme === "https" || scheme === "http") return scheme;
  return scheme === "ssh" || scheme === "git+ssh" || scheme === "ssh+git" ? "ssh" : "other";
}

/** Whether Git would run ssh for it. */
export function isOverSsh(text: string): boolean {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  return scheme === undefined ? SCP.test(text) : transportOf(scheme.toLowerCase()) === "ssh";
}

function isBitbucket(host: string, transport: RemoteUrl["transport"], port: number | null): boolean {
  if (host !== GIT_HOST) return false;
  return transport === "https" ? port === null || port === 443 : transport === "ssh";
}

function fromScp(text: string): RemoteUrl | null {
  const found = SCP.exec(text);
  if (!found) return null;
  const [, user = null, host = "", path = ""] = found;
  return {
    text: mask(text),
    transport: "ssh",
    user,
    password: null,
    userSecret: null,
    host: host.toLowerCase(),
    port: null,
    path: `/${path.replace(/^\//, "")}`,
    repository: repositoryOf(path),
    isBitbucket: host.toLowerCase() === GIT_HOST,
  };
}

/**
 * A URL as the rest of git-rekey may know it. `keep` is called with each secret in it and gives back its shape.
 * Never throws: what is not a URL is a local path.
 */
export function readRemoteUrl(
  text: string,
  keep: (secret: string, parts: SplitUrl) => SecretShape,
): RemoteUrl {
  const parts = splitUrl(text);
  if (parts === null) {
    const scp = fromScp(text);
    if (scp !== null) return scp;
    const path = mask(text);
    const nothing = { user: null, password: null, userSecret: null, host: "", port: null, repository: null };
    return { text: path, transport: "other", path, isBitbucket: false, ...nothing };
  }
  const transport = transportOf(parts.scheme);
  const userIsSecret = /^(ATBB|ATATT|ATCTT|BBDC-)/.test(parts.user ?? "");
  return {
    text: mask(text),
    transport,
    user: userIsSecret ? null : parts.user,
    password: parts.password ? keep(parts.password, parts) : null,
    userSecret: userIsSecret && parts.user ? keep(parts.user, parts) : null,
    host: parts.host,
    port: parts.port,
    path: parts.path,
    repository: repositoryOf(parts.path),
    isBitbucket: isBitbucket(parts.host, transport, parts.port),
  };
}

/** The URL to put in its place: without secrets, for the given user, or without any. */
export function cleanUrl(url: RemoteUrl, user: string | null): string {
  // Written out, the usual port would make Git look for a credential of another host.
  const port = url.port === null || url.port === 443 ? "" : `:${url.port}`;
  return `https://${user === null ? "" : `${encodeURIComponent(user)}@`}${url.host}${port}${url.path}`;
}
