// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** Bitbucket Pipelines: variables of pipes, `BB_AUTH_STRING`, and what scripts sign in with. */
import { baseName, type Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { type CiAdvice, inCi, OVER_REST } from "./in-ci.ts";

const PIPE =
  "give the pipe `BITBUCKET_ACCESS_TOKEN` with an access token of the repository instead of the user name and the app password, and raise the pipe's version";

const JOINED =
  "keep the name and change the value to the Atlassian e-mail and an API token, joined by `:`; inside a URL write the `@` of the e-mail as `%40`";

const ADVICE: CiAdvice = {
  url: (line) =>
    /remote\s+(?:set-url|add)\s+origin\b/.test(line)
      ? "take the line out where it names this repository: `origin` needs no credential in Pipelines; for another one use an SSH key of Pipelines"
      : "write the URL without user and password and use an SSH key of Pipelines, or let Git ask a helper that reads a secured variable",
  signIn: OVER_REST,
  variable: (name) =>
    /AUTH/i.test(name)
      ? JOINED
      : "keep a token in a secured variable: an access token of the repository serves Git (as `x-token-auth`) and REST (as `Authorization: Bearer`)",
};

/** The last release of a pipe that is known to take no token of a user. */
const LAST_WITHOUT: Readonly<Record<string, readonly [number, number]>> = {
  "atlassian/trigger-pipeline": [5, 2],
};

function isTooOld(pipe: string): boolean {
  const [, name = "", major, minor] = /^([\w.-]+\/[\w.-]+):(\d+)\.(\d+)/.exec(pipe) ?? [];
  const last = LAST_WITHOUT[name];
  if (last === undefined) return false;
  const [atMajor, atMinor] = [Number(major), Number(minor)];
  return atMajor < last[0] || (atMajor === last[0] && atMinor <= last[1]);
}

/** The variables of one pipe. */
function variablesOf(pipe: Leaf, leaves: readonly Leaf[]): Leaf[] {
  const above = [...pipe.path.slice(0, -1), "variables"];
  return leaves.filter(
    ({ path }) => path.length === above.length + 1 && above.every((key, at) => key === path[at]),
  );
}

function inPipe(pipe: Leaf, leaves: readonly Leaf[]): Sighting[] {
  const variables = variablesOf(pipe, leaves);
  const named = (name: RegExp): Leaf | undefined => variables.find((one) => name.test(keyOf(one)));
  const secret = named(/^BITBUCKET_(?:APP_PASSWORD|PASSWORD)$/);
  if (secret === undefined) return [];
  return pairSeen({
    user: named(/^BITBUCKET_USERNAME$/)?.value ?? null,
    secret: secret.value,
    start: secret.start,
    end: secret.end,
    use: "rest",
    place: `the pipe \`${pipe.value}\``,
    kind: "app-password",
    trouble: isTooOld(pipe.value) ? "tool-without-api-tokens" : null,
    advice: PIPE,
  });
}

function find(text: string): Sighting[] {
  // Most have none, and a parser takes longer than all the rest.
  const leaves = /\bBITBUCKET_(?:APP_)?PASSWORD\b/.test(text) ? yamlLeaves(text) : [];
  const pipes = leaves.filter((leaf) => keyOf(leaf) === "pipe");
  return [...pipes.flatMap((pipe) => inPipe(pipe, leaves)), ...inCi(text, ADVICE)];
}

const steps = (...lines: string[]): string =>
  `pipelines:\n  default:\n    - step:\n        script:\n${lines.map((line) => `          ${line}\n`).join("")}`;

export const bitbucketPipelines: Format = {
  id: "bitbucket-pipelines",
  title: "Bitbucket Pipelines: bitbucket-pipelines.yml",
  claims: (path) => /^bitbucket-pipelines[\w.-]*\.ya?ml$/.test(baseName(path)),
  find,
  examples: () => [
    {
      title: "a pipe whose release knows no tokens",
      path: "/srv/site/bitbucket-pipelines.yml",
      text: () =>
        steps(
          "- pipe: atlassian/trigger-pipeline:5.2.0",
          "  variables:",
          "    BITBUCKET_USERNAME: $BITBUCKET_USERNAME",
          "    BITBUCKET_APP_PASSWORD: $BITBUCKET_APP_PASSWORD",
          "    REPOSITORY: site",
        ),
      finds: [
        {
          line: 8,
          kind: "app-password",
          certainty: "legacy-by-shape",
          name: "BITBUCKET_APP_PASSWORD",
          user: "$BITBUCKET_USERNAME",
          trouble: "tool-without-api-tokens",
        },
      ],
    },
    {
      title: "an app password written into a pipe's variables",
      path: "/srv/site/bitbucket-pipelines.yml",
      text: ({ app }) =>
        steps(
          "- pipe: atlassian/bitbucket-upload-file:0.7.1",
          "  variables:",
          "    BITBUCKET_USERNAME: ana",
          `    BITBUCKET_APP_PASSWORD: '${app}'`,
        ),
      finds: [{ line: 8, kind: "app-password", certainty: "literal-verified", user: "ana", trouble: null }],
    },
    {
      title: "`curl` with a user name and whatever its variable is called",
      path: "/srv/site/bitbucket-pipelines.yml",
      text: () =>
        steps(
          '- curl -u "${BB_USER}:${BB_TOKEN}" https://api.bitbucket.org/2.0/repositories/acme/site/downloads -F files=@site.zip',
          "- curl --user $BB_AUTH_STRING https://api.bitbucket.org/2.0/repositories/acme/site",
        ),
      finds: [
        { line: 5, kind: "app-password", certainty: "legacy-by-shape", name: "BB_TOKEN", use: "rest" },
        { line: 6, kind: "unknown", certainty: "variable-named", name: "BB_AUTH_STRING" },
      ],
    },
    {
      title:
        "Git's own `origin`, an access token in a pipe's place for secrets, and what Pipelines sets by itself",
      path: "/srv/site/bitbucket-pipelines.yml",
      text: () =>
        steps(
          "- git push origin HEAD",
          "- echo $BITBUCKET_REPO_SLUG $BITBUCKET_WORKSPACE $BITBUCKET_STEP_OIDC_TOKEN $BITBUCKET_BUILD_NUMBER",
          "- pipe: atlassian/git-secrets-scan:2.1.0",
        ),
      finds: [],
    },
  ],
};
