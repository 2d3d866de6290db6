/** Bundler: gems by URL, and the user and secret that it keeps for a host. */
import { baseName, type Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { pairSeen, splitPair } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

const LOCKS = /^(?:Gemfile|gems)\.lock(?:ed)?$|^gems\.locked$/;
const MANIFESTS = /^(?:Gemfile|gems\.rb|.*\.gemspec|.*\.gemfile)$/;
const SETTINGS = /\/\.?bundle\/config$/;

/** `bitbucket.org` as Bundler writes it into the name of a setting. */
const KEY = /^BUNDLE_(?:HTTPS:\/\/)?(?:API__)?BITBUCKET__ORG\/?$/i;

const IN_GEMFILE = (url: Parameters<typeof sshUrl>[0]): string =>
  `write \`${sshUrl(url)}\`, or the URL without user and password, and give Bundler the credential with \`BUNDLE_BITBUCKET__ORG=x-token-auth:TOKEN\` in its environment`;

function settingSeen({ value, start, end }: Leaf): Sighting[] {
  const pair = splitPair(value);
  if (pair === null && !isVariable(value)) return [];
  return pairSeen({
    user: pair?.user ?? null,
    secret: pair?.secret ?? value,
    use: "git",
    start,
    end,
    place: "`BUNDLE_BITBUCKET__ORG`",
    advice:
      "write `x-token-auth:` and an access token as its value, or `x-bitbucket-api-token-auth:` and an API token",
  });
}

function find(text: string, path: string): Sighting[] {
  const name = baseName(path);
  if (SETTINGS.test(path))
    return yamlLeaves(text)
      .filter((leaf) => KEY.test(keyOf(leaf)))
      .flatMap(settingSeen);
  if (LOCKS.test(name))
    return dependencyUrls(
      text,
      "the remote of a locked gem",
      () => "take it out of the `Gemfile`, and make the lock file anew with `bundle lock`",
    );
  return dependencyUrls(text, "the URL of a gem", IN_GEMFILE);
}

export const bundler: Format = {
  id: "bundler",
  title: "Bundler: Gemfile, Gemfile.lock, .bundle/config",
  claims: (path) => LOCKS.test(baseName(path)) || MANIFESTS.test(baseName(path)) || SETTINGS.test(path),
  find,
  examples: () => [
    {
      title: "user and app password for Bitbucket in Bundler's settings",
      path: "/home/ana/.bundle/config",
      text: ({ app }) => `---\nBUNDLE_PATH: "vendor/bundle"\nBUNDLE_BITBUCKET__ORG: "ana:${app}"\n`,
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "an API token with the user that Git needs",
      path: "/srv/app/.bundle/config",
      text: ({ api }) => `---\nBUNDLE_BITBUCKET__ORG: "x-bitbucket-api-token-auth:${api}"\n`,
      finds: [{ line: 2, kind: "api-token", certainty: "literal-verified", use: "git", trouble: null }],
    },
    {
      title: "a gem whose URL has an e-mail and an API token",
      path: "/srv/app/Gemfile",
      text: ({ api }) =>
        `source "https://rubygems.org"\ngem "widgets", git: "https://ana%40acme.example:${api}@bitbucket.org/acme/widgets.git"\n`,
      finds: [{ line: 2, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "the environment that a `Gemfile` puts into a URL",
      path: "/srv/app/Gemfile",
      text: () =>
        `gem "widgets", git: "https://#{ENV['BB_USER']}:#{ENV['BB_APP_PASSWORD']}@bitbucket.org/acme/widgets.git"\n`,
      finds: [{ line: 1, kind: "app-password", certainty: "legacy-by-shape", name: "BB_APP_PASSWORD" }],
    },
    {
      title: "the same gem, locked with what was in the URL",
      path: "/srv/app/Gemfile.lock",
      text: ({ legacy }) =>
        `GIT\n  remote: https://ana:${legacy}@bitbucket.org/acme/widgets.git\n  revision: 0a1b2c3\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "SSH, HTTPS without user and password, and the short form",
      path: "/srv/app/Gemfile",
      text: () =>
        'gem "a", git: "git@bitbucket.org:acme/a.git"\ngem "b", git: "https://bitbucket.org/acme/b.git"\ngem "c", bitbucket: "acme/c"\n',
      finds: [],
    },
  ],
};
