/** Composer's credentials: `auth.json`, the same in `config.json` and `COMPOSER_AUTH`, and repositories' URLs. */
import { ACCESS_TOKEN_USER } from "../../core/bitbucket.ts";
import { baseName, type Format } from "../format.ts";
import { isPlaceholder, isVariable } from "../placeholder.ts";
import { pairSeen } from "../shapes/pair.ts";
import { urlsIn } from "../shapes/urls.ts";
import { type Sighting, secretAt } from "../sighting.ts";
import { jsonLeaves } from "../structure/json.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { urlSeen } from "./text.ts";

const HOST = /^(?:api\.)?bitbucket\.org$/i;

const OF_FILES =
  "as `http-basic` for bitbucket.org give the Atlassian e-mail and an API token (Composer 2.8.12 or later), or `x-token-auth` and an access token (any Composer 2)";

/** `http-basic` → `bitbucket.org` → `password`. */
function isBasic({ path }: Leaf): boolean {
  const [kind, host, key] = path.slice(-3);
  return kind === "http-basic" && HOST.test(host ?? "") && key === "password";
}

/** Composer sends these as a consumer's key and secret; people have put a user and an app password there. */
function isConsumer({ path }: Leaf): boolean {
  const [kind, host, key] = path.slice(-3);
  return kind === "bitbucket-oauth" && HOST.test(host ?? "") && key === "consumer-secret";
}

function isBearer({ path }: Leaf): boolean {
  const [kind, host] = path.slice(-2);
  return kind === "bearer" && HOST.test(host ?? "");
}

function ofBasic(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  const user = beside(leaf, leaves, ["username"])?.value ?? null;
  return pairSeen({
    user,
    secret: leaf.value,
    start: leaf.start,
    end: leaf.end,
    // Composer asks REST with this user and gives Git the one that goes with the token.
    use: user === ACCESS_TOKEN_USER ? "both" : "rest",
    place: "`http-basic` for bitbucket.org",
    advice: OF_FILES,
  });
}

function ofConsumer(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  const key = beside(leaf, leaves, ["consumer-key"])?.value ?? null;
  if (isVariable(leaf.value) || isPlaceholder(leaf.value)) return [];
  return [
    secretAt(leaf.value, {
      start: leaf.start,
      end: leaf.end,
      user: key,
      use: "both",
      place: "`bitbucket-oauth` for bitbucket.org",
      advice: `\`bitbucket-oauth\` takes the key and secret of an OAuth consumer and nothing else; ${OF_FILES}`,
    }),
  ];
}

function ofBearer({ value, start, end }: Leaf): Sighting[] {
  return pairSeen({
    user: null,
    secret: value,
    start,
    end,
    use: "rest",
    place: "`bearer` for bitbucket.org",
    advice: `\`bearer\` serves downloads and no clones; ${OF_FILES}`,
  });
}

/** Bitbucket's entries among those that Composer takes from `auth.json`, `config` or `COMPOSER_AUTH`. */
export function composerEntries(leaves: readonly Leaf[]): Sighting[] {
  return leaves.flatMap((leaf) => {
    if (isBasic(leaf)) return ofBasic(leaf, leaves);
    if (isConsumer(leaf)) return ofConsumer(leaf, leaves);
    return isBearer(leaf) ? ofBearer(leaf) : [];
  });
}

function find(text: string): Sighting[] {
  const leaves = jsonLeaves(text);
  const kept = composerEntries(leaves);
  const urls = leaves
    .filter((leaf) => keyOf(leaf) === "url")
    .flatMap((leaf) => urlsIn(text.slice(leaf.start, leaf.end)).map((url) => ({ leaf, url })))
    .flatMap(({ leaf, url }) => {
      const moved = {
        ...url,
        secretStart: leaf.start + url.secretStart,
        secretEnd: leaf.start + url.secretEnd,
      };
      return urlSeen(moved, {
        place: "the URL of a repository",
        advice: "write the URL without user and password, and give Composer the credential in `auth.json`",
      });
    });
  return [...kept, ...urls];
}

export const composer: Format = {
  id: "composer",
  title: "Composer: auth.json, config.json, composer.json, composer.lock",
  claims: (path) =>
    /^(?:auth|composer)\.(?:json|lock)$/.test(baseName(path)) || /\/\.?composer\/config\.json$/.test(path),
  find,
  examples: () => [
    {
      title: "an app password, as Composer kept it until July 2026",
      path: "/home/ana/.config/composer/auth.json",
      text: ({ app }) =>
        `{\n  "http-basic": {\n    "bitbucket.org": {\n      "username": "ana",\n      "password": "${app}"\n    }\n  }\n}\n`,
      finds: [{ line: 5, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
    },
    {
      title: "an API token with a user name instead of the e-mail",
      path: "/srv/site/auth.json",
      text: ({ api }) => `{"http-basic": {"bitbucket.org": {"username": "ana", "password": "${api}"}}}\n`,
      finds: [
        { line: 1, kind: "api-token", certainty: "literal-verified", user: "ana", trouble: "wrong-user" },
      ],
    },
    {
      title: "an app password in the place of an OAuth consumer's secret",
      path: "/root/.composer/auth.json",
      text: ({ legacy }) =>
        `{\n  "bitbucket-oauth": {\n    "bitbucket.org": {\n      "consumer-key": "ana",\n      "consumer-secret": "${legacy}"\n    }\n  }\n}\n`,
      finds: [{ line: 5, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "a repository's URL with a password",
      path: "/srv/site/composer.json",
      text: ({ app }) =>
        `{\n  "repositories": [\n    { "type": "vcs", "url": "https://ana:${app}@bitbucket.org/acme/widgets.git" }\n  ]\n}\n`,
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "only placeholders",
      path: "/srv/site/auth.json",
      text: () =>
        `{"http-basic": {"bitbucket.org": {"username": "your-username", "password": "your-app-password"}}}\n`,
      finds: [],
    },
  ],
};
