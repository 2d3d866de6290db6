/** Situations with the advice each gets: the tests of the rule, and the table in docs/ways.md. */
import type { Advice, AdvisedWay, Reason, Situation, SshHere } from "./advice.ts";

export interface AdviceExample {
  /** Who that is. */
  title: string;
  situation: Situation;
  advice: Advice;
}

type Row = [
  title: string,
  machine: Situation["machine"],
  direction: "pull" | "push",
  repositories: Situation["repositories"],
  rest: "REST" | "-",
  ssh: SshHere,
  way: AdvisedWay,
  reason: Reason,
];

// biome-ignore format: it is a table
const ROWS: readonly Row[] = [
  ["a laptop",                                      "desk",      "push", "many", "-",    "unknown",   "helper",       "people-work-here"],
  ["a laptop with one clone",                       "desk",      "push", "one",  "-",    "open",      "helper",       "people-work-here"],
  ["a laptop that only reads",                      "desk",      "pull", "one",  "-",    "open",      "helper",       "people-work-here"],
  ["a laptop with a key at Bitbucket",              "desk",      "push", "many", "-",    "works",     "ssh",          "key-works"],
  ["… and Sourcetree",                              "desk",      "push", "many", "REST", "works",     "helper",       "people-work-here"],
  ["a laptop with Sourcetree",                      "desk",      "push", "many", "REST", "open",      "helper",       "people-work-here"],
  ["a laptop behind a company's firewall",          "desk",      "push", "many", "-",    "closed",    "helper",       "people-work-here"],
  ["a laptop where SSH passes on port 443",         "desk",      "push", "many", "-",    "open-443",  "helper",       "people-work-here"],
  ["Windows without ssh",                           "desk",      "push", "many", "-",    "no-client", "helper",       "people-work-here"],
  ["a shell on somebody's development server",      "desk",      "push", "one",  "-",    "unknown",   "helper",       "people-work-here"],

  ["a web server that deploys with `git pull`",     "server",    "pull", "one",  "-",    "open",      "ssh",          "key-only-reads"],
  ["… of several sites",                            "server",    "pull", "many", "-",    "open",      "ssh",          "key-only-reads"],
  ["… behind a firewall that lets 443 pass",        "server",    "pull", "one",  "-",    "open-443",  "ssh",          "key-only-reads"],
  ["… where nobody tried SSH",                      "server",    "pull", "one",  "-",    "unknown",   "ssh",          "key-only-reads"],
  ["… behind a firewall",                           "server",    "pull", "one",  "-",    "closed",    "access-token", "token-for-one-without-ssh"],
  ["… of several sites, behind a firewall",         "server",    "pull", "many", "-",    "closed",    "helper",       "account-for-many-without-ssh"],
  ["… in a container without ssh",                  "server",    "pull", "one",  "-",    "no-client", "access-token", "token-for-one-without-ssh"],
  ["… of several sites, without ssh",               "server",    "pull", "many", "-",    "no-client", "helper",       "account-for-many-without-ssh"],
  ["… where Git may not use SSH",                   "server",    "pull", "one",  "-",    "forbidden", "access-token", "token-for-one-without-ssh"],
  ["… of several sites, where Git may not use SSH", "server",    "pull", "many", "-",    "forbidden", "helper",       "account-for-many-without-ssh"],
  ["a server with an access key already",           "server",    "pull", "one",  "-",    "works",     "ssh",          "key-works"],
  ["… for several repositories",                    "server",    "pull", "many", "-",    "works",     "ssh",          "key-works"],
  ["a server that pushes (backups, releases)",      "server",    "push", "one",  "-",    "open",      "access-token", "token-for-one-push"],
  ["… to several repositories",                     "server",    "push", "many", "-",    "open",      "helper",       "account-for-many-push"],
  ["… with a key of an account made for it",        "server",    "push", "many", "-",    "works",     "ssh",          "key-works"],
  ["… behind a firewall",                           "server",    "push", "one",  "-",    "closed",    "access-token", "token-for-one-push"],
  ["a server that runs Composer",                   "server",    "pull", "one",  "REST", "open",      "access-token", "token-for-one-rest"],
  ["… with packages from several repositories",     "server",    "pull", "many", "REST", "open",      "helper",       "account-for-many-rest"],
  ["… with a key already",                          "server",    "pull", "many", "REST", "works",     "helper",       "account-for-many-rest"],
  ["a server that pushes and asks REST",            "server",    "push", "one",  "REST", "open",      "access-token", "token-for-one-rest"],

  ["a CI job that builds one repository",           "ci",        "pull", "one",  "-",    "open",      "ssh",          "key-only-reads"],
  ["… on a runner without ssh",                     "ci",        "pull", "one",  "-",    "no-client", "access-token", "token-for-one-without-ssh"],
  ["… on a runner that was not asked",              "ci",        "pull", "one",  "-",    "unknown",   "ssh",          "key-only-reads"],
  ["a CI job with submodules",                      "ci",        "pull", "many", "-",    "open",      "ssh",          "key-only-reads"],
  ["… behind a proxy",                              "ci",        "pull", "many", "-",    "closed",    "helper",       "account-for-many-without-ssh"],
  ["a CI job that pushes tags",                     "ci",        "push", "one",  "-",    "open",      "access-token", "token-for-one-push"],
  ["… to several repositories",                     "ci",        "push", "many", "-",    "open",      "helper",       "account-for-many-push"],
  ["a CI job that reports build results",           "ci",        "pull", "one",  "REST", "open",      "access-token", "token-for-one-rest"],
  ["… of several repositories",                     "ci",        "pull", "many", "REST", "open",      "helper",       "account-for-many-rest"],

  ["a step of Pipelines",                           "pipelines", "pull", "one",  "-",    "unknown",   "none",         "pipelines-sign-in"],
  ["… that pushes back",                            "pipelines", "push", "one",  "-",    "unknown",   "none",         "pipelines-sign-in"],
  ["… with other private repositories",             "pipelines", "pull", "many", "-",    "unknown",   "ssh",          "pipelines-have-a-key"],
  ["… that pushes to another repository",           "pipelines", "push", "many", "-",    "unknown",   "access-token", "token-for-one-push"],
  ["… that asks another repository's REST",         "pipelines", "pull", "many", "REST", "unknown",   "access-token", "token-for-one-rest"],
];

export const ADVICE_EXAMPLES: readonly AdviceExample[] = ROWS.map(
  ([title, machine, direction, repositories, rest, ssh, way, reason]) => ({
    title,
    situation: { machine, push: direction === "push", repositories, rest: rest === "REST", ssh },
    advice: { way, reason },
  }),
);
