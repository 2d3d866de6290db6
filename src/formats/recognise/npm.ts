/** npm, Yarn and pnpm: dependencies by URL in manifests and locks, and `.npmrc`. */
import { baseName, type Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { pairSeen, splitPair } from "../shapes/pair.ts";
import type { UrlWithUser } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

const LOCKS = /^(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/;
const SETTINGS = /^\.(?:npmrc|yarnrc(?:\.yml)?)$/;
const OTHERS = /^(?:package\.json|pnpm-workspace\.yaml|\.package-lock\.json)$/;

/** npm's own record of what it has installed. */
const INSTALLED = ".package-lock.json";

const inManifest = (url: UrlWithUser): string =>
  `write \`git+${sshUrl(url)}\`, or \`git+https\` without user and password so that Git's credential helper answers, and make the lock file anew`;

function adviceFor(name: string): (url: UrlWithUser) => string {
  if (name === INSTALLED)
    return () => "take it out of `package.json` and the lock file, remove `node_modules`, and install again";
  if (LOCKS.test(name)) return () => "take it out of `package.json`, and make the lock file anew";
  return inManifest;
}

function placeFor(name: string): string {
  if (name === INSTALLED || LOCKS.test(name)) return "the resolved URL of a dependency";
  return SETTINGS.test(name) ? "a URL in npm's settings" : "the URL of a dependency";
}

/** `//api.bitbucket.org/:_authToken=…`; `_password` is base64, `_auth` base64 of user and password. */
const ENTRY =
  /^[ \t]*\/\/((?:api\.)?bitbucket\.org)[^\s=]*:(_authToken|_password|_auth)[ \t]*=[ \t]*(["']?)([^\s"']+)\3/dgm;

const USER = /^[ \t]*\/\/(?:api\.)?bitbucket\.org[^\s=]*:username[ \t]*=[ \t]*["']?([^\s"']+)/m;

const FROM_A_VARIABLE = `write a variable in its place, as in \`_authToken=\${BITBUCKET_TOKEN}\`, and set it only where npm runs`;

const decoded = (text: string): string =>
  text.includes("$") ? text : Buffer.from(text, "base64").toString("latin1");

function inSettings(text: string): Sighting[] {
  const near = USER.exec(text)?.[1] ?? null;
  return [...text.matchAll(ENTRY)].flatMap((match) => {
    const [, host = "", key = "", , value = ""] = match;
    const [start, end] = match.indices?.[4] ?? [0, 0];
    const plain = key === "_authToken" ? value : decoded(value);
    const pair = key === "_auth" ? splitPair(plain) : null;
    return pairSeen({
      user: pair?.user ?? (key === "_password" ? near : null),
      secret: pair?.secret ?? plain,
      use: host.startsWith("api.") ? "rest" : "unknown",
      start,
      end,
      place: `\`${key}\` for ${host}`,
      encoding: plain === value ? null : "base64",
      advice: isVariable(value) ? null : FROM_A_VARIABLE,
    });
  });
}

function find(text: string, path: string): Sighting[] {
  const name = baseName(path);
  const urls = dependencyUrls(text, placeFor(name), adviceFor(name));
  return SETTINGS.test(name) ? [...inSettings(text), ...urls] : urls;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

export const npm: Format = {
  id: "npm",
  title: "npm, Yarn and pnpm: package.json, lock files, .npmrc",
  claims: (path) => {
    const name = baseName(path);
    return LOCKS.test(name) || SETTINGS.test(name) || OTHERS.test(name);
  },
  find,
  examples: () => [
    {
      title: "a dependency whose URL has a user and an app password",
      path: "/srv/site/package.json",
      text: ({ app }) =>
        `{\n  "dependencies": {\n    "widgets": "git+https://ana:${app}@bitbucket.org/acme/widgets.git#v2.1.0"\n  }\n}\n`,
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "the same in a lock file, with an access token",
      path: "/srv/site/package-lock.json",
      text: ({ access }) =>
        `{\n  "packages": {\n    "node_modules/widgets": {\n      "resolved": "git+https://x-token-auth:${access}@bitbucket.org/acme/widgets.git#0a1b2c3"\n    }\n  }\n}\n`,
      finds: [{ line: 4, kind: "access-token", certainty: "literal-verified", trouble: null }],
    },
    {
      title: "what npm has installed, with an API token behind an e-mail",
      path: "/srv/site/node_modules/.package-lock.json",
      text: ({ api }) =>
        `{\n  "packages": {\n    "node_modules/widgets": {\n      "resolved": "git+https://ana%40acme.example:${api.replace("=", "%3D")}@bitbucket.org/acme/widgets.git"\n    }\n  }\n}\n`,
      finds: [{ line: 4, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "a Yarn lock file",
      path: "/srv/site/yarn.lock",
      text: ({ legacy }) =>
        `"widgets@git+https://ana:${legacy}@bitbucket.org/acme/widgets.git":\n  version "2.1.0"\n  resolved "git+https://ana:${legacy}@bitbucket.org/acme/widgets.git#0a1b2c3"\n`,
      finds: [
        { line: 1, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
        { line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
      ],
    },
    {
      title: "npm's settings with user and password for Bitbucket",
      path: "/home/ana/.npmrc",
      text: ({ app }) =>
        `//api.bitbucket.org/2.0/:username=ana\n//api.bitbucket.org/2.0/:_password=${base64(app)}\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
    },
    {
      title: "a variable in npm's settings",
      path: "/srv/site/.npmrc",
      text: () => `//api.bitbucket.org/:_authToken=\${BITBUCKET_TOKEN}\n`,
      finds: [{ line: 1, kind: "unknown", certainty: "variable-named", name: "BITBUCKET_TOKEN" }],
    },
    {
      title: "SSH, the short form, and HTTPS without user and password",
      path: "/srv/site/package.json",
      text: () =>
        '{\n  "dependencies": {\n    "a": "bitbucket:acme/a",\n    "b": "git+ssh://git@bitbucket.org/acme/b.git",\n    "c": "git+https://bitbucket.org/acme/c.git",\n    "d": "git+https://user:password@bitbucket.org/acme/d.git"\n  }\n}\n',
      finds: [],
    },
  ],
};
