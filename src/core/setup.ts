/** Every observation about one Git set-up, as a typed record. Probes fill it; checks read the parts they declare. */
import type { RepositoryName } from "./bitbucket.ts";
import type { BitbucketSaying } from "./bitbucket-says.ts";
import type { OwnAccounts } from "./known-account.ts";
import type { Direction } from "./plan.ts";
import type { SecretShape } from "./secret.ts";
import type { Sourcetree } from "./sourcetree.ts";
import type { SshView } from "./ssh.ts";

/** Git's scopes; `command` covers `-c`, `GIT_CONFIG_COUNT` and `GIT_CONFIG_PARAMETERS`. */
export type Scope = "system" | "global" | "local" | "worktree" | "command" | "unknown";

/** Where something stands. `line` from 1; null where it is not known. */
export interface Location {
  file: string;
  line: number | null;
  scope: Scope | null;
}

export interface GitProgram {
  /** As it answers `git --version`; empty where there is no git. */
  text: string;
  version: readonly [number, number, number] | null;
}

/** What the person wants Git to be able to do. Push is always asked about; refused, it is a fault only if wanted. */
export interface Intent {
  push: boolean;
}

/** What the person asked about. */
export interface Place {
  kind: "repository" | "url";
  /** The work tree, or the git folder where there is none; for a URL the URL, masked. */
  path: string;
  gitDir: string | null;
  /** The folder that several worktrees share; equal to `gitDir` otherwise. */
  commonDir: string | null;
  bare: boolean;
  linkedWorktree: boolean;
  /** Remote of the current branch, or null. */
  upstream: string | null;
  /** Whose folder it is, where that is not the one Git runs as: Git calls this "dubious ownership". */
  strangeOwner: { owner: string; runner: string } | null;
}

/** A URL without its secrets. */
export interface RemoteUrl {
  /** Masked, otherwise as written. */
  text: string;
  transport: "https" | "http" | "ssh" | "other";
  user: string | null;
  password: SecretShape | null;
  /** A token written where the user name belongs. */
  userSecret: SecretShape | null;
  host: string;
  port: number | null;
  /** With a leading slash. */
  path: string;
  repository: RepositoryName | null;
  /** Exactly bitbucket.org at its usual port. */
  isBitbucket: boolean;
}

/** One entry of Git's configuration, in the order Git reads them. */
export interface ConfigEntry {
  /** Masked; section and last name in lower case. */
  key: string;
  section: string;
  /** Masked. */
  subsection: string | null;
  name: string;
  /** Masked; null for a key without `=`. */
  value: string | null;
  /** A secret that key or value contain. */
  secret: SecretShape | null;
  /** User name that goes with the secret. */
  user: string | null;
  scope: Scope;
  /** Null where it does not come from a file. */
  file: string | null;
  line: number | null;
  /** Among the entries of its file with the same masked key, from 0. */
  occurrence: number;
  /** True when only the repository itself brings it. */
  fromRepository: boolean;
  /** True for a file that is not the person's own: another user's, or outside home and repository (a company's include). */
  foreign: boolean;
}

/** How a URL that is not Bitbucket's own leads to it. */
export interface Detour {
  /** Plain HTTP, and `www.`: by a redirect. A dot at the end of the name: for Git another host. */
  kind: "http" | "www" | "dot";
  /** Whether Git comes to bitbucket.org on it, and asks for a credential there. */
  arrives: boolean;
}

/** One way from this machine to a repository: what one `git fetch` or `git push` would contact. */
export interface Route {
  purpose: "remote" | "url" | "lfs" | "submodule";
  /** Remote name, submodule name, or null for a bare URL. */
  remote: string | null;
  direction: Direction;
  url: RemoteUrl;
  /** The entry the URL stands in. */
  entry: ConfigEntry | null;
  /** The `insteadOf` or `pushInsteadOf` that changed it. */
  rewrittenBy: ConfigEntry | null;
  /** A push over HTTPS to Bitbucket, or over SSH, by a remote that fetches some other way: who set this up wants to push. */
  pushOnly: boolean;
  /** What its URL does on the way to Bitbucket; `url` is then the one at the end, where Git arrives there. */
  detour: Detour | null;
}

/** The label of git-rekey's own helper among the sources. */
export const OWN_HELPER = "rekey";

export type SourceKind = "header" | "url" | "netrc" | "helper" | "askpass" | "terminal";

/** One place Git would take a credential from, in Git's order. */
export interface Source {
  kind: SourceKind;
  /** How a person knows it: `store`, `~/.netrc`, `http.extraHeader` … */
  label: string;
  state:
    | "answers"
    | "silent"
    /** A program Git cannot find. */
    | "missing"
    /** Not asked, because asking it may do something (open a window, make a token). */
    | "not-asked"
    /** It was asked and failed, or took too long. */
    | "failed"
    /** Would ask a person. */
    | "asks";
  user: string | null;
  secret: SecretShape | null;
  scheme: "basic" | "bearer" | "other";
  /** Where it is configured. */
  configured: Location | null;
  /** Where the credential itself stands. */
  stored: Location | null;
  /** The helper as configured (masked), for `helper` sources. */
  helper: string | null;
  /** The file a `store` helper would put a new entry into. */
  keepsIn: string | null;
  /** The entry behind a header. */
  entry: ConfigEntry | null;
  /** The occurrence within a netrc or store file. */
  occurrence: number;
  /** Path the stored entry is limited to. */
  path: string | null;
  reason: string | null;
}

