/** Bitbucket's own sentences over SSH, once, with marks as in `bitbucket-says.ts`. */
import { type RepositoryName, repositoryOf } from "./bitbucket.ts";
import { loose } from "./bitbucket-says.ts";
import type { SshSaying } from "./ssh.ts";

interface Row {
  saying: SshSaying;
  /** A word every match contains, in lower case. */
  key: string;
  pattern: RegExp;
}

function row(saying: SshSaying, key: string, pattern: RegExp): Row {
  return { saying, key, pattern: loose(pattern) };
}

/** From narrow to wide. */
export const SSH_SENTENCES: readonly Row[] = [
  // [seen] a push with an access key
  row("read-only-key", "read-only", /access via a deployment key is read-only/),
  // [seen] an access key of other repositories
  row(
    "key-of-other-repository",
    "deployment",
    /deployment key is not associated with the requested repository/,
  ),
  // [seen], in old transcripts with `conq: ` before it
  row("repository-not-accessible", "repository", /(?:conq: )?repository access denied/),
  row("repository-not-accessible", "repository", /(?:conq: )?repository does not exist/),
  // [inferred] seen over HTTPS
  row(
    "repository-not-accessible",
    "either",
    /The requested repository either does not exist or you do not have access/,
  ),
];

/** Why a repository is not given; null where that is not what is said. */
export function bitbucketSaysOverSsh(text: string): SshSaying | null {
  const lower = text.toLowerCase();
  return SSH_SENTENCES.find(({ key, pattern }) => lower.includes(key) && pattern.test(text))?.saying ?? null;
}

/** Whom Bitbucket greets when it is asked for no repository. */
export interface Greeting {
  as: "person" | "access-key";
  /** What it lists for an access key. */
  repositories: readonly RepositoryName[];
}

/** One line of the list: `ws/repo: label -- comment`. */
const LISTED = /^([\w.-]+\/[\w.-]+): /gm;

/** [doc] for a person's key, [seen] for an access key. The older `logged in as ana.` is [seen] until 2022. */
export function greetingIn(text: string): Greeting | null {
  if (/authenticated via (?:a )?deploy(?:ment)? key/i.test(text)) {
    const list = text.slice(text.search(/has (?:read|write) access to/i));
    const repositories = [...list.matchAll(LISTED)].flatMap(([, name = ""]) => repositoryOf(name) ?? []);
    return { as: "access-key", repositories };
  }
  const isPerson = /authenticated via ssh key|logged in as \S/i.test(text);
  return isPerson ? { as: "person", repositories: [] } : null;
}
