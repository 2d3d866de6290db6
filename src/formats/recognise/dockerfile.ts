/** Dockerfiles: what `ARG`, `ENV` and `RUN` bring into an image, where it stays in the history of its layers. */
import { baseName, type Format } from "../format.ts";
import { assignmentsIn, isSecretName } from "../shapes/assignments.ts";
import { kindByName, pairSeen } from "../shapes/pair.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { dependencyUrls } from "./dependency-urls.ts";

const NAME = /^(?:.*[._-])?(?:Dockerfile|Containerfile)(?:[._-].*)?$/i;

const AS_SECRET =
  "`ARG` and `ENV` stay in the image: give it to the one step with `RUN --mount=type=secret,id=bitbucket`, and to the build with `--secret id=bitbucket,env=NAME`";

/** An instruction with the lines that a backslash at the end joins to it. */
function instructionAt(text: string, offset: number): string {
  let start = text.lastIndexOf("\n", offset - 1);
  while (start > 0 && /\\\s*$/.test(text.slice(Math.max(0, start - 3), start)))
    start = text.lastIndexOf("\n", start - 1);
  let end = text.indexOf("\n", offset);
  while (end >= 0 && /\\\s*$/.test(text.slice(Math.max(0, end - 3), end))) end = text.indexOf("\n", end + 1);
  return text.slice(start + 1, end < 0 ? text.length : end);
}

/** None for what a secret mount brings: that is the right way. */
function adviceAt(text: string, offset: number): string | null {
  return /--mount=type=(?:secret|ssh)/.test(instructionAt(text, offset)) ? null : AS_SECRET;
}

/** `ARG BITBUCKET_TOKEN`: its value comes with the build. */
const DECLARED = /^[ \t]*ARG[ \t]+([A-Za-z_]\w*)[ \t\r]*$/dgim;

function declared(text: string): Sighting[] {
  return [...text.matchAll(DECLARED)].flatMap((match) => {
    const [, name = ""] = match;
    const [start, end] = match.indices?.[1] ?? [0, 0];
    if (!isSecretName(name)) return [];
    const kind = kindByName(name, null, "unknown");
    return [
      nameAt(name, "variable-named", { start, end, kind, place: `\`ARG ${name}\``, advice: AS_SECRET }),
    ];
  });
}

const GAP = "(?:\\s|\\\\[nt]|\\\\\\n){1,20}";
const WORD = "((?:\\$\\{[^{}\\n]{1,200}\\}|[^\\s\\\\\"']){1,1200})";

/** A line of netrc that a step prints into the home folder. */
const NETRC = new RegExp(
  `\\bmachine${GAP}((?:api\\.)?bitbucket\\.org)${GAP}login${GAP}${WORD}${GAP}password${GAP}${WORD}`,
  "dg",
);

function netrcPrinted(text: string): Sighting[] {
  return [...text.matchAll(NETRC)].flatMap((match) => {
    const [, host = "", user = "", secret = ""] = match;
    const [start, end] = match.indices?.[3] ?? [0, 0];
    return pairSeen({
      user,
      secret,
      use: host.startsWith("api.") ? "rest" : "git",
      start,
      end,
      place: "a line of netrc",
      advice:
        "bring the file with the one step: `RUN --mount=type=secret,id=netrc,target=/root/.netrc`, and `--secret id=netrc,src=FILE` for the build",
    });
  });
}

export const dockerfile: Format = {
  id: "dockerfile",
  title: "Dockerfile",
  claims: (path) => NAME.test(baseName(path)),
  find: (text) => [
    ...netrcPrinted(text),
    ...dependencyUrls(text, "a URL in a step", ({ start }) => adviceAt(text, start)),
    ...declared(text),
    ...assignmentsIn(text).map((one) => ({ ...one, advice: adviceAt(text, one.start) })),
  ],
  examples: () => [
    {
      title: "a literal in a step and in the environment",
      path: "/srv/app/Dockerfile",
      text: ({ app, access }) =>
        `FROM php:8.4\nENV BITBUCKET_TOKEN=${access}\nRUN git clone https://ana:${app}@bitbucket.org/acme/widgets.git\n`,
      finds: [
        { line: 2, kind: "access-token", certainty: "literal-verified" },
        { line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" },
      ],
    },
    {
      title: "an argument of the build that `insteadOf` puts into every URL",
      path: "/srv/app/Dockerfile.prod",
      text: () =>
        `FROM golang:1.26\nARG BITBUCKET_APP_PASSWORD\nRUN git config --global url."https://ana:\${BITBUCKET_APP_PASSWORD}@bitbucket.org/".insteadOf \\\n  "https://bitbucket.org/"\n`,
      finds: [
        { line: 2, kind: "app-password", certainty: "variable-named", name: "BITBUCKET_APP_PASSWORD" },
        { line: 3, kind: "app-password", certainty: "legacy-by-shape", name: "BITBUCKET_APP_PASSWORD" },
      ],
    },
    {
      title: "a line of netrc, printed from two arguments",
      path: "/srv/app/build/app.dockerfile",
      text: () =>
        `FROM python:3.14\nRUN echo "machine bitbucket.org login \${GIT_USER} password \${GIT_APP_PASSWORD}" > ~/.netrc\n`,
      finds: [
        { line: 2, kind: "app-password", certainty: "legacy-by-shape", name: "GIT_APP_PASSWORD", use: "git" },
      ],
    },
    {
      title: "a literal in a netrc of several lines",
      path: "/srv/app/Containerfile",
      text: ({ legacy }) =>
        `FROM alpine\nRUN printf "machine bitbucket.org\\nlogin ana\\npassword ${legacy}\\n" > /root/.netrc\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" }],
    },
    {
      title: "a secret mount of a netrc, and SSH",
      path: "/srv/app/Dockerfile",
      text: () =>
        "FROM alpine\nRUN --mount=type=secret,id=netrc,target=/root/.netrc git clone https://bitbucket.org/acme/a.git\nRUN --mount=type=ssh git clone git@bitbucket.org:acme/b.git\n",
      finds: [],
    },
  ],
};
