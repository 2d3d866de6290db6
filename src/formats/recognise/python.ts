/** pip, Poetry, uv and Pipenv: dependencies by URL, and the settings in which they keep passwords. */
import { baseName, type Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { pairSeen } from "../shapes/pair.ts";
import { hasOurForm } from "../shapes/tokens.ts";
import type { Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { sectionLeaves } from "../structure/sections.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

const LOCKS = /^(?:uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock(?:\.\w+)?\.toml)$/;
const MANIFESTS =
  /^(?:.*requirements.*|.*constraints.*)\.(?:txt|in)$|^(?:pyproject\.toml|Pipfile|setup\.(?:py|cfg)|environment\.ya?ml|tox\.ini)$/i;
const SETTINGS = /^(?:pip\.(?:conf|ini)|\.pypirc|uv\.toml)$/;

/** Requirements of several environments are often kept in a folder of that name. */
const REQUIREMENTS = /\/requirements\/[^/]+\.(?:txt|in)$/;

/** Where Poetry keeps the passwords that no keyring takes. */
const POETRY = /\/pypoetry\/(?:auth|config)\.toml$/;

const isSettings = (path: string): boolean => SETTINGS.test(baseName(path)) || POETRY.test(path);

function urlsFound(text: string, path: string): Sighting[] {
  if (LOCKS.test(baseName(path)))
    return dependencyUrls(
      text,
      "the URL of a locked dependency",
      () => "take it out where the dependency is named, and make the lock file anew",
    );
  if (isSettings(path))
    return dependencyUrls(
      text,
      "a URL in the settings",
      () => "write the URL without user and password: pip takes them from a keyring or from `~/.netrc`",
    );
  return dependencyUrls(
    text,
    "the URL of a dependency",
    (url) =>
      `write \`git+${sshUrl(url)}\`, or \`git+https\` without user and password so that Git's credential helper answers`,
  );
}

/**
 * Whether an entry is Bitbucket's: by its address, or by its section's name, which may also be that of somebody's own
 * server. There the form of the secret decides.
 */
function isOurs(leaf: Leaf, leaves: readonly Leaf[]): boolean {
  const address = beside(leaf, leaves, ["repository", "url", "index"])?.value ?? "";
  if (/bitbucket\.org/i.test(address)) return true;
  const isNamed = /bitbucket/i.test(leaf.path.slice(0, -1).join("."));
  return isNamed && (isVariable(leaf.value) || hasOurForm(leaf.value));
}

/** `username` and `password` in one section: of `.pypirc`, and `[http-basic.NAME]` of Poetry. */
function pairsFound(text: string): Sighting[] {
  const leaves = sectionLeaves(text);
  return leaves
    .filter((leaf) => keyOf(leaf) === "password" && isOurs(leaf, leaves))
    .flatMap((leaf) =>
      pairSeen({
        user: beside(leaf, leaves, ["username"])?.value ?? null,
        secret: leaf.value,
        use: "unknown",
        start: leaf.start,
        end: leaf.end,
        place: `\`password\` in \`[${leaf.path.slice(0, -1).join(".")}]\``,
        advice: isVariable(leaf.value) ? null : "keep it in a keyring, or in a variable of the one program",
      }),
    );
}

export const python: Format = {
  id: "python",
  title: "Python: requirements, pyproject.toml, lock files, pip.conf, .pypirc, Poetry's auth.toml",
  claims: (path) =>
    LOCKS.test(baseName(path)) ||
    MANIFESTS.test(baseName(path)) ||
    REQUIREMENTS.test(path) ||
    isSettings(path),
  find: (text, path) => [...(isSettings(path) ? pairsFound(text) : []), ...urlsFound(text, path)],
  examples: () => [
    {
      title: "a requirement whose URL has a user and an app password",
      path: "/srv/app/requirements-dev.txt",
      text: ({ app }) =>
        `requests==2.32.3\nwidgets @ git+https://ana:${app}@bitbucket.org/acme/widgets.git@v2.1.0#egg=widgets\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "variables in a requirement, as pip fills them in",
      path: "/srv/app/requirements.txt",
      text: () =>
        `git+https://\${BITBUCKET_USER}:\${BITBUCKET_APP_PASSWORD}@bitbucket.org/acme/widgets.git@main\n`,
      finds: [
        { line: 1, kind: "app-password", certainty: "legacy-by-shape", name: "BITBUCKET_APP_PASSWORD" },
      ],
    },
    {
      title: "an API token with an e-mail in `pyproject.toml`",
      path: "/srv/app/pyproject.toml",
      text: ({ api }) =>
        `[project]\ndependencies = [\n  "widgets @ git+https://ana%40acme.example:${api}@bitbucket.org/acme/widgets.git",\n]\n`,
      finds: [{ line: 3, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "a lock file of uv with an access token",
      path: "/srv/app/uv.lock",
      text: ({ access }) =>
        `[[package]]\nname = "widgets"\nsource = { git = "https://x-token-auth:${access}@bitbucket.org/acme/widgets.git?rev=main#0a1b2c3" }\n`,
      finds: [{ line: 3, kind: "access-token", certainty: "literal-verified", trouble: null }],
    },
    {
      title: "what Poetry keeps where there is no keyring",
      path: "/home/ana/.config/pypoetry/auth.toml",
      text: ({ legacy }) => `[http-basic.bitbucket]\nusername = "ana"\npassword = "${legacy}"\n`,
      finds: [{ line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "SSH, HTTPS without user and password, and another index",
      path: "/srv/app/requirements/base.txt",
      text: () =>
        "git+ssh://git@bitbucket.org/acme/widgets.git@v2.1.0\ngit+https://bitbucket.org/acme/gears.git\n--extra-index-url https://ana:correct-battery@pypi.acme.example/simple\n",
      finds: [],
    },
  ],
};
