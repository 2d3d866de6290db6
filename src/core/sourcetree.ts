/** What is known of Sourcetree on this machine: it has a git, helpers and accounts of its own. */
import type { ConfigEntry, Outcome } from "./setup.ts";

export type SourcetreePlatform = "windows" | "macos";

/** How an account signs in, as far as Sourcetree's files tell. */
export type SourcetreeAuth = "password" | "api-token" | "oauth" | "unknown";

/** A hosting account in Sourcetree's own list. Its secret is somewhere else and is never looked at. */
export interface SourcetreeAccount {
  /** Null where the list does not say. */
  user: string | null;
  host: string;
  auth: SourcetreeAuth;
}

/** An entry for Bitbucket in a file where Sourcetree keeps the passwords it asked for. Only that it is there is known. */
export interface SourcetreeKept {
  file: string;
  user: string | null;
}

/** The git that comes with Sourcetree, and what a fetch with it would meet. */
export interface SourcetreeGit {
  program: string;
  /** The helpers it would ask for Bitbucket, in its order; null where its configuration could not be listed. */
  helpers: readonly ConfigEntry[] | null;
  /** For the first route to Bitbucket; null where there is none. */
  outcome: Outcome | null;
}

export interface Sourcetree {
  platform: SourcetreePlatform;
  /** `file`: what tells it. */
  version: { number: readonly [number, number, number]; file: string } | null;
  accounts: readonly (SourcetreeAccount & { file: string })[];
  kept: readonly SourcetreeKept[];
  /** Files that are there and could not be understood. */
  unread: readonly { file: string; reason: string }[];
  git: SourcetreeGit | null;
}
