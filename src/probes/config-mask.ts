/** What in an entry of Git's configuration is secret, and the entry without it. */
import { MASK } from "../core/secret.ts";
import { mask, splitUrl } from "../core/url.ts";

type Scheme = "basic" | "bearer" | "other";

/** `Authorization: Basic dXNlcjpwYXNz`: the pair inside; `Bearer x`: the token. */
export function readAuthorization(
  value: string,
): { user: string | null; secret: string; scheme: Scheme } | null {
  const found = /^\s*authorization\s*:\s*(\S+)\s+(\S.*?)\s*$/i.exec(value);
  if (!found) return null;
  const [, scheme = "", rest = ""] = found;
  if (/^bearer$/i.test(scheme)) return { user: null, secret: rest, scheme: "bearer" };
  if (!/^basic$/i.test(scheme)) return { user: null, secret: rest, scheme: "other" };
  const text = Buffer.from(rest, "base64").toString("utf8");
  const colon = text.indexOf(":");
  return colon < 0
    ? { user: null, secret: rest, scheme: "other" }
    : { user: text.slice(0, colon), secret: text.slice(colon + 1), scheme: "basic" };
}

/** The secret a value or key contains, if any, with the user beside it. */
export function secretIn(name: string, subsection: string | null, value: string | null) {
  const header = name === "extraheader" && value !== null ? readAuthorization(value) : null;
  if (header) return { secret: header.secret, user: header.user };
  // Git takes a proxy without a scheme, too.
  const url = name === "proxy" && value !== null && !value.includes("://") ? `http://${value}` : value;
  for (const text of [url, subsection]) {
    const parts = text === null ? null : splitUrl(text);
    if (parts?.password) return { secret: parts.password, user: parts.user };
  }
  const inShell = name === "helper" ? /password=["']?([^\s"';]+)/.exec(value ?? "")?.[1] : undefined;
  return inShell && !inShell.startsWith("$") ? { secret: inShell, user: null } : null;
}

/** What a shell helper may hold beside `password=…`: words that `printf` fills in, and a pair for `curl`. */
function maskShell(value: string): string {
  return value
    .replace(/((?:password|token|secret)=["']?)[^\s"';$][^\s"';]*/gi, `$1${MASK}`)
    .replace(/(%s\S*|password=‹secret›\S*)(?:\s+(?:"[^"$]*"|'[^']*'|[^\s"'$;&|{}]+))+/g, `$1 ${MASK}`)
    .replace(/(\s(?:-u|--user)[\s=]{1,3}["']?[^\s:"'$]{1,256}:)[^\s"'$]+/g, `$1${MASK}`);
}

/** The value as it may leave the probes. */
export function maskValue(name: string, value: string | null): string | null {
  if (value === null) return null;
  if (name === "extraheader") {
    // A header without a colon is nothing to Git, and might be all secret.
    const [, head, scheme = ""] =
      /^([\w-]+:)(?:\s*(basic|bearer|digest|negotiate|token)(?=\s))?/i.exec(value) ?? [];
    if (value.trim() === "") return value;
    return [head, scheme, MASK].filter(Boolean).join(" ");
  }
  if (name === "proxy" && !value.includes("://")) return mask(`http://${value}`).slice("http://".length);
  return name === "helper" && value.startsWith("!") ? maskShell(mask(value)) : mask(value);
}
