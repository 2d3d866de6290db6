/**
 * Which way to go, and why. One rule, from what is seen of a machine; `ADVICE_EXAMPLES` are its tests and the table of
 * docs/ways.md. Premium (tokens of projects and workspaces) is never assumed.
 */

/** What the advice rests on. */
export interface Situation {
  /** `desk`: people work on it. `pipelines`: a step of Bitbucket Pipelines; `ci`: any other CI. */
  machine: "desk" | "server" | "ci" | "pipelines";
  /** Pushing is wanted, or was done from here. */
  push: boolean;
  repositories: "one" | "many";
  /** Something here asks Bitbucket's REST API as well (Composer, Sourcetree, scripts). */
  rest: boolean;
  ssh: SshHere;
}

/** SSH from here to Bitbucket. */
export type SshHere =
  /** A key that is here already can do all that is wanted. */
  | "works"
  | "open"
  /** Only by altssh.bitbucket.org, on port 443. */
  | "open-443"
  | "closed"
  | "no-client"
  /** Git itself is told not to use it. */
  | "forbidden"
  | "unknown";

export type AdvisedWay = "helper" | "access-token" | "ssh" | "none";

/** Why one way is better than the others; the words are in `WHY`. */
export type Reason =
  | "pipelines-sign-in"
  | "pipelines-have-a-key"
  | "key-works"
  | "key-only-reads"
  | "token-for-one-push"
  | "token-for-one-rest"
  | "token-for-one-without-ssh"
  | "account-for-many-push"
  | "account-for-many-rest"
  | "account-for-many-without-ssh"
  | "people-work-here";

export interface Advice {
  way: AdvisedWay;
  reason: Reason;
}

/** Each reason as a sentence that follows a colon. */
export const WHY: Readonly<Record<Reason, string>> = {
  "pipelines-sign-in": "a step of Pipelines signs in to its own repository by itself",
  "pipelines-have-a-key": "Pipelines has an SSH key that other repositories can take as an access key",
  "key-works": "a key that Bitbucket takes is here, never expires, and no password is kept",
  "key-only-reads": "an access key only reads, is nobody's account, and never expires",
  "token-for-one-push": "a repository access token is nobody's account; an access key cannot push",
  "token-for-one-rest": "a repository access token is good for Git and REST; a key is for Git alone",
  "token-for-one-without-ssh": "a repository access token opens one repository and is nobody's account",
  "account-for-many-push": "one API token pushes to many; an access token opens one, a key only reads",
  "account-for-many-rest": "one API token is good for Git and REST of many; a key is for Git alone",
  "account-for-many-without-ssh": "one API token reads many repositories; an access token opens one",
  "people-work-here": "one API token mends every clone here, and you hear before it expires",
};

function forOneOrMany({ repositories }: Situation, kind: "push" | "rest" | "without-ssh"): Advice {
  return repositories === "one"
    ? { way: "access-token", reason: `token-for-one-${kind}` }
    : { way: "helper", reason: `account-for-many-${kind}` };
}

function isPassable(ssh: SshHere): boolean {
  return ssh === "open" || ssh === "open-443" || ssh === "unknown";
}

/** Advises one way. Pure; the first rule that fits counts. */
export function advise(here: Situation): Advice {
  const { machine, push, repositories, rest, ssh } = here;
  if (machine === "pipelines") {
    if (repositories === "one") return { way: "none", reason: "pipelines-sign-in" };
    if (push || rest) return forOneOrMany({ ...here, repositories: "one" }, push ? "push" : "rest");
    return { way: "ssh", reason: "pipelines-have-a-key" };
  }
  if (ssh === "works" && !rest) return { way: "ssh", reason: "key-works" };
  if (machine === "desk") return { way: "helper", reason: "people-work-here" };
  if (rest) return forOneOrMany(here, "rest");
  if (push) return forOneOrMany(here, "push");
  return isPassable(ssh) ? { way: "ssh", reason: "key-only-reads" } : forOneOrMany(here, "without-ssh");
}

/** What a person types for it; null where there is nothing to do. */
export function commandFor({ way }: Advice, { push }: Situation): string | null {
  return way === "none" ? null : `git rekey fix --with ${way}${push && way !== "ssh" ? " --push" : ""}`;
}

const MACHINE_WORDS: Readonly<Record<Situation["machine"], string>> = {
  desk: "a machine people work on",
  server: "a server",
  ci: "a CI job",
  pipelines: "a step of Bitbucket Pipelines",
};

const SSH_WORDS: Readonly<Record<SshHere, string>> = {
  works: "an SSH key that works",
  open: "port 22 open",
  "open-443": "port 22 closed, SSH open on port 443",
  closed: "SSH closed on ports 22 and 443",
  "no-client": "no ssh",
  forbidden: "SSH forbidden to Git",
  unknown: "SSH not tried",
};

/** What was seen, as a list of its words. */
export function situationWords({ machine, push, repositories, rest, ssh }: Situation): string {
  return [
    MACHINE_WORDS[machine],
    push ? "pushes" : "no push so far",
    repositories === "one" ? "one repository" : "several repositories",
    rest ? "REST in use" : "no sign of REST",
    SSH_WORDS[ssh],
  ].join(", ");
}
