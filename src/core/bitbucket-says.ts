/**
 * Bitbucket's own sentences, once. Each row carries its mark and when it was last seen in public, as in `bitbucket.ts`:
 * [doc] documentation, [seen] users' transcripts, [inferred] neither.
 */

/** What is said without saying anything more. */
type PlainKind =
  | "app-password"
  | "account-password"
  | "login-failed"
  | "no-access-or-bad-credential"
  | "ip-not-allowed"
  | "two-step-required"
  | "no-permission"
  | "rate-limited"
  | "endpoint-removed"
  | "token-invalid-bearer"
  | "oauth-expired"
  | "rest-base-missing"
  | "repository-missing";

/** One thing Bitbucket says, as far as its words tell. */
export type BitbucketSaying =
  | { kind: PlainKind }
  | {
      kind: "scope-missing";
      /** Null where it does not say: Git's host never does, REST does. */
      required: readonly string[] | null;
      granted: readonly string[] | null;
    }
  | { kind: "branch-restricted"; branch: string };

export type SayingKind = BitbucketSaying["kind"];

/** A saying with the place in the text where its sentence begins. */
export interface FoundSaying {
  saying: BitbucketSaying;
  at: number;
  /** False for words other servers use too: they are Bitbucket's only where the host is known to be. */
  own: boolean;
}

/**
 * A pattern that also fits where a terminal or a mail program broke the line: each blank may have grown or gone.
 * The source must have no blank inside a character class.
 */
export function loose(pattern: RegExp): RegExp {
  return new RegExp(pattern.source.replaceAll(" ", "\\s{0,3}"), "i");
}

interface Row {
  kind: SayingKind;
  /** A word every match contains, in lower case; looked for first, because that is cheap. */
  key: string;
  pattern: RegExp;
  own: boolean;
}

function row(kind: SayingKind, key: string, pattern: RegExp, own: "own" | "shared" = "own"): Row {
  return { kind, key, pattern: loose(pattern), own: own === "own" };
}

/**
 * First match decides for a whole body, so the order is from narrow to wide: CHANGE-2770 stands before everything
 * about app passwords, because both are 410 and only the number tells them apart.
 */
const ROWS: readonly Row[] = [
  // [doc] the answer of the cross-workspace endpoints removed in 2026-04; nothing to do with credentials
  row("endpoint-removed", "change-2770", /CHANGE-2770/),
  // [seen 2026-08-25] Git over HTTPS, 410; [seen 2026-07] REST, 401
  row("app-password", "change-3222", /CHANGE-3222/),
  row("app-password", "deprecated", /App passwords are deprecated and must be replaced/),
  // [seen 2022] names its own reason; mentions app passwords only as advice
  row("account-password", "account", /recently stopped supporting account passwords/),
  // [seen 2023] Git and REST differ in the lines that follow
  row("login-failed", "login", /Login failed due to incorrect login credentials or method/),
  // [seen 2018] its second half is Bitbucket's alone; the first half GitHub says too
  row("login-failed", "two-step", /Invalid username or password\. If your organization manages your account/),
  row("login-failed", "invalid", /Invalid username or password/, "shared"),
  // [seen 2026] one sentence for six causes: Git 401, REST 404
  row(
    "no-access-or-bad-credential",
    "repository",
    /You may not have access to this repository or it no longer/,
  ),
  // [seen 2026] Git and REST 403
  row("scope-missing", "credentials", /Your credentials lack one or more required privilege scopes/),
  // [doc] knowledge base on 403 with Git
  row("ip-not-allowed", "whitelist", /To access this repository, an admin must whitelist your IP/),
  row(
    "two-step-required",
    "two-step",
    /To access this repository, enable two-step (?:authentication|verification)/,
  ),
  row("no-permission", "either", /The requested repository either does not exist or you do not have access/),
  // [seen 2023] before `pre-receive hook declined`
  row("branch-restricted", "branch", /Permission denied to update branch (?<branch>[^\s"\\]{1,250})/),
  // [doc]
  row("rate-limited", "limit", /Rate limit for this resource has been exceeded/),
  // [seen 2025] REST, Bearer with a token that is neither an access token nor OAuth
  row("token-invalid-bearer", "supported", /Token is invalid, expired, or not supported for this endpoint/),
  // [seen] REST, OAuth token older than two hours
  row(
    "oauth-expired",
    "refresh",
    /Access token expired\. Use your refresh token to obtain a new access token/,
  ),
  // [seen, one source] https://api.bitbucket.org/user without /2.0; everybody says "Forbidden", so only as JSON
  row("rest-base-missing", "forbidden", /"error": \{ "message": "Forbidden" \}/, "shared"),
  // [doc] older REST text, and the one for a workspace that is not there
  row("repository-missing", "repository", /Repository [\w.-]{1,100}\/[\w.-]{1,100} not found/, "shared"),
  row("repository-missing", "workspace", /No workspace with identifier/),
];

/** A line with none of these words holds none of the sentences. */
export const SAYING_KEYS: readonly string[] = ROWS.map(({ key }) => key);

/** Escaped JSON, HTML entities and `remote: ` in front of every line, taken away. */
function plain(text: string): string {
  return text
    .replace(/^[ \t]*remote: ?/gm, "")
    .replace(/\\{1,8}u([0-9a-fA-F]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\{1,8}(["'/])/g, "$1")
    .replace(/\\{1,8}[nrt]/g, " ");
}

/** The names in `"required": ["a", "b"]`; null where the member is missing. */
function namesOf(text: string, member: "required" | "granted"): readonly string[] | null {
  const list = new RegExp(`["']${member}["']\\s*:\\s*\\[([^\\]]{0,2000})\\]`).exec(text)?.[1];
  // Only what a scope can look like: the list is shown to people.
  return list === undefined ? null : (list.match(/[a-z][a-z-]*(?::[a-z-]+){0,2}/g) ?? []);
}

function sayingOf(kind: SayingKind, match: RegExpExecArray, text: string): BitbucketSaying {
  if (kind === "scope-missing")
    return { kind, required: namesOf(text, "required"), granted: namesOf(text, "granted") };
  if (kind === "branch-restricted")
    return { kind, branch: (match.groups?.branch ?? "").replace(/[.,;]+$/, "") };
  return { kind };
}

/**
 * Every sentence of Bitbucket's in one line of somebody's output. `after` is the text that follows the line: a
 * pretty-printed body has its scopes there. For pasted text; an HTTP body is for `readBody`.
 */
export function sayingsIn(line: string, after = ""): readonly FoundSaying[] {
  const lower = line.toLowerCase();
  const found: FoundSaying[] = [];
  for (const { kind, key, pattern, own } of ROWS) {
    if (!lower.includes(key)) continue;
    const match = pattern.exec(line);
    // The short form of a sentence is not a second saying.
    if (!match || found.some((other) => other.at === match.index)) continue;
    found.push({ saying: sayingOf(kind, match, plain(`${line}\n${after}`)), at: match.index, own });
  }
  return found;
}

/**
 * What a body of Bitbucket's says: JSON (also escaped), plain text, or Git's `remote: ` lines. Null for words that
 * are not known. Only for answers known to come from Bitbucket: some of its words other servers use too.
 */
export function readBody(text: string): BitbucketSaying | null {
  // No answer of Bitbucket's is longer; somebody else's page may be.
  const body = plain(text.slice(0, 20_000));
  const lower = body.toLowerCase();
  for (const { kind, key, pattern } of ROWS) {
    const match = lower.includes(key) ? pattern.exec(body) : null;
    if (match) return sayingOf(kind, match, body);
  }
  return null;
}
