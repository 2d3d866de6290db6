/** What people paste: every refusal known from Bitbucket Cloud, to the letter, with what it must be taken for. */
import type { CheckId } from "../../src/core/ids.ts";

interface Transcript {
  name: string;
  text: string;
  /** Most certain first. */
  ids: readonly CheckId[];
}

const URL = "https://bitbucket.org/yourteam/yourrepo.git/";

function refused403(sentence: string): string {
  return `remote: ${sentence}\nfatal: unable to access '${URL}': The requested URL returned error: 403`;
}

const NOT_SAID =
  "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.";

export const TRANSCRIPTS: readonly Transcript[] = [
  {
    name: "(a) app password",
    text: `remote: CHANGE-3222 - Functionality has been deprecated
remote: App passwords are deprecated and must be replaced with API tokens.
remote: https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222
fatal: unable to access '${URL}': The requested URL returned error: 410`,
    ids: ["app-password-sent"],
  },
  {
    name: "(a) app password, short",
    text: `remote: App passwords are deprecated and must be replaced with API tokens.
fatal: unable to access '${URL}': The requested URL returned error: 410`,
    ids: ["app-password-sent"],
  },
  {
    name: "(a) app password, status only",
    text: `fatal: unable to access '${URL}': The requested URL returned error: 410`,
    ids: ["app-password-sent"],
  },
  {
    name: "(b) catch-all",
    text: `remote: ${NOT_SAID}\nfatal: Authentication failed for '${URL}'`,
    ids: ["token-refused"],
  },
  { name: "(b) go-git", text: `authentication required: ${NOT_SAID}`, ids: ["token-refused"] },
  {
    name: "(b) without words",
    text: `fatal: Authentication failed for '${URL}'`,
    ids: ["token-refused"],
  },
  {
    name: "(c) scope, direction unknown",
    text: refused403("Your credentials lack one or more required privilege scopes."),
    ids: ["read-scope-missing", "write-scope-missing"],
  },
  {
    name: "(c) scope on clone",
    text: `Cloning into 'yourrepo'...\n${refused403("Your credentials lack one or more required privilege scopes.")}`,
    ids: ["read-scope-missing"],
  },
  {
    name: "(c) scope on push",
    text: `+ git push origin main\n${refused403("Your credentials lack one or more required privilege scopes.")}`,
    ids: ["write-scope-missing"],
  },
  {
    name: "(d) IP",
    text: refused403("To access this repository, an admin must whitelist your IP."),
    ids: ["ip-not-allowed"],
  },
  {
    name: "(d) two steps",
    text: refused403("To access this repository, enable two-step authentication."),
    ids: ["two-step-required"],
  },
  {
    name: "(d) no permission",
    text: refused403(
      "The requested repository either does not exist or you do not have access. If you believe this repository exists and you have access, make sure you're authenticated.",
    ),
    ids: ["repository-not-accessible"],
  },
  {
    name: "(e) account password",
    text: `remote: Bitbucket Cloud recently stopped supporting account passwords for Git authentication.
remote: See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231
remote: App passwords are recommended for most use cases and can be created in your Personal settings:
remote: https://bitbucket.org/account/settings/app-passwords/
fatal: Authentication failed for '${URL}'`,
    ids: ["account-password-sent"],
  },
  {
    name: "(f) wrong login or method",
    text: `remote: Login failed due to incorrect login credentials or method.
remote: If you are unsure of which login details or login method to use, visit:
remote: https://support.atlassian.com/bitbucket-cloud/docs/log-into-or-connect-to-bitbucket-cloud/
fatal: Authentication failed for '${URL}'`,
    ids: ["account-password-sent"],
  },
  {
    name: "(g) 2018",
    text: "remote: Invalid username or password. If your organization manages your account or you've enabled two-step verification, create an app password to log in: https://confluence.atlassian.com/x/9DJmMQ",
    ids: ["account-password-sent"],
  },
  {
    name: "(g) short",
    text: `remote: Invalid username or password\nfatal: Authentication failed for '${URL}'`,
    ids: ["account-password-sent"],
  },
  {
    name: "(h) nothing to send",
    text: "fatal: could not read Username for 'https://bitbucket.org': terminal prompts disabled",
    ids: ["no-credential", "fails-without-terminal"],
  },
  {
    name: "(i) branch restriction",
    text: `remote: Permission denied to update branch main.
 ! [remote rejected] main -> main (pre-receive hook declined)
error: failed to push some refs to '<Repo>'`,
    ids: ["branch-restricted"],
  },
  {
    name: "(j) a push that went well",
    text: `remote: \nremote: Create pull request for feature/x:
remote:   https://bitbucket.org/yourteam/yourrepo/pull-requests/new?source=feature/x&t=1
remote: \nTo https://bitbucket.org/yourteam/yourrepo.git
 * [new branch]      feature/x -> feature/x`,
    ids: [],
  },
  {
    name: "(l) Apache HttpClient",
    text: "Failure authenticating with BASIC 'Bitbucket.org HTTP'@bitbucket.org:443",
    ids: ["token-refused"],
  },
];
