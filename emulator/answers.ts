/**
 * Every refusal of Bitbucket's, to the letter. Marks: [seen] in users' transcripts, [doc] Atlassian's
 * documentation, [inferred] neither. All as of 2026-11-23; content types on the Git host are [inferred] throughout.
 */
import type { Refusal } from "./identify.ts";
import type { Switches } from "./switches.ts";
import type { Credential } from "./world.ts";

/** The challenge of both hosts. [seen, doc] */
const BASIC_CHALLENGE = 'Basic realm="Bitbucket.org HTTP"';
/** The challenge to a Bearer that is no access token. [seen] */
const BEARER_CHALLENGE = "BitbucketCustom realm=Bitbucket.org HTTP";

/** The sentence for half a dozen causes. [seen] */
const NO_ACCESS =
  "You may not have access to this repository or it no longer exists in this workspace. " +
  "If you think this repository exists and you have access, make sure you are authenticated.";
/** [seen] on both hosts. */
const SCOPE_MISSING = "Your credentials lack one or more required privilege scopes.";
/** [seen] on both hosts. */
const APP_PASSWORD_REMOVED = "App passwords are deprecated and must be replaced with API tokens.";
const CHANGES = "https://developer.atlassian.com/cloud/bitbucket/changelog";
/** [seen] */
const BEARER_REFUSED = "Token is invalid, expired, or not supported for this endpoint.";

interface GitAnswer {
  status: number;
  lines: readonly string[];
}

const NO_ACCESS_ON_GIT: GitAnswer = { status: 401, lines: [NO_ACCESS] };

/** What Git is told: the lines it prints after `remote: `. */
const GIT: Readonly<Record<Refusal, GitAnswer>> = {
  // [inferred]: git asks for a credential instead of printing the body.
  "credential-needed": NO_ACCESS_ON_GIT,
  // [seen]
  "app-password-removed": {
    status: 410,
    lines: [
      "CHANGE-3222 - Functionality has been deprecated",
      APP_PASSWORD_REMOVED,
      `${CHANGES}#CHANGE-3222`,
    ],
  },
  // [seen 2022]; whether it is still said is [inferred].
  "account-password": {
    status: 401,
    lines: [
      "Bitbucket Cloud recently stopped supporting account passwords for Git authentication.",
      "See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231",
      "App passwords are recommended for most use cases and can be created in your Personal settings:",
      "https://bitbucket.org/account/settings/app-passwords/",
    ],
  },
  // [seen]
  "login-failed": {
    status: 401,
    lines: [
      "Login failed due to incorrect login credentials or method.",
      "If you are unsure of which login details or login method to use, visit:",
      "https://support.atlassian.com/bitbucket-cloud/docs/log-into-or-connect-to-bitbucket-cloud/",
    ],
  },
  // [seen]
  "no-access": NO_ACCESS_ON_GIT,
  "basic-refused": NO_ACCESS_ON_GIT,
  "bearer-refused": NO_ACCESS_ON_GIT,
  "bearer-refused-without-scopes": NO_ACCESS_ON_GIT,
  "oauth-expired": NO_ACCESS_ON_GIT,
  "account-needed": NO_ACCESS_ON_GIT,
  "administrator-needed": NO_ACCESS_ON_GIT,
  // [inferred]: only with its switch
  "api-token-expired": { status: 401, lines: [BEARER_REFUSED] },
  // The next three: [doc], error-403-when-performing-git-operations
  "address-not-allowed": {
    status: 403,
    lines: ["To access this repository, an admin must whitelist your IP."],
  },
  "two-step-required": { status: 403, lines: ["To access this repository, enable two-step authentication."] },
  forbidden: {
    status: 403,
    lines: [
      "The requested repository either does not exist or you do not have access. " +
        "If you believe this repository exists and you have access, make sure you're authenticated.",
    ],
  },
  // [seen]
  "scope-missing": { status: 403, lines: [SCOPE_MISSING] },
};

/** With a 401 comes the challenge. */
export const challengeFor = (status: number): Record<string, string> =>
  status === 401 ? { "WWW-Authenticate": BASIC_CHALLENGE } : {};

/** The Git host's refusal. */
export function gitRefusal(refusal: Refusal, switches: Switches): Response {
  const { status, lines } = GIT[refusal];
  const headers = { "Content-Type": switches.gitErrorType, ...challengeFor(status) };
  return new Response(lines.join("\n"), { status, headers });
}

/** The same refusal to Git LFS, which reads JSON. The form is LFS's own; the words are Git's. [inferred] */
export function lfsRefusal(refusal: Refusal, switches: Switches): Response {
  const { status: usual, lines } = GIT[refusal];
  const status = refusal === "credential-needed" ? switches.lfsAnonymous : usual;
  const headers: Record<string, string> = { "Content-Type": "application/vnd.git-lfs+json" };
  if (status === 401) {
    headers["WWW-Authenticate"] = BASIC_CHALLENGE;
    headers["LFS-Authenticate"] = BASIC_CHALLENGE;
  }
  return Response.json({ message: lines.join("\n") }, { status, headers });
}

/** `{"type":"error","error":{…}}`. [seen] */
export function restError(
  status: number,
  error: { message: string; detail?: unknown; data?: unknown },
  headers: Record<string, string> = {},
): Response {
  return Response.json({ type: "error", error }, { status, headers });
}

