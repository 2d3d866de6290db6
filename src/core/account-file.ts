/** The list of accounts as text. Read by hand and not with a schema library: Git waits for it at every fetch. */
import { type Account, type AccountList, NO_ACCOUNTS, type SecretPlace, type Unrevoked } from "./account.ts";

/** The list, or why the text is none, as the rest of a sentence that begins with the file's name. */
export type ReadAccounts = { ok: true; list: AccountList } | { ok: false; reason: string };

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** A line end in a name, or in a token, would be two lines to Git. By hand: making a pattern takes longer than reading the file does. */
export function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

const isText = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && !hasControl(value);
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isDay = (value: unknown): boolean =>
  value === null || (isText(value) && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)));

/** A name that leads nowhere else, whatever it is appended to. */
const isFileName = (value: unknown): boolean => isText(value) && /^[A-Za-z0-9][\w.@-]*$/.test(value);

/** A program, whose words may be anything that one can be given: empty ones, and several lines for `sh -c`. */
function isCommand(argv: unknown): boolean {
  if (!Array.isArray(argv)) return false;
  const [program, ...words] = argv;
  return isText(program) && words.every((word) => typeof word === "string" && !word.includes("\0"));
}

function isPlace(value: unknown): value is SecretPlace {
  if (!isFields(value)) return false;
  switch (value.kind) {
    case "file":
      return isFileName(value.name);
    case "keychain":
      return isText(value.name);
    case "env":
      return isText(value.name) && /^[A-Za-z_]\w*$/.test(value.name);
    case "command":
      return isCommand(value.argv);
    default:
      return false;
  }
}

function isReach(value: unknown): boolean {
  return value === null || (isFields(value) && isText(value.workspace) && isTextOrNull(value.repository));
}

function isDigest(value: unknown): boolean {
  return value === null || (isFields(value) && isText(value.salt) && isText(value.hash));
}

function isAccount(value: unknown): value is Account {
  if (!isFields(value)) return false;
  const { name, kind, reach, username, email, rights, expires, added, secret, digest } = value;
  return (
    isText(name) &&
    (kind === "api-token" || kind === "access-token") &&
    isReach(reach) &&
    isTextOrNull(username) &&
    isTextOrNull(email) &&
    Array.isArray(rights) &&
    rights.every((one) => one === "pull" || one === "push" || one === "rest") &&
    isDay(expires) &&
    isText(added) &&
    isPlace(secret) &&
    isDigest(digest)
  );
}

function isUnrevoked(value: unknown): value is Unrevoked {
  return isFields(value) && [value.name, value.kind, value.page, value.since].every(isText);
}

function parse(text: string): Fields | null {
  try {
    const json: unknown = JSON.parse(text);
    return isFields(json) ? json : null;
  } catch {
    return null;
  }
}

/** What every version begins with. */
const SCHEMA = "git-rekey/accounts@";

/** In bytes: two thousand accounts. Git waits for the file at every fetch. */
export const LARGEST_LIST = 1_000_000;

/** Reads the file. Never throws, and repeats nothing of what is in it. */
export function readAccounts(text: string): ReadAccounts {
  const json = parse(text);
  if (json === null) return { ok: false, reason: "is damaged: it is not JSON" };
  const { schema, accounts, toRevoke = [] } = json;
  if (!isText(schema) || !schema.startsWith(SCHEMA) || schema.length > SCHEMA.length + 6)
    return { ok: false, reason: "is damaged: it is no list of accounts" };
  if (schema !== NO_ACCOUNTS.schema)
    return { ok: false, reason: `was written by a newer git-rekey (${schema}); use that one, or a newer` };
  if (!Array.isArray(accounts) || !Array.isArray(toRevoke))
    return { ok: false, reason: "is damaged: it has no list of accounts in it" };
  const names = new Set<string>();
  for (const account of accounts) {
    if (!isAccount(account))
      return {
        ok: false,
        reason: `is damaged: account ${accounts.indexOf(account) + 1} in it is not complete`,
      };
    if (names.has(account.name))
      return { ok: false, reason: "is damaged: two accounts in it have the same name" };
    names.add(account.name);
  }
  if (!toRevoke.every(isUnrevoked)) return { ok: false, reason: "is damaged: its list of tokens to revoke" };
  return { ok: true, list: { schema: NO_ACCOUNTS.schema, accounts, toRevoke } };
}

export function writeAccounts(list: AccountList): string {
  return `${JSON.stringify(list, null, 2)}\n`;
}
