/** What a scan knows of the places where credentials stand. No secret is in here, so all of it may be shown and kept. */
import type { SecretKind } from "./bitbucket.ts";
import type { SecretShape } from "./secret.ts";

/**
 * How sure it is that something is a credential, the surest first. `literal-verified`: prefix and checksum are right.
 * `literal-shaped`: the form is right, and there is no checksum or it is wrong. `legacy-by-shape`: it signs in as only
 * an app password or a password did. `variable-named`: a variable with a telling name. `reference`: the name of an
 * entry in some store. `missing`: a place that should hold one and does not.
 */
export const CERTAINTIES = [
  "literal-verified",
  "literal-shaped",
  "legacy-by-shape",
  "variable-named",
  "reference",
  "missing",
] as const;

export type Certainty = (typeof CERTAINTIES)[number];

/** A credential as a report tells of it. Length and fingerprint are null where only its name is known. */
export interface Credential {
  kind: SecretKind;
  /** In characters. */
  length: number | null;
  /** Hex digits of a salted hash: alike for one credential in one report, and good for nothing else. */
  fingerprint: string | null;
}

/** What a credential is for: Git needs another user name than REST with an API token. */
export type Use = "git" | "rest" | "both" | "unknown";

/** How it is written down, where that is not plainly. */
export type Encoding = "base64" | "percent" | "escaped" | "utf-16";

/** Something about its surroundings that is a fault whatever the secret is. */
export type Trouble =
  /** Git and REST get the same user name, which no API token can serve. */
  | "one-user-for-git-and-rest"
  /** A program, action or pipe whose release cannot use API tokens. */
  | "tool-without-api-tokens"
  /** A user name that Bitbucket does not take with this kind of token there. */
  | "wrong-user";

/** One place in one text. */
export interface Seen {
  /** The file, absolute; of something in an archive the archive. */
  file: string;
  /** From 1; null where lines mean nothing. */
  line: number | null;
  /** The path in the archive; null outside one. */
  member: string | null;
  /** Which format recognised it; `text` where none did. */
  format: string;
  certainty: Certainty;
  /** Null for what is only a name, a reference or missing. */
  secret: SecretShape | null;
  /** What its name or shape says that it is, where the secret itself does not tell. */
  kind: SecretKind;
  /** Of a variable, a secret in somebody's store, or an entry. */
  name: string | null;
  /** Who signs in with it, as far as it is written there; a variable as it is written. */
  user: string | null;
  use: Use;
  encoding: Encoding | null;
  /** Where in the file, in its own words: `the remote \`origin\``. */
  place: string;
  /** `workspace/repository`, where it leads to one. */
  repository: string | null;
  trouble: Trouble | null;
  /** What to do there instead, as an imperative; null where the general advice is all there is. */
  advice: string | null;
}

/**
 * What kind of file it is. `store`: where Git or another program keeps credentials by design. `settings`: of a person
 * or a program, outside sources. `source`: files that people share. `documentation`, `example` (tests and fixtures),
 * `log`, `shell-history`, `cache` (what programs keep and can make again), `backup`.
 */
export type FileRole =
  | "store"
  | "settings"
  | "source"
  | "documentation"
  | "example"
  | "log"
  | "shell-history"
  | "cache"
  | "backup";

/** Who may read a file besides root. */
export type Readers = "owner" | "group" | "everyone";

/** Where in a repository's history something stands. */
export interface InHistory {
  /** The repository's folder. */
  repository: string;
  /** Object id of the blob, commit or tag it stands in. */
  object: string;
  /** Commits that brought it, the oldest first; at most a few. */
  commits: readonly string[];
  /** How many there are in all. */
  commitCount: number;
  /** A branch or tag still leads to it. */
  reachable: boolean;
  /** A remote has it, as far as this clone knows. */
  pushed: boolean;
}

/** What asking Bitbucket about it came to; null where nobody asked. */
export type Alive = "alive" | "dead" | "unknown";

/** A place with what its surroundings tell. */
export interface Spot extends Seen {
  role: FileRole;
  /** Null where the file system does not say. */
  readers: Readers | null;
  /** Whether Git tracks the file; null outside repositories and where Git was not asked. */
  tracked: boolean | null;
  history: InHistory | null;
  alive: Alive | null;
}