/** `required` and `granted` in the vocabulary of the credential. [seen] */
export function restScopeMissing(required: readonly string[], granted: readonly string[]): Response {
  return restError(403, { message: SCOPE_MISSING, detail: { required, granted } });
}

/** Which members follow `message` is known for CHANGE-2770 [seen] and [inferred] for the others. */
function changed(status: number, message: string, change: string): Response {
  const data = { announcement_url: `${CHANGES}#${change}` };
  const detail = "Please read the changelog entry for more details.";
  return Response.json({ type: "error", error: { message, detail, data }, data }, { status });
}

/** The cross-workspace endpoints. [seen] */
export function endpointRemoved(): Response {
  return changed(410, "CHANGE-2770 - Functionality has been deprecated", "CHANGE-2770");
}

/** REST with a token on `bitbucket.org`. That it is refused is [doc], how is [inferred]. */
export function wrongRestHost(status: number): Response {
  return changed(status, "CHANGE-3052 - Functionality has been deprecated", "CHANGE-3052");
}

function basicRefused(switches: Switches): Response {
  if (switches.restBasicRefusedBody === "login-failed") return loginFailedOnRest();
  return new Response(null, { status: 401, headers: challengeFor(401) });
}

/** The end of its last line is elided in the only transcript. [seen] */
function loginFailedOnRest(): Response {
  const text =
    "Login failed due to incorrect login credentials or method.\n" +
    "For information on authentication methods for Bitbucket Cloud APIs, visit:\n https://developer.atlassian.com";
  return new Response(text, { status: 401, headers: { "Content-Type": "text/plain", ...challengeFor(401) } });
}

const bearerRefused = (headers: Record<string, string> = {}): Response =>
  restError(401, { message: BEARER_REFUSED }, { "WWW-Authenticate": BEARER_CHALLENGE, ...headers });

/** REST's refusal. `accepted`: the legacy scopes the endpoint takes. */
export function restRefusal(refusal: Refusal, switches: Switches, accepted: readonly string[]): Response {
  const inGit = GIT[refusal];
  switch (refusal) {
    case "app-password-removed":
      return changed(401, APP_PASSWORD_REMOVED, "CHANGE-3222");
    case "account-password":
    case "login-failed":
      return loginFailedOnRest();
    case "basic-refused":
    case "credential-needed":
      return basicRefused(switches);
    case "bearer-refused-without-scopes":
      return bearerRefused();
    case "bearer-refused":
    case "api-token-expired":
      return bearerRefused({ "X-Accepted-OAuth-Scopes": accepted.join(", ") });
    case "oauth-expired":
      return restError(401, {
        message: "Access token expired. Use your refresh token to obtain a new access token.",
      });
    case "no-access":
      return restError(404, { message: NO_ACCESS });
    case "account-needed":
    case "administrator-needed":
      // [inferred]: that it is 403 is [doc] for `/2.0/user` with an access token, its words are not known.
      return restError(403, { message: "Forbidden" });
    default:
      return restError(inGit.status, { message: inGit.lines.join("\n") });
  }
}

/** Access to another repository than the access token's own. [inferred] */
export function otherRepository(status: 403 | 404): Response {
  return restError(status, { message: status === 404 ? NO_ACCESS : "Forbidden" });
}

/** [seen] */
export function noWorkspace(slug: string): Response {
  return restError(404, { message: `No workspace with identifier '${slug}'.` });
}

/** An address below `/2.0` that is none. [seen] */
export function noSuchAddress(): Response {
  return restError(404, { message: "Resource not found", detail: "There is no API hosted at this URL" });
}

/** An address of `api.bitbucket.org` without `/2.0`. [seen once] */
export function baseUrlWrong(): Response {
  return restError(403, { message: "Forbidden" });
}

/** [seen]; `Retry-After` is [inferred]. */
export function rateLimited(rest: boolean, retryAfterSeconds: number): Response {
  const message = "Rate limit for this resource has been exceeded";
  const headers = { "Retry-After": String(retryAfterSeconds) };
  if (rest) return restError(429, { message }, headers);
  return new Response(message, { status: 429, headers: { ...headers, "Content-Type": "text/plain" } });
}

/** `x-credential-type`: these four are [seen]. */
const CREDENTIAL_TYPES: Partial<Record<Credential["kind"], string>> = {
  "api-token": "api_token",
  "repository-token": "repo_access_token",
  "project-token": "project_access_token",
  "workspace-token": "workspace_access_token",
};

/** What every authenticated REST answer tells about the credential. [doc for access tokens, seen once for API tokens] */
export function credentialHeaders(
  credential: Credential,
  accepted: readonly string[],
  switches: Switches,
): Record<string, string> {
  const type = CREDENTIAL_TYPES[credential.kind] ?? switches.otherCredentialType;
  return {
    "X-OAuth-Scopes": (credential.scopes ?? []).join(", "),
    "X-Accepted-OAuth-Scopes": accepted.join(", "),
    ...(type ? { "X-Credential-Type": type } : {}),
    ...(credential.kind === "api-token" ? { "X-Token-Id": credential.id } : {}),
  };
}
