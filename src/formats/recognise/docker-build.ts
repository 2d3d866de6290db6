/** `docker build --build-arg` in scripts and jobs: what is given so stays in the history of the image. */
import type { Format } from "../format.ts";
import { assignmentsIn, isSecretName } from "../shapes/assignments.ts";
import { kindByName } from "../shapes/pair.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { isScript } from "./script-paths.ts";

const ADVICE =
  "give it to `docker build` as `--secret id=bitbucket,env=NAME`, and to the one step with `RUN --mount=type=secret,id=bitbucket`: arguments of a build stay in the image";

const OPTION = "--build-arg";

/** What may stand between the option and the value or name that is meant. */
const BEFORE = /--build-arg(?:[ \t=]|["'],\s{0,20}["'])["']?[^\s"']{0,300}["']?$/;

/** The option with a name alone: Docker takes the value from its environment. */
const NAME_ALONE = /--build-arg(?:[ \t=]|["'],\s{0,20}["'])["']?([A-Za-z_]\w*)(?![\w=])/dg;

const FAR = 400;

function namesAlone(text: string): Sighting[] {
  return [...text.matchAll(NAME_ALONE)].flatMap((match) => {
    const [, name = ""] = match;
    const [start, end] = match.indices?.[1] ?? [0, 0];
    if (!isSecretName(name)) return [];
    return [
      nameAt(name, "variable-named", {
        start,
        end,
        kind: kindByName(name, null, "unknown"),
        place: `\`${OPTION}\``,
        advice: ADVICE,
      }),
    ];
  });
}

function find(text: string): Sighting[] {
  if (!text.includes(OPTION)) return [];
  const valued = assignmentsIn(text)
    .filter(({ start }) => BEFORE.test(text.slice(Math.max(0, start - FAR), start)))
    .map((one) => ({ ...one, place: `\`${OPTION}\``, advice: ADVICE }));
  return [...valued, ...namesAlone(text)];
}

export const dockerBuild: Format = {
  id: "docker-build",
  title: "docker build --build-arg in scripts and jobs",
  claims: isScript,
  find,
  examples: () => [
    {
      title: "a variable of a script as an argument of the build",
      path: "/srv/app/build.sh",
      text: () =>
        `#!/bin/sh\ndocker build --build-arg BITBUCKET_APP_PASSWORD="$BITBUCKET_APP_PASSWORD" -t app .\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "variable-named", name: "BITBUCKET_APP_PASSWORD" }],
    },
    {
      title: "a literal as an argument of the build",
      path: "/root/.bash_history",
      text: ({ access }) => `docker build --build-arg=BITBUCKET_TOKEN=${access} .\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "literal-verified" }],
    },
    {
      title: "a name alone, of which Docker takes the value from its environment",
      path: "/srv/app/Makefile",
      text: () => "image:\n\tdocker build --build-arg BUNDLE_BITBUCKET__ORG --build-arg VERSION=3 .\n",
      finds: [{ line: 2, kind: "unknown", certainty: "variable-named", name: "BUNDLE_BITBUCKET__ORG" }],
    },
    {
      title: "a secret of the build",
      path: "/srv/app/build.sh",
      text: () =>
        "docker build --build-arg VERSION=3 --secret id=bitbucket,src=/run/secrets/netrc --ssh default .\n",
      finds: [],
    },
  ],
};
