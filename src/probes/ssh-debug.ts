/** OpenSSH's own account of a connection (`LogLevel=DEBUG1`), 7.4 to 10. */

/** A key as the account names it. */
export interface NamedKey {
  /** The file, or an agent's comment. */
  name: string;
  /** Null until 7.5, which prints none. */
  fingerprint: string | null;
  /** `ED25519`, `RSA` …; null where it is not printed. */
  word: string | null;
  fromAgent: boolean;
}

export interface Account {
  /** The server has named its software, so that something on the other end speaks SSH. */
  spoke: boolean;
  /** The port was open. Null where a program makes the connection. */
  connected: boolean;
  serverKey: { type: string; fingerprint: string } | null;
  offered: readonly NamedKey[];
  accepted: NamedKey | null;
  signedIn: boolean;
  /** How many keys were passed over, because the server takes no signature that they can make. */
  mute: number;
  /** All that is no account: what ssh complains of, and what the server says. */
  words: string;
}

/** ssh prints every byte that is not ASCII in three octal digits. */
function printed(text: string): string {
  const bytes = text.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Behind a key: whether it was named in the configuration, is on a token, or in the agent. */
const FROM = "((?: (?:explicit|token|agent|authenticator|hardware))*)";

/** `sshconnect2.c`: since 7.9, and from 7.6 to 7.8; before, the file alone. */
const SINCE_79 = new RegExp(`^(.*) (\\S+) (SHA256:\\S+)${FROM}$`);
const SINCE_76 = /^(\S+) (SHA256:\S+) (.*)$/;

function namedKey(text: string): NamedKey {
  const [, name, word, fingerprint, from = ""] = SINCE_79.exec(text) ?? [];
  if (name !== undefined && word !== undefined && fingerprint !== undefined)
    return { name: printed(name), word, fingerprint, fromAgent: from.includes(" agent") };
  const [, oldWord, oldFingerprint, oldName] = SINCE_76.exec(text) ?? [];
  if (oldName !== undefined && oldFingerprint !== undefined)
    return { name: printed(oldName), word: oldWord ?? null, fingerprint: oldFingerprint, fromAgent: false };
  return { name: printed(text), word: null, fingerprint: null, fromAgent: false };
}

/** Ssh's account, and what it believes of a file that is none. */
const CHATTER =
  /^(?:debug\d: |OpenSSH_|Authenticated to |Authenticated using |Transferred: |Bytes per second|Connection to \S+ closed|Pseudo-terminal will not be|Warning: Permanently added )/;

/** The keys that were tried, and the last one the server said yes to, used or not. */
function keysIn(lines: readonly string[]): Pick<Account, "offered" | "accepted"> {
  const offered: NamedKey[] = [];
  let accepted: NamedKey | null = null;
  for (const line of lines) {
    const [, word, offer] = /^debug1: Offering (?:(\S+) )?public key: (.+)$/.exec(line) ?? [];
    if (offer !== undefined) offered.push({ ...namedKey(offer), ...(word === undefined ? {} : { word }) });
    // Without a public half there is nothing to ask with: such a key signs at once.
    const [, tried] = /^debug1: Trying private key: (.+)$/.exec(line) ?? [];
    if (tried !== undefined) offered.push(namedKey(tried));
    const [, yes] = /^debug1: Server accepts key: (.+)$/.exec(line) ?? [];
    if (yes === undefined) continue;
    const named = namedKey(yes);
    // Until 7.8 it names the algorithm only: the key is the one before.
    accepted = named.fingerprint === null ? (offered.at(-1) ?? null) : named;
  }
  return { offered, accepted };
}

/** Reads what ssh wrote to stderr. */
export function readAccount(stderr: string): Account {
  const lines = stderr.split(/\r?\n/);
  const { offered, accepted } = keysIn(lines);
  const [, type = "", fingerprint = ""] = /^debug1: Server host key: (\S+) (SHA256:\S+)/m.exec(stderr) ?? [];
  const has = (pattern: RegExp) => lines.some((line) => pattern.test(line));
  const signedIn = has(/^Authenticated to |^debug1: Authentication succeeded /);
  return {
    spoke: has(/^debug1: Remote protocol version /),
    connected: has(/^debug1: Connection established/),
    serverKey: type === "" ? null : { type, fingerprint },
    offered,
    accepted: accepted ?? (signedIn ? (offered.at(-1) ?? null) : null),
    signedIn,
    mute: lines.filter((line) => line.includes("no mutual signature algorithm")).length,
    words: lines.filter((line) => line.trim() !== "" && !CHATTER.test(line)).join("\n"),
  };
}
