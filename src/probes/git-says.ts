/**
 * The wording of Git, curl, Git LFS, go-git, JGit and libgit2 when a remote refuses or cannot be reached. The keys are
 * the parts Git does not translate. What Bitbucket itself says is in `core/bitbucket-says.ts`.
 */
import { GIT_HOST } from "../core/bitbucket.ts";
import { loose } from "../core/bitbucket-says.ts";
import type { CheckId } from "../core/ids.ts";
import { SSH_GIT_ROWS } from "./git-says-ssh.ts";

export type Confidence = "certain" | "likely" | "possible";

export type Claim = readonly [id: CheckId, confidence: Confidence];

/**
 * How a message is known to concern Bitbucket. `named`: it names the host itself, and that must be Bitbucket's;
 * `near`: Git's own words, so the host named last; `beside`: words any program uses, so a host right beside them;
 * `local`: about this machine, so no other host around.
 */
export type About = "named" | "near" | "beside" | "local";

export interface GitRow {
  /** A word every match contains, lower case, without a blank; looked for first, because that is cheap. */
  key: string;
  pattern: RegExp;
  about: About;
  /** `status`: the number in the group `status` says it. */
  claims: readonly Claim[] | "status";
  /** It only follows from what the server said: a known sentence before it is the better answer. */
  follows: boolean;
  /** About a way over SSH, whose messages neither explain those of HTTPS nor follow from them. */
  ssh: boolean;
}

/** A match of a row, with what its groups caught. */
export interface GitSaying {
  row: GitRow;
  at: number;
  groups: Readonly<Record<string, string | undefined>>;
}

const STATUS = "(?<status>[1-5]\\d\\d)";
/** Any quotation mark of a translation; U+FFFD where a log lost it. */
const QUOTE = "['\"`‘’‚“”„«»‹›「」『』\\uFFFD]";
const URL = `(?<url>(?:https?|ssh):\\/\\/[^\\s'"\`‘’“”„«»‹›「」『』\\uFFFD]{1,1024})`;
/** The same at the beginning of a pattern: only where a word begins, so that no URL inside another is taken. */
const FREE_URL = `(?<![\\w/@.?&=%+-])${URL}`;
const HOST = "(?<host>[A-Za-z0-9][A-Za-z0-9.-]{0,252})";

function row(
  key: string,
  pattern: string,
  about: About,
  claims: GitRow["claims"],
  options = { follows: false },
): GitRow {
  return { key, pattern: loose(new RegExp(pattern)), about, claims, ssh: false, ...options };
}

const FOLLOWS = { follows: true };
const UNTRUSTED: readonly Claim[] = [["tls-untrusted", "certain"]];
/** A wrong date makes good certificates look so; so does a certificate that really is too old. */
const WRONG_DATE: readonly Claim[] = [
  ["tls-untrusted", "certain"],
  ["clock-skewed", "possible"],
];
const UNREACHED: readonly Claim[] = [["host-unreachable", "certain"]];
export const PROXY: readonly Claim[] = [["proxy-refused", "certain"]];
export const REFUSED: readonly Claim[] = [["token-refused", "likely"]];

const NOTHING_SENT: readonly Claim[] = [["no-credential", "certain"]];
const NOT_FOUND: readonly Claim[] = [["repository-not-accessible", "certain"]];
const HELPER: readonly Claim[] = [["helper-missing", "likely"]];
const OWNER: readonly Claim[] = [["repository-owner-differs", "certain"]];
const NO_READ: readonly Claim[] = [["read-scope-missing", "likely"]];
const NO_WRITE: readonly Claim[] = [["write-scope-missing", "likely"]];
const LIMITED: readonly Claim[] = [["rate-limited", "certain"]];
const BRANCH: readonly Claim[] = [["branch-restricted", "possible"]];

/**
 * In the order a line is read: every row that fits speaks, except that of the rows with a status only the first does,
 * because Git says one number several times in a line. So rows that catch the URL stand before those that do not.
 */
