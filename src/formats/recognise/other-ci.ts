// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** Drone and Woodpecker, CircleCI, Azure Pipelines, Travis: jobs that talk to Bitbucket, and connections by name. */
import type { Format } from "../format.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { type CiAdvice, inCi, OVER_REST } from "./in-ci.ts";

const ADVICE: CiAdvice = {
  url: "write the URL without user and password, and let `GIT_ASKPASS` read a secret of the build, or use SSH with a deploy key",
  signIn: OVER_REST,
  variable: "put a token into the secret of the build, and change how the job signs in",
};

/** Azure's `resources` → `repositories` of `type: bitbucket`, which name a service connection. */
function ofConnection(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  if (beside(leaf, leaves, ["type"])?.value !== "bitbucket") return [];
  return [
    nameAt(leaf.value, "reference", {
      start: leaf.start,
      end: leaf.end,
      use: "both",
      place: `the service connection \`${leaf.value}\``,
      advice:
        "look into the service connection (Project settings): where it holds a user name and an app password, make it anew",
    }),
  ];
}

/** Drone's and Woodpecker's `auth_string`: a user and a secret in one, kept in their store. */
function ofAuthString(leaf: Leaf): Sighting[] {
  const [key, from] = leaf.path.slice(-2);
  if (key !== "auth_string" || from !== "from_secret") return [];
  return [
    nameAt(leaf.value, "reference", {
      start: leaf.start,
      end: leaf.end,
      use: "rest",
      place: "`auth_string`",
      advice:
        "keep the secret's name and change its value to the Atlassian e-mail and an API token, joined by `:`",
    }),
  ];
}

function find(text: string): Sighting[] {
  const leaves = /bitbucket/i.test(text) ? yamlLeaves(text) : [];
  return [
    ...leaves.filter((leaf) => keyOf(leaf) === "endpoint").flatMap((leaf) => ofConnection(leaf, leaves)),
    ...leaves.flatMap(ofAuthString),
    ...inCi(text, ADVICE),
  ];
}

export const otherCi: Format = {
  id: "other-ci",
  title: "Drone, Woodpecker, CircleCI, Azure Pipelines, Travis",
  claims: (path) =>
    /\/(?:\.drone|\.woodpecker|\.travis|azure-pipelines[\w.-]*)\.ya?ml$|\/\.(?:circleci|woodpecker|azure-pipelines)\/[^/]+\.ya?ml$/.test(
      path,
    ),
  find,
  examples: () => [
    {
      title: "CircleCI: a user name with an app password's variable",
      path: "/srv/site/.circleci/config.yml",
      text: () =>
        'jobs:\n  build:\n    steps:\n      - run: git clone "https://${BB_USER}:${BB_APP_PASSWORD}@bitbucket.org/acme/site.git"\n',
      finds: [
        { line: 4, kind: "app-password", certainty: "legacy-by-shape", name: "BB_APP_PASSWORD", use: "git" },
      ],
    },
    {
      title: "Travis: an app password as it is",
      path: "/srv/site/.travis.yml",
      text: ({ app }) =>
        `script:\n  - curl -u ana:${app} https://api.bitbucket.org/2.0/repositories/acme/site/downloads\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
    },
    {
      title: "Azure Pipelines: a repository through a service connection",
      path: "/srv/site/azure-pipelines.yml",
      text: () =>
        "resources:\n  repositories:\n    - repository: data\n      type: bitbucket\n      endpoint: acme-bitbucket\n      name: acme/data\n",
      finds: [{ line: 5, kind: "unknown", certainty: "reference", name: "acme-bitbucket" }],
    },
    {
      title: "Drone: a user and a secret in one",
      path: "/srv/site/.drone.yml",
      text: () =>
        "steps:\n  - name: upload\n    image: albinodrought/drone-bitbucket-artifacts\n    settings:\n      auth_string:\n        from_secret: upload_auth\n",
      finds: [{ line: 6, kind: "unknown", certainty: "reference", name: "upload_auth", use: "rest" }],
    },
    {
      title: "SSH, and a connection to another host",
      path: "/srv/site/azure-pipelines.yml",
      text: () =>
        "resources:\n  repositories:\n    - repository: data\n      type: github\n      endpoint: acme-github\nsteps:\n  - script: git clone git@bitbucket.org:acme/site.git\n",
      finds: [],
    },
  ],
};