/** Why a request got no answer. */
export type NetworkFault =
  | "name-not-found"
  | "not-reached"
  | "timed-out"
  | "cut-off"
  | "proxy-refused"
  | "tls-untrusted"
  | "tls-wrong-host"
  | "tls-date"
  | "not-asked";

/** What Bitbucket said to one request. */
export type Answer =
  | {
      kind: "http";
      status: number;
      saying: BitbucketSaying | null;
      /** Its own words, masked, first lines only. */
      text: string;
      /** Scopes it says the credential has; null where it does not say. */
      scopes: readonly string[] | null;
      credentialType: string | null;
      /** False when it looks like somebody else's page (a captive portal, a proxy). */
      fromBitbucket: boolean;
      retryAfter: number | null;
      challenge: string | null;
      acceptsScopes: boolean;
    }
  | { kind: "none"; fault: NetworkFault; detail: string };

/** One credential shown to Bitbucket, and its answer. */
export interface Attempt {
  /** Null: no credential. */
  source: Source | null;
  /** The user name as sent. */
  user: string | null;
  secret: SecretShape | null;
  answer: Answer;
}

/** What a fetch or push would meet, in order; the last attempt is the one that counts. */
export interface Outcome {
  route: Route;
  state: "ok" | "refused" | "unknown";
  attempts: readonly Attempt[];
  /** Everything Git would consult, in its order, reached or not. */
  sources: readonly Source[];
  /** The source whose credential decided; null when nothing was sent. */
  used: Source | null;
  last: Attempt | null;
  /** What Git never gets to, with the answer it would have had. */
  unreached: readonly Attempt[];
  /** Stored for Bitbucket under another user than the one the URL names, so Git never asks for it on this route. */
  elsewhere: readonly Attempt[];
}

/** A file of Git's `store` helper, with its entries for Bitbucket only. */
export interface StoreFile {
  file: string;
  mode: number;
  /** Whether it belongs to the user Git runs as. */
  own: boolean;
  entries: readonly {
    user: string;
    secret: SecretShape;
    path: string | null;
    line: number;
    occurrence: number;
    host: string;
  }[];
}

export interface NetrcFile {
  file: string;
  mode: number;
  /** For Bitbucket's Git host, or a `default`. */
  entries: readonly {
    machine: string | null;
    login: string | null;
    secret: SecretShape | null;
    line: number;
    occurrence: number;
  }[];
}

/** A token that `git rekey fix --with url-once` has put into a URL, and that is there now. */
export interface LentNow {
  file: string;
  /** Names of the entries. */
  keys: readonly string[];
  /** ISO 8601. */
  since: string;
}

export interface Environment {
  /** Variables that change how Git authenticates: names, and values where they hold no secret. */
  variables: readonly { name: string; value: string }[];
  hasTerminal: boolean;
  home: string | null;
  /** `win32`, `darwin`, `linux` …: what a person is told to click differs. */
  platform: string;
  /** The program Git would ask for a password, with the place that names it. */
  askpass: {
    program: string;
    from: string;
    works: boolean;
    reason: string | null;
    /** Whose script it is. */
    editor: "vscode" | "jetbrains" | null;
  } | null;
}

export interface Network {
  /** Without a credential. */
  anonymous: Answer;
  /** This machine's clock minus Bitbucket's, in seconds; null where no answer came. */
  clockSkew: number | null;
  proxy: string | null;
  /** How long Bitbucket took, in milliseconds. */
  took: number | null;
}

/** What REST says about one credential. */
export interface RestView {
  secret: SecretShape;
  user: string;
  answer: Answer;
  /** Asked as: `basic` with the e-mail, or `bearer`. */
  as: "basic" | "bearer";
}

/** Everything that can be known. Keys a probe could not fill are `unavailable`. */
export interface Setup {
  intent: Intent;
  git: GitProgram;
  place: Place;
  /** What of the configuration Git cannot read. `file` is null for what comes by a variable or by `git -c`. */
  configProblems: readonly { file: string | null; reason: string; line: number | null }[];
  config: readonly ConfigEntry[];
  environment: Environment;
  routes: readonly Route[];
  outcomes: readonly Outcome[];
  netrc: readonly NetrcFile[];
  stores: readonly StoreFile[];
  lent: readonly LentNow[];
  network: Network;
  rest: readonly RestView[];
  accounts: OwnAccounts;
  /** Null where this person has none. */
  sourcetree: Sourcetree | null;
  ssh: SshView;
}

/** Stands for a part of the set-up that could not be looked at, with the reason for a person. */
export class Unavailable {
  constructor(readonly reason: string) {}
}

export type Gathered = { [K in keyof Setup]: Setup[K] | Unavailable };