const ROWS: readonly GitRow[] = [
  ...SSH_GIT_ROWS,
  // remote-curl.c and http.c, git 2.22 to 2.55, verified
  row(
    "returned",
    `${QUOTE}${URL}${QUOTE}.{0,40}The requested URL returned error: ${STATUS}`,
    "named",
    "status",
    FOLLOWS,
  ),
  // git 1.8 (CentOS 7)
  row("accessing", `returned error: ${STATUS}.{0,60} while accessing ${URL}`, "named", "status", FOLLOWS),
  row("rpc", `RPC.{1,30}HTTP ${STATUS}`, "near", "status", FOLLOWS),
  row("returned", `The requested URL returned error: ${STATUS}`, "beside", "status", FOLLOWS),
  // git-lfs lfshttp/errors.go, 3.x
  row("http", `(?:Client|Server) error:? ${URL} from HTTP ${STATUS}`, "named", "status", FOLLOWS),
  // requests and httpx (Python); Composer; go-git v5; Apache and Jenkins plugins
  row("error", `${STATUS} (?:Client|Server) Error.{0,60} url:? ${QUOTE}?${URL}`, "named", "status", FOLLOWS),
  row("http", `${FREE_URL}.{0,80}\\bHTTP(?:\\/[\\d.]{1,3})? ${STATUS}\\b`, "named", "status", FOLLOWS),
  row("status", `${FREE_URL}.{0,10}status code: ${STATUS}`, "named", "status", FOLLOWS),
  row("http", `HTTP\\/[\\d.]{1,3} ${STATUS}\\b.{0,40} ${URL}`, "named", "status", FOLLOWS),
  // JGit TransportHttp: "<uri>: 410 Gone"
  row("http", `${FREE_URL}: ${STATUS} (?:[A-Z][a-z]{1,20}|$)`, "named", "status", FOLLOWS),
  // libgit2
  row("unexpected", `unexpected http status code: ${STATUS}`, "beside", "status", FOLLOWS),
  // isomorphic-git
  row("error:", `HTTP Error: ${STATUS}\\b`, "beside", "status", FOLLOWS),
  // curl -v, GIT_CURL_VERBOSE: a first 401 is no failure there, and a 403 has its reason in the body
  row(
    "http/",
    "^(?:.{0,40}(?:<|:) )?HTTP\\/[\\d.]{1,3} (?<status>410|429|5\\d\\d)\\b",
    "beside",
    "status",
    FOLLOWS,
  ),

  // credential.c and prompt.c, git 2.47, verified; never translated
  row("username", `could not read Username for ${QUOTE}${URL}${QUOTE}`, "named", NOTHING_SENT),
  row("password", `could not read Password for ${QUOTE}${URL}${QUOTE}`, "named", [
    ["no-credential", "certain"],
    ["username-pinned-in-url", "likely"],
  ]),
  row(
    "could",
    // macOS says "Device not configured", MSYS "No such file or directory"
    `could not read (?:Username|Password) for ${QUOTE}${URL}${QUOTE}: (?:terminal prompts disabled|No such device|Device not configured|Inappropriate ioctl|No such file)`,
    "named",
    [["fails-without-terminal", "likely"]],
  ),
  row("quit", "told us to quit", "local", [["no-credential", "likely"]]),
  row("unable", "unable to get password from user", "local", [
    ["no-credential", "certain"],
    ["fails-without-terminal", "likely"],
  ]),
  row("askpass", "unable to read askpass response from", "local", [["askpass-broken", "certain"]]),
  row("askpass", "cannot (?:run|exec) .{0,200}askpass", "local", [["askpass-broken", "certain"]]),
  row("askpass", "ssh_askpass: exec\\(", "local", [["askpass-broken", "likely"]]),
  // help.c: the sentence is translated, its beginning is not
  row("credential-", `git ?[:：] ?${QUOTE}credential-[\\w.-]{1,80}${QUOTE}`, "local", [
    ["helper-missing", "certain"],
  ]),
  row("credential-", "git-credential-[\\w.-]{1,80}.{0,40}: (?:command )?not found", "local", HELPER),
  row("credential-", "git-credential-[\\w.-]{1,80}: No such file", "local", HELPER),
  // setup.c since 2.35.2; the advice is a command and so the same in every language
  row("dubious", "detected dubious ownership in repository", "local", OWNER),
  row("unsafe", `unsafe repository \\(${QUOTE}.{1,300} is owned by someone else`, "local", OWNER),
  row("safe.directory", "git config --global --add safe\\.directory", "local", [
    ["repository-owner-differs", "likely"],
  ]),

  // The network: curl's words, with the host that was tried. A proxy's name there is not Bitbucket's.
  row("proxy", `Could not resolve proxy:`, "beside", PROXY),
  row("proxy", "Received HTTP code \\d{3} from proxy after CONNECT", "beside", PROXY),
  row("connect", "CONNECT tunnel failed, response \\d{3}", "beside", PROXY),
  row("proxy", "Proxy CONNECT aborted|Proxy Authentication Required", "beside", PROXY),
  row("resolve", `Could not resolve host(?:name)?:? ${QUOTE}?${HOST}`, "named", UNREACHED),
  row("connect", `Failed to connect to ${HOST} port`, "named", UNREACHED),
  row(
    "lookup",
    `dial tcp: lookup ${HOST}.{0,80}(?:no such host|i\\/o timeout|server misbehaving)`,
    "named",
    UNREACHED,
  ),
  row("unknownhost", `UnknownHostException: ${HOST}`, "named", UNREACHED),
  row("timed", "(?:Connection|Operation|Resolving) timed out", "beside", UNREACHED),
  row("unreachable", "Network is unreachable", "beside", UNREACHED),
  row("route", "No route to host", "beside", UNREACHED),

  // TLS: OpenSSL, GnuTLS, Schannel, Secure Transport, Go, Java. Dates before the rest: they say more.
  row("certificate", "certificate (?:is not yet valid|has expired)", "beside", WRONG_DATE),
  row(
    "cert",
    "SEC_E_CERT_EXPIRED|CERT_E_EXPIRED|Certificate(?:Expired|NotYetValid)Exception",
    "beside",
    WRONG_DATE,
  ),
  row(
    "certificate",
    "The certificate chain uses (?:expired|not yet valid) certificate",
    "beside",
    WRONG_DATE,
  ),
  row("ssl", "SSL certificate problem", "beside", UNTRUSTED),
  row("certificate", "server certificate verification failed", "beside", UNTRUSTED),
  row(
    "certificate",
    "server verification failed: certificate|peer certificate cannot be authenticated",
    "beside",
    UNTRUSTED,
  ),
  row(
    "schannel",
    "schannel:.{0,120}(?:SEC_E_UNTRUSTED_ROOT|SEC_E_WRONG_PRINCIPAL|CRYPT_E_|CERT_TRUST_)",
    "beside",
    UNTRUSTED,
  ),
  row(
    "ssl",
    "SSL: (?:no alternative certificate|certificate) subject name.{0,40} (?:matches|does not match)",
    "beside",
    UNTRUSTED,
  ),
  row(
    "ssl",
    "errSSLXCertChainInvalid|SSL.{0,40}(?:Invalid certificate chain|error -98\\d\\d)",
    "beside",
    UNTRUSTED,
  ),
  row("x509", "x509: certificate", "beside", UNTRUSTED),
  row("pkix", "PKIX path building failed", "beside", UNTRUSTED),
  // Also what a proxy that speaks no TLS looks like, therefore not certain
  row("gnutls", "gnutls_handshake\\(\\) failed", "beside", [["tls-untrusted", "likely"]]),

  // http.c since 2.54, with http.maxRetries
  row("rate", `rate limited by ${QUOTE}${URL}${QUOTE}`, "named", LIMITED, FOLLOWS),
  row("exceeded", `Rate limit exceeded: ${URL}`, "named", LIMITED, FOLLOWS),

  // The consequences of a refusal: without a sentence of Bitbucket's they are all there is
  row("authentication", `Authentication failed for ${QUOTE}${URL}${QUOTE}?`, "named", REFUSED, FOLLOWS),
  row("repository", `repository ${QUOTE}${URL}${QUOTE} not found`, "named", NOT_FOUND, FOLLOWS),
  // Git LFS says this for 401 and for 403
  row("authorization", `Authorization error: ${URL}`, "named", REFUSED, FOLLOWS),
  row("credentials", `Git credentials for ${URL} not found`, "named", NOTHING_SENT),
  row(
    "object",
    `Repository or object not found: ${URL}`,
    "named",
    [["repository-not-accessible", "likely"]],
    FOLLOWS,
  ),
  // JGit
  row("authorized", `${FREE_URL}: not authorized`, "named", REFUSED, FOLLOWS),
  row(
    "credentialsprovider",
    `${FREE_URL}: Authentication is required but no CredentialsProvider`,
    "named",
    NOTHING_SENT,
  ),
  row("receive-pack", `${FREE_URL}: git-receive-pack not permitted`, "named", NO_WRITE, FOLLOWS),
  row("upload-pack", `${FREE_URL}: git-upload-pack not permitted`, "named", NO_READ, FOLLOWS),
  row(
    "basic",
    `Failure authenticating with BASIC ${QUOTE}Bitbucket\\.org HTTP${QUOTE}@${HOST}:`,
    "named",
    REFUSED,
    FOLLOWS,
  ),
  // go-git and libgit2, which do not say where
  row("authentication", "\\bauthentication required\\b", "beside", [["token-refused", "possible"]], FOLLOWS),
  row("authentication", "remote authentication required but no callback set", "beside", [
    ["no-credential", "likely"],
  ]),
  row("replays", "too many redirects or authentication replays", "beside", REFUSED, FOLLOWS),
  // A hook of Bitbucket's declined: branch permissions most of the time, but also other hooks
  row("hook", "\\[remote rejected\\].{0,300}\\(pre-receive hook declined\\)", "near", BRANCH, FOLLOWS),
];

/** The keys of the rows that speak without a host beside them: with the host's own name, all a line can hold. */
export const UNNAMED_KEYS: readonly string[] = ROWS.flatMap(({ about, key }) =>
  about === "named" ? [] : [key],
);

/** What Git and its relatives say about Bitbucket or this machine in one line, in the order of the table. */
export function gitSays(line: string): readonly GitSaying[] {
  const lower = line.toLowerCase();
  // A message that names another host is nobody's business here, and most lines of a log name none.
  const named = lower.includes(GIT_HOST);
  const found: GitSaying[] = [];
  let hasStatus = false;
  for (const row of ROWS) {
    if (row.about === "named" && !named) continue;
    if (!lower.includes(row.key) || (hasStatus && row.claims === "status")) continue;
    // What every program says of a network that fails; ssh has said more.
    if (row.claims === UNREACHED && row.about === "beside" && found.some(({ row: { ssh } }) => ssh)) continue;
    const match = row.pattern.exec(line);
    if (!match) continue;
    if (row.claims === "status") hasStatus = true;
    found.push({ row, at: match.index, groups: match.groups ?? {} });
  }
  return found;
}
