/** The repositories that a scan met, as a report tells of them. No secret is in here. */

/** How a remote lets its user sign in, by its URL as it is written. */
export type SignsIn = "ssh" | "https" | "https-with-user" | "https-with-secret" | "other";

export interface FoundRemote {
  name: string;
  /** Masked. */
  url: string;
  isBitbucket: boolean;
  /** `workspace/repository` at Bitbucket; null elsewhere. */
  repository: string | null;
  signsIn: SignsIn;
}

export interface FoundRepository {
  /** The folder with the files; of a bare one, and where nothing is checked out, the repository's own folder. */
  path: string;
  /** Where `HEAD` is. */
  gitFolder: string;
  kind: "checkout" | "bare" | "worktree" | "submodule";
  /** By its own configuration: rewritings by the person's, and files it includes, are not looked at. */
  remotes: readonly FoundRemote[];
  /** Where `.gitmodules` puts them, whether they are checked out or not. */
  submodules: readonly string[];
  /** Its own configuration files, in the order Git reads them. */
  configs: readonly string[];
}

export interface Inventory {
  repositories: readonly FoundRepository[];
  /** What looks like a repository and cannot be read as one. */
  broken: readonly string[];
}
