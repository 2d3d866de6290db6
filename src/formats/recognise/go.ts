/** Go: its own environment file, `go.mod`, and the clones that it keeps. */
import type { Format } from "../format.ts";
import { dependencyUrls } from "./dependency-urls.ts";

/** Where `go env -w` writes. */
const SETTINGS = /\/go\/env$/;
const MODULES = /\/go\.(?:mod|work)$/;

/** Bare clones of modules, and what Go notes of where each came from. */
const CACHE = /\/(?:mod\/cache\/vcs\/[^/]+(?:\/config|\.info)|mod\/cache\/download\/.*\.info)$/;

const REDIRECTED =
  'leave modules at `https://bitbucket.org/`, and send Git elsewhere: `git config --global url."ssh://git@bitbucket.org/".insteadOf https://bitbucket.org/`';

export const go: Format = {
  id: "go",
  title: "Go: the file of go env, go.mod, the cache of modules",
  claims: (path) => SETTINGS.test(path) || MODULES.test(path) || CACHE.test(path),
  find: (text, path) =>
    CACHE.test(path)
      ? dependencyUrls(
          text,
          "a clone in Go's cache",
          () => `${REDIRECTED}; then make the cache anew with \`go clean -modcache\``,
        )
      : dependencyUrls(text, SETTINGS.test(path) ? "a URL in `go env`" : "a URL", () => REDIRECTED),
  examples: () => [
    {
      title: "the clone of a module, with the URL that `insteadOf` made of it",
      path: "/home/ana/go/pkg/mod/cache/vcs/0a1b2c3d4e5f/config",
      text: ({ app }) =>
        `[remote "origin"]\n\turl = https://ana:${app}@bitbucket.org/acme/widgets.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "a proxy in `go env` that signs in with an access token",
      path: "/home/ana/.config/go/env",
      text: ({ access }) =>
        `GOPRIVATE=bitbucket.org/acme\nGOPROXY=https://x-token-auth:${access}@bitbucket.org/acme/modules,direct\n`,
      finds: [{ line: 2, kind: "access-token", certainty: "literal-verified", trouble: null }],
    },
    {
      title: "a variable in a comment that tells how to set up",
      path: "/srv/app/go.mod",
      text: () =>
        `module bitbucket.org/acme/app\n\n// git config --global url."https://\${BITBUCKET_USER}:\${BITBUCKET_APP_PASSWORD}@bitbucket.org/".insteadOf https://bitbucket.org/\n`,
      finds: [
        { line: 3, kind: "app-password", certainty: "legacy-by-shape", name: "BITBUCKET_APP_PASSWORD" },
      ],
    },
    {
      title: "modules of Bitbucket, and which of them are private",
      path: "/home/ana/.config/go/env",
      text: () => "GOPRIVATE=bitbucket.org/acme\nGONOSUMDB=bitbucket.org/acme/*\n",
      finds: [],
    },
  ],
};
