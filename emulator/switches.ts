/**
 * Everything about Bitbucket that is not certain, or that changes, as a switch; and the faults to suffer.
 * Defaults are the state since 2026-07-28 and the likeliest reading of the facts as of 2026-11-23.
 */
import type { Fault } from "./faults.ts";

export interface Switches {
  /** `before`: app passwords work. `brownout`: by the calendar and the emulator's clock. `after`: refused for good. [doc] */
  era: "before" | "brownout" | "after";
  /** An app password that is wrong, or right under another user's name: told apart from a right one? [inferred] */
  appPasswordWithWrongSecret: "401" | "410";
  /** Git's answer to a secret that has no known form. Both texts are [seen]. */
  unknownSecretOnGit: "no-access" | "login-failed";
  /** A scoped API token sent as Bearer. Sources contradict each other; most say 401. [inferred] */
  apiTokenAsBearer: "401" | "accept";
  /** Whether Git accepts an OAuth token under its owner's user name, which Git Credential Manager sends. [inferred] */
  oauthUnderOwnName: boolean;
  /** Whether REST accepts an access token as Basic `x-token-auth`. [inferred] */
  accessTokenAsBasicOnRest: boolean;
  /** What Git says to an expired API token; no text of its own is known. [inferred] */
  expiredTokenOnGit: "no-access" | "expired";
  /** Authenticated but without permission, on Git: the 401 sentence of transcripts or the 403 of the knowledge base. [seen, doc] */
  forbiddenGitText: "401-text" | "403-text";
  /** Only 401s to *unscoped* tokens lack `x-accepted-oauth-scopes`. [seen once] */
  unscopedRestFingerprint: boolean;
  /** Body of the 401 to a wrong Basic pair on REST. Both [seen]. */
  restBasicRefusedBody: "empty" | "login-failed";
  /** REST with an access token of another repository. [inferred] */
  otherRepositoryRest: 404 | 403;
  /** Whether CHANGE-2770's endpoints ask for a credential before they say 410. [inferred] */
  removedEndpointsNeedAuth: boolean;
  /** REST with a token on `bitbucket.org/api` or `/!api` (CHANGE-3052): the status is not documented. [inferred] */
  restOnGitHost: 401 | 403 | 410;
  /** Archive download with a refused credential. 302 is [seen once]. */
  archiveRefusal: 302 | 401;
  /** Whether `# service=…` ends in a line feed; Bitbucket's has none. [seen once] */
  advertisementServiceLineLf: boolean;
  /** Content type of Git's refusals; git prints only text/plain. [inferred] */
  gitErrorType: string;
  /** LFS to nobody: Bitbucket once answered 403, which keeps git-lfs from asking for a credential. [seen 2017] */
  lfsAnonymous: 401 | 403;
  /** `x-credential-type` for OAuth tokens and app passwords, whose values are unknown; null: no such header. */
  otherCredentialType: string | null;
  /** Before SSH's refusals to accounts, which have it in old transcripts alone. [seen] */
  sshRefusalPrefix: "" | "conq: ";
  /** What `ssh -T` ends with: scripts are [seen] to expect either. */
  sshWelcomeExit: 0 | 1;
  /** Where Bitbucket sees requests come from. */
  clientAddress: string;
  /** Faults; the first that fits a request is suffered. */
  faults: Fault[];
}

/** The switches as described above. */
export function defaultSwitches(): Switches {
  return {
    era: "after",
    appPasswordWithWrongSecret: "401",
    unknownSecretOnGit: "no-access",
    apiTokenAsBearer: "401",
    oauthUnderOwnName: true,
    accessTokenAsBasicOnRest: false,
    expiredTokenOnGit: "no-access",
    forbiddenGitText: "401-text",
    unscopedRestFingerprint: true,
    restBasicRefusedBody: "empty",
    otherRepositoryRest: 404,
    removedEndpointsNeedAuth: false,
    restOnGitHost: 410,
    archiveRefusal: 302,
    advertisementServiceLineLf: false,
    gitErrorType: "text/plain; charset=utf-8",
    lfsAnonymous: 401,
    otherCredentialType: null,
    sshRefusalPrefix: "",
    sshWelcomeExit: 0,
    clientAddress: "198.51.100.7",
    faults: [],
  };
}
