import { accessKeysPage, type RepositoryName } from "./bitbucket.ts";

/** What a credential must be allowed to add access keys: with an API token, each by its name. [doc] */
const ACCESS_KEY_SCOPES = {
  apiToken: ["admin:repository:bitbucket", "write:ssh-key:bitbucket"],
  accessToken: ["repository:admin"],
} as const;

/** REST's word for a key that it has already, for this repository or another, or as a person's own. [seen] */
export function isKeyTaken(status: number, body: string): boolean {
  return status === 400 && /already registered/i.test(body);
}

const words = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(" and ");

function reasonFor(status: number, body: string): string {
  if (isKeyTaken(status, body))
    return "it says that someone has already registered this key, for another repository or as their own";
  switch (status) {
    case 400:
      return "it does not take this kind of key";
    case 401:
      return "it refuses the credential";
    case 403:
      return `the credential may not add access keys, which takes ${words(ACCESS_KEY_SCOPES.apiToken)} (of an access token: ${words(ACCESS_KEY_SCOPES.accessToken)})`;
    case 404:
      return "it knows no such repository that this credential may administer";
    case 409:
      return "it has a key of that name or with that text already";
    case 429:
      return "it has been asked too often within an hour";
    default:
      return `it answered ${status}`;
  }
}

/** Why REST did not add an access key, as a sentence with the page where a person can. */
export function whyNotRegistered(of: RepositoryName, status: number, body: string): string {
  const page = accessKeysPage(of.workspace, of.repository);
  return `Bitbucket did not add the key to \`${of.workspace}/${of.repository}\`: ${reasonFor(status, body)}; by hand: ${page}`;
}

/** The same where no answer came. */
export function whyNotReached(of: RepositoryName, code: string): string {
  const page = accessKeysPage(of.workspace, of.repository);
  return `Bitbucket did not answer (${code}) when the key was to be added to \`${of.workspace}/${of.repository}\`; by hand: ${page}`;
}
