/** Docker Compose: arguments of a build, the environment of a service, and where a service is built from. */
import { baseName, type Format } from "../format.ts";
import { assignmentsIn, isSecretName } from "../shapes/assignments.ts";
import { kindByName } from "../shapes/pair.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import type { Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

const NAME = /^(?:docker-)?compose(?:[._-][\w.-]+)?\.ya?ml$|^docker-(?:stack|bake)[\w.-]*\.ya?ml$/;

const OF_BUILD =
  "name it under `build.secrets`, and take it with `RUN --mount=type=secret` in the Dockerfile: arguments of a build stay in the image";

const OF_SERVICE =
  "name it under `secrets`, from a file that only its owner may read, and let the service read it from `/run/secrets`";

type Block = { place: string; advice: string };

/** The part of a service that a value is in, where that is known to take credentials. */
function blockOf({ path }: Leaf): Block | null {
  const build = path.indexOf("build");
  if (build >= 0 && path.includes("args", build)) return { place: "`build.args`", advice: OF_BUILD };
  return path.includes("environment") ? { place: "`environment`", advice: OF_SERVICE } : null;
}

/** `- BITBUCKET_TOKEN`: Compose takes the value from its own environment. */
function nameAlone({ value, start, end }: Leaf, { place, advice }: Block): Sighting[] {
  if (!isSecretName(value)) return [];
  const kind = kindByName(value, null, "unknown");
  return [nameAt(value, "variable-named", { start, end, kind, place: `\`${value}\` in ${place}`, advice })];
}

function find(text: string): Sighting[] {
  const assigned = assignmentsIn(text);
  const found = yamlLeaves(text).flatMap((leaf) => {
    const block = blockOf(leaf);
    if (block === null) return [];
    const inside = assigned.filter(({ start, end }) => leaf.start <= start && end <= leaf.end);
    const told = inside.map((one) => ({
      ...one,
      place: `${one.place} in ${block.place}`,
      advice: block.advice,
    }));
    return [...told, ...nameAlone(leaf, block)];
  });
  const urls = dependencyUrls(
    text,
    "a URL of Compose",
    (url) => `write \`${sshUrl(url)}\`, and run the build with \`--ssh default\``,
  );
  return [...found, ...urls];
}

export const compose: Format = {
  id: "compose",
  title: "Docker Compose",
  claims: (path) => NAME.test(baseName(path)),
  find,
  examples: () => [
    {
      title: "a literal in the environment of a service, with its user",
      path: "/srv/app/docker-compose.yml",
      text: ({ app }) =>
        `services:\n  sync:\n    image: acme/sync\n    environment:\n      BITBUCKET_USERNAME: ana\n      BITBUCKET_APP_PASSWORD: ${app}\n`,
      finds: [{ line: 6, kind: "app-password", certainty: "literal-verified", user: "ana" }],
    },
    {
      title: "arguments of a build",
      path: "/srv/app/compose.prod.yaml",
      text: ({ access }) =>
        `services:\n  app:\n    build:\n      context: .\n      args:\n        - BITBUCKET_TOKEN=${access}\n        - BITBUCKET_APP_PASSWORD\n        - BB_PASSWORD=\${BB_PASSWORD}\n`,
      finds: [
        { line: 6, kind: "access-token", certainty: "literal-verified" },
        { line: 7, kind: "app-password", certainty: "variable-named", name: "BITBUCKET_APP_PASSWORD" },
        { line: 8, kind: "unknown", certainty: "variable-named", name: "BB_PASSWORD" },
      ],
    },
    {
      title: "a service that is built from a URL with a password",
      path: "/srv/app/docker-compose.override.yml",
      text: ({ legacy }) =>
        `services:\n  app:\n    build: https://ana:${legacy}@bitbucket.org/acme/widgets.git#main\n`,
      finds: [{ line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" }],
    },
    {
      title: "secrets from files, and a URL over SSH",
      path: "/srv/app/compose.yaml",
      text: () =>
        "services:\n  app:\n    build:\n      context: ssh://git@bitbucket.org/acme/widgets.git\n    secrets: [bitbucket]\nsecrets:\n  bitbucket:\n    file: /run/keys/bitbucket\n",
      finds: [],
    },
  ],
};
