/** The broken set-ups to practise on, as data. The first finding of `git rekey doctor` is part of each. */
import type { CheckId } from "../core/ids.ts";

/** Gives the secret of a credential of the emulator's world. */
export type SecretOf = (label: string) => string;

export interface Entry {
  user: string;
  secret: string;
}

type Setting = readonly [key: string, value: string];

/** What is broken in the home folder and in the clone. */
export interface Breakage {
  /** Default: `https://bitbucket.org/` and the repository. */
  remote?: string;
  /** What Git's `store` helper keeps. Null: the helper is there and keeps nothing. Absent: no helper. */
  stored?: Entry | null;
  netrc?: Entry;
  /** In the clone's configuration. */
  local?: readonly Setting[];
  /** In `~/.gitconfig`. */
  global?: readonly Setting[];
  /** URL of a submodule `tools`. */
  submodule?: string;
}

export interface SetUp {
  name: string;
  sentence: string;
  /** What fails: arguments of git. */
  fails: readonly string[];
  /** The id of the first finding. */
  finds: CheckId;
  /** Default: `acme/site`. */
  repository?: string;
  broken(secretOf: SecretOf): Breakage;
}

const API_USER = "x-bitbucket-api-token-auth";
const SITE = "https://bitbucket.org/acme/site.git";
const FETCH = ["fetch"];

function withUser(url: string, userinfo: string): string {
  return url.replace("https://", `https://${userinfo}@`);
}

function stored(user: string, label: string): SetUp["broken"] {
  return (secretOf) => ({ stored: { user, secret: secretOf(label) } });
}

/** Where Git cannot erase it: what a helper keeps is gone after the first 401. */
function inUrl(user: string, label: string): SetUp["broken"] {
  return (secretOf) => ({ remote: withUser(SITE, `${user}:${secretOf(label)}`) });
}

function inNetrc(user: string, label: string): SetUp["broken"] {
  return (secretOf) => ({ netrc: { user, secret: secretOf(label) } });
}

function basic(user: string, secret: string): string {
  return `Authorization: Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
}

export const SET_UPS: readonly SetUp[] = [
  {
    name: "app-password-stored",
    sentence: "Git's `store` helper keeps an app password, and the URL names its user.",
    fails: FETCH,
    finds: "app-password-sent",
    broken: (secretOf) => ({
      remote: withUser(SITE, "ana"),
      stored: { user: "ana", secret: secretOf("app-password") },
    }),
  },
  {
    name: "app-password-in-url",
    sentence: "The app password was pasted into the remote's URL.",
    fails: FETCH,
    finds: "app-password-sent",
    broken: (secretOf) => ({ remote: withUser(SITE, `ana:${secretOf("app-password")}`) }),
  },
  {
    name: "app-password-in-netrc",
    sentence: "The app password is in `~/.netrc`, which Git reads before it asks any helper.",
    fails: FETCH,
    finds: "app-password-sent",
    broken: (secretOf) => ({ netrc: { user: "ana", secret: secretOf("app-password") } }),
  },
  {
    name: "app-password-in-header",
    sentence: "A build script has put an `Authorization` header with an app password into the clone.",
    fails: FETCH,
    finds: "app-password-sent",
    broken: (secretOf) => ({
      stored: { user: API_USER, secret: secretOf("api-token") },
      local: [["http.https://bitbucket.org/.extraHeader", basic("ana", secretOf("app-password"))]],
    }),
  },
  {
    name: "app-password-in-insteadof",
    sentence: "An `insteadOf` rule in `~/.gitconfig` puts the app password into every URL.",
    fails: FETCH,
    finds: "app-password-sent",
    broken: (secretOf) => ({
      global: [
        [`url.https://ana:${secretOf("app-password")}@bitbucket.org/.insteadOf`, "https://bitbucket.org/"],
      ],
    }),
  },
  {
    name: "app-password-in-submodule",
    sentence: "The clone itself is fine, but the URL of its submodule `tools` carries an app password.",
    fails: ["submodule", "update", "--init"],
    finds: "app-password-sent",
    broken: (secretOf) => ({
      stored: { user: API_USER, secret: secretOf("api-token") },
      submodule: `https://ana:${secretOf("app-password")}@bitbucket.org/other/tools.git`,
    }),
  },
  {
    name: "email-as-user",
    sentence:
      "The API token in `~/.netrc` is right, but it stands beside the e-mail address, which is for REST.",
    fails: FETCH,
    finds: "email-as-git-username",
    broken: inNetrc("ana@acme.example", "api-token"),
  },
  {
    name: "wrong-user",
    sentence:
      "The API token in the URL is right, but its user is `x-token-auth`, which is for access tokens.",
    fails: FETCH,
    finds: "wrong-username-for-token",
    broken: inUrl("x-token-auth", "api-token"),
  },
  {
    name: "token-cut-off",
    sentence: "The last characters of the API token in `~/.netrc` were lost when it was copied.",
    fails: FETCH,
    finds: "token-malformed",
    broken: (secretOf) => ({ netrc: { user: API_USER, secret: secretOf("api-token").slice(0, -12) } }),
  },
  {
    name: "token-without-scopes",
    sentence: "The API token in `~/.netrc` was made with the wrong button, so it has no scopes.",
    fails: FETCH,
    finds: "token-unscoped",
    broken: inNetrc(API_USER, "api-token-unscoped"),
  },
  {
    name: "token-read-only",
    sentence: "The API token may read. Ana wants to push.",
    fails: ["push"],
    finds: "write-scope-missing",
    broken: stored(API_USER, "api-token-read"),
  },
  {
    name: "token-of-other-repository",
    sentence: "The access token in `~/.netrc` belongs to another repository, `acme/docs`.",
    fails: FETCH,
    finds: "token-for-other-repository",
    broken: inNetrc("x-token-auth", "repository-token-docs"),
  },
  {
    name: "token-expired",
    sentence: "The API token in `~/.netrc` was right until yesterday, when it expired.",
    fails: FETCH,
    finds: "token-refused",
    broken: inNetrc(API_USER, "api-token-expired"),
  },
  {
    name: "user-pinned",
    sentence: "A good API token is stored, but the URL names another user, so Git never takes it.",
    fails: FETCH,
    finds: "username-pinned-in-url",
    broken: (secretOf) => ({
      remote: withUser(SITE, "ana"),
      stored: { user: API_USER, secret: secretOf("api-token") },
    }),
  },
  {
    name: "no-credential",
    sentence: "There is a helper to keep a credential, and it keeps none.",
    fails: FETCH,
    finds: "no-credential",
    broken: () => ({ stored: null }),
  },
  {
    name: "address-not-allowed",
    sentence: "The workspace lets in only certain addresses, and yours is none of them.",
    fails: FETCH,
    finds: "ip-not-allowed",
    repository: "vault/ledger",
    broken: stored(API_USER, "api-token"),
  },
];
