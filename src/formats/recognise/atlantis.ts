/** Atlantis: its environment, its options and its `config.yaml`. */
import { baseName, type Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";

const ADVICE =
  "from Atlantis 0.36 on give `ATLANTIS_BITBUCKET_API_USER` the Atlassian e-mail, `ATLANTIS_BITBUCKET_USER` the name `x-bitbucket-api-token-auth`, and `ATLANTIS_BITBUCKET_TOKEN` an API token";

const VALUE = "[\"']?([^\\s\"'#\\\\]{1,1200})[\"']?";

/** A variable of the environment, also of a container; an option; an entry of `config.yaml`. */
const setting = (name: string): RegExp =>
  new RegExp(
    `(?:\\bATLANTIS_BITBUCKET_${name}["']?(?:[ \\t]*[=:][ \\t]*|\\s+value:[ \\t]*)|--bitbucket-${name}[= ]|^[ \\t]*bitbucket-${name}:[ \\t]*)${VALUE}`,
    "dgim",
  );

const TOKEN = setting("TOKEN");

const isOwn = (path: string): boolean =>
  /atlantis/i.test(baseName(path)) || /\/\.?atlantis\/[^/]+$/.test(path);

function find(text: string, path: string): Sighting[] {
  if (!/atlantis/i.test(text) && !isOwn(path)) return [];
  const user = [...text.matchAll(setting("USER"))].at(0)?.[1] ?? null;
  const apiUser = [...text.matchAll(setting("API[_-]USER"))].at(0)?.[1] ?? null;
  return [...text.matchAll(TOKEN)].flatMap((match) => {
    const [start, end] = match.indices?.[1] ?? [0, 0];
    return pairSeen({
      user,
      secret: match[1] ?? "",
      start,
      end,
      // Older releases give one name to Git and to REST.
      use: apiUser === null ? "both" : "git",
      place: "Atlantis",
      trouble: apiUser === null && user !== null ? "one-user-for-git-and-rest" : null,
      advice: ADVICE,
    });
  });
}

export const atlantis: Format = {
  id: "atlantis",
  title: "Atlantis: its environment, options and configuration",
  claims: (path) => /atlantis/i.test(path) || /\.(?:env|ya?ml|sh|service|tf)$|^\.env/.test(baseName(path)),
  find,
  examples: () => [
    {
      title: "one user for Git and REST",
      path: "/etc/atlantis/atlantis.env",
      text: ({ app }) => `ATLANTIS_BITBUCKET_USER=ana\nATLANTIS_BITBUCKET_TOKEN=${app}\n`,
      finds: [
        {
          line: 2,
          kind: "app-password",
          certainty: "literal-verified",
          user: "ana",
          use: "both",
          trouble: "one-user-for-git-and-rest",
        },
      ],
    },
    {
      title: "options of a command",
      path: "/srv/ops/atlantis.sh",
      text: ({ api }) =>
        `atlantis server --bitbucket-user=ana \\\n  --bitbucket-token="${api}" \\\n  --bitbucket-api-user=ana@acme.com\n`,
      finds: [
        { line: 2, kind: "api-token", certainty: "literal-verified", user: "ana", use: "git", trouble: null },
      ],
    },
    {
      title: "a token from elsewhere, as Atlantis 0.36 takes it",
      path: "/srv/ops/docker-compose.yml",
      text: () =>
        "services:\n  atlantis:\n    environment:\n      ATLANTIS_BITBUCKET_USER: ana\n      ATLANTIS_BITBUCKET_API_USER: ana@acme.com\n      ATLANTIS_BITBUCKET_TOKEN: $TOKEN\n",
      finds: [{ line: 6, kind: "unknown", certainty: "variable-named", name: "TOKEN", trouble: null }],
    },
    {
      title: "another host's",
      path: "/srv/ops/atlantis.env",
      text: () => "ATLANTIS_GH_USER=ana\nATLANTIS_GH_TOKEN=Str0ng-and-long\n",
      finds: [],
    },
  ],
};
