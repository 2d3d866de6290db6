/** netrc files, which Git, curl, Go, pip and many others read. */

import { kindByPrefix } from "../../core/token.ts";
import { baseName, type Format } from "../format.ts";
import { netrcPasswords } from "../netrc.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";

const FOR_GIT =
  "give Git `x-bitbucket-api-token-auth` as the login and an API token as the password, or run `git rekey fix`";

const FOR_REST =
  "give `api.bitbucket.org` the Atlassian e-mail as the login and an API token as the password";

const isNamed = (machine: string | null): boolean => /^(?:api\.)?bitbucket\.org$/i.test(machine ?? "");

function find(text: string): Sighting[] {
  return netrcPasswords(text).flatMap(({ machine, login, password, start, end }) => {
    const host = machine?.toLowerCase() ?? null;
    const isRest = host === "api.bitbucket.org";
    const isOurs = isNamed(machine) || (host === null && kindByPrefix(password) !== null);
    if (!isOurs) return [];
    return pairSeen({
      user: login,
      secret: password,
      use: host === null ? "unknown" : isRest ? "rest" : "git",
      start,
      end,
      place: host === null ? "the entry for every other machine" : `the entry for \`${host}\``,
      advice: isRest ? FOR_REST : FOR_GIT,
    });
  });
}

export const netrc: Format = {
  id: "netrc",
  title: "netrc files: ~/.netrc, ~/_netrc",
  claims: (path) => /netrc$/i.test(baseName(path)),
  always: [".netrc", "_netrc"],
  find,
  foreign: (text) => netrcPasswords(text).filter(({ machine }) => !isNamed(machine)),
  examples: () => [
    {
      title: "an app password over several lines",
      path: "/home/ana/.netrc",
      text: ({ app }) =>
        `machine example.com login ana password other\nmachine bitbucket.org\n  login ana\n  # since 2023\n  password ${app}\n`,
      finds: [{ line: 5, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "an API token for Git and for REST, each with the user of the other",
      path: "/root/_netrc",
      text: ({ api }) =>
        `machine bitbucket.org login ana@acme.test password ${api}\nmachine api.bitbucket.org login ana password "${api}"\n`,
      finds: [
        { line: 1, kind: "api-token", certainty: "literal-verified", use: "git", trouble: "wrong-user" },
        { line: 2, kind: "api-token", certainty: "literal-verified", use: "rest", trouble: "wrong-user" },
      ],
    },
    {
      title: "the password before the login, and an entry for every machine",
      path: "/srv/build/ci-netrc",
      text: ({ legacy, access }) =>
        `machine bitbucket.org password ${legacy} login ana\ndefault login x-token-auth password ${access}\n`,
      finds: [
        { line: 1, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
        { line: 2, kind: "access-token", certainty: "literal-verified", user: "x-token-auth" },
      ],
    },
    {
      title: "a variable that a program fills in",
      path: "/srv/build/.netrc",
      text: () => `machine bitbucket.org login x-token-auth password \${REPO_TOKEN}\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "variable-named", name: "REPO_TOKEN" }],
    },
    {
      title: "other machines, and an entry without password",
      path: "/home/ana/.netrc",
      text: ({ legacy }) =>
        `machine example.com login ana password ${legacy}\nmachine bitbucket.org login ana\n`,
      finds: [],
    },
  ],
};
