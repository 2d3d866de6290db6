/** GitLab: jobs that talk to Bitbucket, GitLab's own `build_status` script, and the API that imports repositories. */
import { baseName, type Format } from "../format.ts";
import type { Sighting } from "../sighting.ts";
import { type CiAdvice, inCi, OVER_REST } from "./in-ci.ts";

const IMPORT =
  "give GitLab's import `bitbucket_email` and `bitbucket_api_token`, the Atlassian e-mail and an API token, instead of `bitbucket_username` and `bitbucket_app_password`";

const ADVICE: CiAdvice = {
  url: "write the URL without user and password, and let `GIT_ASKPASS` read a masked variable, or use SSH with a deploy key",
  signIn: OVER_REST,
  variable: (name) =>
    /^bitbucket_app_password$/.test(name)
      ? IMPORT
      : "put a token into the variable (Settings, CI/CD, Variables; masked) and change how the job signs in",
};

const find = (text: string): Sighting[] => inCi(text, ADVICE);

export const gitlabCi: Format = {
  id: "gitlab-ci",
  title: "GitLab CI: .gitlab-ci.yml, its included files, build_status",
  claims: (path) =>
    /\.gitlab-ci\.ya?ml$|\/\.gitlab\/.+\.ya?ml$/.test(path) || baseName(path) === "build_status",
  find,
  examples: () => [
    {
      title: "an app password under the name that GitLab's guide gave it",
      path: "/srv/site/build_status",
      text: () =>
        'curl --request POST --user "$BITBUCKET_USERNAME:$BITBUCKET_ACCESS_TOKEN" \\\n  --data "$BODY" \\\n  "https://api.bitbucket.org/2.0/repositories/acme/site/commit/$CI_COMMIT_SHA/statuses/build"\n',
      finds: [
        {
          line: 1,
          kind: "app-password",
          certainty: "legacy-by-shape",
          name: "BITBUCKET_ACCESS_TOKEN",
          user: "$BITBUCKET_USERNAME",
          use: "rest",
        },
      ],
    },
    {
      title: "a mirror with an app password in its URL",
      path: "/srv/site/.gitlab-ci.yml",
      text: ({ app }) =>
        `mirror:\n  script:\n    - git push --mirror https://ana:${app}@bitbucket.org/acme/site.git\n`,
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "the old fields of the API that imports from Bitbucket",
      path: "/srv/site/.gitlab/ci/import.yml",
      text: () =>
        'import:\n  script:\n    - curl --request POST "$CI_API_V4_URL/import/bitbucket" --data "bitbucket_username=ana" --data "bitbucket_app_password=$BB_PW"\n',
      finds: [{ line: 3, kind: "app-password", certainty: "variable-named" }],
    },
    {
      title: "an access token as `Bearer`, and a push over SSH",
      path: "/srv/site/.gitlab-ci.yml",
      text: () =>
        'status:\n  script:\n    - git push git@bitbucket.org:acme/site.git HEAD\n    - curl --header "Authorization: Bearer $STATUS_TOKEN" https://api.bitbucket.org/2.0/repositories/acme/site\n',
      finds: [],
    },
  ],
};
