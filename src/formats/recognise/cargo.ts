/** Cargo: dependencies by URL, registries, and the tokens of registries. */
import { baseName, type Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { pairSeen } from "../shapes/pair.ts";
import { hasOurForm } from "../shapes/tokens.ts";
import type { Sighting } from "../sighting.ts";
import { keyOf } from "../structure/leaf.ts";
import { sectionLeaves } from "../structure/sections.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

/** Older releases write them without an ending. */
const SETTINGS = /\/\.cargo\/(?:config|credentials)(?:\.toml)?$/;

function urlsFound(text: string, path: string): Sighting[] {
  if (baseName(path) === "Cargo.lock")
    return dependencyUrls(
      text,
      "the source of a locked package",
      () => "take it out of `Cargo.toml`, and make the lock file anew with `cargo update`",
    );
  return dependencyUrls(
    text,
    SETTINGS.test(path) ? "the URL of a registry" : "the URL of a dependency",
    (url) =>
      `write \`${sshUrl(url)}\`, or the URL without user and password and \`git-fetch-with-cli = true\` under \`[net]\` in \`.cargo/config.toml\`, so that Git's credential helper answers`,
  );
}

/** `[registries.bitbucket]` → `token`: sent as the whole `Authorization` header, so `Basic …` is seen without this. */
function tokensFound(text: string): Sighting[] {
  return (
    sectionLeaves(text)
      .filter((leaf) => keyOf(leaf) === "token" && /bitbucket/i.test(leaf.path.slice(0, -1).join(".")))
      .map((leaf) => ({ ...leaf, secret: leaf.value.replace(/^Bearer\s+/i, "") }))
      // The name may also be that of somebody's own server.
      .filter(({ secret }) => isVariable(secret) || hasOurForm(secret))
      .flatMap(({ path, secret, start, end }) =>
        pairSeen({
          user: null,
          secret,
          use: "unknown",
          start,
          end,
          place: `\`token\` of \`[${path.slice(0, -1).join(".")}]\``,
          advice: isVariable(secret)
            ? null
            : "keep it in a credential provider of Cargo, such as `cargo:libsecret`, instead of a file",
        }),
      )
  );
}

export const cargo: Format = {
  id: "cargo",
  title: "Cargo: Cargo.toml, Cargo.lock, .cargo/config.toml, .cargo/credentials.toml",
  claims: (path) => /^Cargo\.(?:toml|lock)$/.test(baseName(path)) || SETTINGS.test(path),
  find: (text, path) => [...(SETTINGS.test(path) ? tokensFound(text) : []), ...urlsFound(text, path)],
  examples: () => [
    {
      title: "a dependency whose URL has a user and an app password",
      path: "/srv/app/Cargo.toml",
      text: ({ app }) =>
        `[dependencies]\nwidgets = { git = "https://ana:${app}@bitbucket.org/acme/widgets.git", tag = "v2" }\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "the same in the lock file, with an access token under a wrong user",
      path: "/srv/app/Cargo.lock",
      text: ({ access }) =>
        `[[package]]\nname = "widgets"\nsource = "git+https://ana:${access}@bitbucket.org/acme/widgets.git?tag=v2#0a1b2c3"\n`,
      finds: [{ line: 3, kind: "access-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "the token of a registry",
      path: "/home/ana/.cargo/credentials.toml",
      text: ({ legacy }) => `[registries.bitbucket]\ntoken = "${legacy}"\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped" }],
    },
    {
      title: "a variable that a build puts into a URL",
      path: "/srv/app/.cargo/config.toml",
      text: () =>
        `[registries.acme]\nindex = "https://x-token-auth:\${BITBUCKET_TOKEN}@bitbucket.org/acme/index.git"\n`,
      finds: [{ line: 2, kind: "access-token", certainty: "variable-named", name: "BITBUCKET_TOKEN" }],
    },
    {
      title: "SSH, and HTTPS through git",
      path: "/srv/app/Cargo.toml",
      text: () =>
        '[dependencies]\nwidgets = { git = "ssh://git@bitbucket.org/acme/widgets.git" }\ngears = { git = "https://bitbucket.org/acme/gears.git" }\n',
      finds: [],
    },
  ],
};
