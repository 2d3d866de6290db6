// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** GitHub Actions: secrets of workflows, and actions that mirror to Bitbucket. */
import type { Format } from "../format.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { type CiAdvice, inCi, OVER_REST } from "./in-ci.ts";

const ADVICE: CiAdvice = {
  url: (line) =>
    /insteadOf/i.test(line)
      ? "set the rule only for the step that needs it, through `GIT_CONFIG_COUNT` in its `env:`: a runner of one's own keeps what `--global` writes"
      : "write the URL without user and password; give the step `GIT_ASKPASS` and the secret in its `env:`, or push over SSH with a deploy key",
  signIn: OVER_REST,
  variable:
    "make a secret with a token in Settings, Secrets and variables, Actions (`gh secret set NAME`), and use that in the workflow",
};

/** Actions that give Git and REST one pair of user and password. */
const ONE_USER = /\b(?:heussd\/mirror-to-bitbucket-github-action|uorz-me\/mirror2bitbucket)@/i;

const REPLACE =
  "replace the action: it signs in to Git and REST as one user, which no API token can serve; push in a step of your own as `x-token-auth` with an access token, or mirror over SSH with a deploy key";

function ofAction({ value, start, end }: Leaf): Sighting[] {
  if (!ONE_USER.test(value)) return [];
  return [
    nameAt(value, "legacy-by-shape", {
      start,
      end,
      kind: "app-password",
      use: "both",
      place: `the action \`${value}\``,
      trouble: "one-user-for-git-and-rest",
      advice: REPLACE,
    }),
  ];
}

function find(text: string): Sighting[] {
  // Few workflows have one, and a parser takes longer than all the rest.
  const leaves = ONE_USER.test(text) ? yamlLeaves(text) : [];
  const actions = leaves.filter((leaf) => keyOf(leaf) === "uses");
  return [...actions.flatMap(ofAction), ...inCi(text, ADVICE)];
}

const steps = (...lines: string[]): string =>
  `on: push\njobs:\n  mirror:\n    runs-on: ubuntu-latest\n    steps:\n${lines.map((line) => `      ${line}\n`).join("")}`;

const PATH = "/srv/site/.github/workflows/mirror.yml";

export const githubActions: Format = {
  id: "github-actions",
  title: "GitHub Actions: workflows and actions",
  claims: (path) => /\/\.github\/workflows\/[^/]+\.ya?ml$|\/action\.ya?ml$/.test(path),
  find,
  examples: () => [
    {
      title: "an action that cannot work with tokens",
      path: PATH,
      text: () =>
        steps(
          "- uses: heussd/mirror-to-bitbucket-github-action@v2",
          "  with:",
          "    username: ana",
          "    password: ${{ secrets.BITBUCKET_APP_PASSWORD }}",
        ),
      finds: [
        {
          line: 6,
          kind: "app-password",
          certainty: "legacy-by-shape",
          use: "both",
          trouble: "one-user-for-git-and-rest",
        },
        { line: 9, kind: "app-password", certainty: "variable-named", name: "BITBUCKET_APP_PASSWORD" },
      ],
    },
    {
      title: "secrets in the URL that an action pushes to",
      path: PATH,
      text: () =>
        steps(
          "- uses: reload/git-push-mirror-action@v1",
          "  with:",
          '    args: "https://${{ secrets.BITBUCKET_USER }}:${{ secrets.BITBUCKET_APP_PASSWORD }}@bitbucket.org/acme/site.git"',
        ),
      finds: [
        {
          line: 8,
          kind: "app-password",
          certainty: "legacy-by-shape",
          name: "BITBUCKET_APP_PASSWORD",
          use: "git",
        },
      ],
    },
    {
      title: "an API token written into a step, with the e-mail as Git's user",
      path: PATH,
      text: ({ api }) => steps(`- run: git clone https://ana%40acme.example:${api}@bitbucket.org/acme/site`),
      finds: [{ line: 6, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "an action that pushes over SSH",
      path: PATH,
      text: () =>
        steps(
          "- uses: pixta-dev/repository-mirroring-action@v1",
          "  with:",
          "    target_repo_url: git@bitbucket.org:acme/site.git",
          "    ssh_private_key: ${{ secrets.MIRROR_KEY }}",
        ),
      finds: [],
    },
  ],
};
