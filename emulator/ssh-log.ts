/** What arrived over SSH. Keys are named by their fingerprints, which are no secrets. */

export interface SshCommand {
  /** As it was sent; null: a shell was asked for. */
  readonly command: string | null;
  /** The variables that came before it, such as `GIT_PROTOCOL`. */
  readonly env: Readonly<Record<string, string>>;
  /** Null until it has ended. */
  readonly code: number | null;
}

/** One connection. */
export interface SshEntry {
  readonly time: Date;
  /** `host:port` of the endpoint that was reached. */
  readonly endpoint: string;
  /** The client's software; null until it has named it. */
  readonly client: string | null;
  /** The type of the host key that the client chose to see; null until then. */
  readonly hostKey: string | null;
  /** The user who wants to sign in; null until then. */
  readonly user: string | null;
  /** Fingerprints of the keys offered, in the client's order, each once. */
  readonly offered: readonly string[];
  /** The fingerprint of the key by which the user was signed in. */
  readonly accepted: string | null;
  /** The user name, or the label of the access key. */
  readonly holder: string | null;
  readonly commands: readonly SshCommand[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** An entry that the server still writes. */
export interface OpenEntry extends Mutable<Omit<SshEntry, "offered" | "commands">> {
  offered: string[];
  commands: Mutable<SshCommand>[];
}

/** The entry of a connection that has just been made. */
export function openEntry(endpoint: string): OpenEntry {
  const nothing = { client: null, hostKey: null, user: null, accepted: null, holder: null };
  return { time: new Date(), endpoint, ...nothing, offered: [], commands: [] };
}
