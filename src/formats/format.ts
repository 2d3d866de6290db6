import type { SecretKind } from "../core/bitbucket.ts";
import type { Certainty, Trouble, Use } from "../core/spot.ts";
import type { Sighting } from "./sighting.ts";

/** Secrets for examples: made at run time, so that none stands in a file. */
export interface Samples {
  /** An app password. */
  app: string;
  /** One of the oldest form: 20 letters and digits. */
  legacy: string;
  api: string;
  access: string;
  dataCenter: string;
}

/** What must be found in an example, in the order of the lines. */
export interface Expected {
  /** From 1. */
  line: number;
  kind: SecretKind;
  certainty: Certainty;
  /** Looked at only where they are given. */
  user?: string | null;
  name?: string | null;
  use?: Use;
  trouble?: Trouble | null;
}

/** A text such as people have it. It is a test and a piece of documentation. */
export interface Example {
  /** What it shows, as the rest of a sentence; a heading of the documentation. */
  title: string;
  /** An absolute path, such as such a file has. */
  path: string;
  text: (samples: Samples) => string;
  /** Empty where nothing may be found. */
  finds: readonly Expected[];
}

/**
 * A recogniser of credentials in files of one format. Pure: it gets a text and says what is in it. What any text may
 * hold (tokens by their form, URLs with a password, `curl -u`, telling names) is found without it, so it is for what
 * only this format means: which entry belongs to Bitbucket, who the user is, what the right form would be.
 */
export interface Format {
  /** Kebab-case; stands in reports. */
  id: string;
  /** For people: `Composer's auth.json`. */
  title: string;
  /** Whether a file is of this format, by its path with forward slashes. Cheap: it is asked for many files. */
  claims: (path: string) => boolean;
  /**
   * Names of files that are looked at even where no telltale word is in them (the last part of the path, as
   * it is written there); with a slash, the last two parts.
   */
  always?: readonly string[];
  /**
   * What it sees, in any order. The text has one character for each byte, but for UTF-16. Never throws for what a
   * text can hold: what is broken is read as far as it goes, or not at all.
   */
  find: (text: string, path: string) => readonly Sighting[];
  /**
   * Places of which it knows that they are somebody else's, such as another machine's entry. Only what is Bitbucket's
   * by its own form is seen there.
   */
  foreign?: (text: string, path: string) => readonly Pick<Sighting, "start" | "end">[];
  /**
   * What to do there with a secret such as any text may hold, where nothing else knows better. What is found so is of
   * this format.
   */
  advice?: (path: string) => string;
  examples: () => readonly Example[];
}

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
