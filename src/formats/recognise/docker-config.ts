/** Docker's settings: what `docker login` keeps for each registry, in base64 and nothing more. */
import { baseName, type Format } from "../format.ts";
import { pairSeen, splitPair } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { jsonLeaves } from "../structure/json.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";

const PATH = /\/\.?docker\/config\.json$/;
const NAME = /^\.dockercfg$|^\.?dockerconfig(?:json|\.json)$/;
const OURS = /(?:^|[/.])bitbucket\.org(?:[:/]|$)/i;

/** The registry that an entry belongs to: the key above it. */
const hostOf = ({ path }: Leaf): string => path.at(-2) ?? "";

function find(text: string): Sighting[] {
  const leaves = jsonLeaves(text);
  return leaves.flatMap((leaf) => {
    const key = keyOf(leaf);
    if (!OURS.test(hostOf(leaf)) || (key !== "auth" && key !== "password")) return [];
    const pair = key === "auth" ? splitPair(Buffer.from(leaf.value, "base64").toString("latin1")) : null;
    if (key === "auth" && pair === null) return [];
    return pairSeen({
      user: pair?.user ?? beside(leaf, leaves, ["username"])?.value ?? null,
      secret: pair?.secret ?? leaf.value,
      use: "unknown",
      start: leaf.start,
      end: leaf.end,
      encoding: pair === null ? null : "base64",
      place: `\`${key}\` for ${hostOf(leaf)}`,
      advice: `sign out with \`docker logout ${hostOf(leaf)}\`, and name a credential helper as \`credsStore\` before the next \`docker login\``,
    });
  });
}

const encoded = (pair: string): string => Buffer.from(pair).toString("base64");

export const dockerConfig: Format = {
  id: "docker-config",
  title: "Docker's config.json",
  claims: (path) => PATH.test(path) || NAME.test(baseName(path)),
  find,
  examples: () => [
    {
      title: "what `docker login` kept",
      path: "/home/ana/.docker/config.json",
      text: ({ app }) =>
        `{\n  "auths": {\n    "https://bitbucket.org": {\n      "auth": "${encoded(`ana:${app}`)}"\n    }\n  }\n}\n`,
      finds: [{ line: 4, kind: "app-password", certainty: "literal-verified", user: "ana" }],
    },
    {
      title: "an entry with user and password, as a job writes it",
      path: "/kaniko/.docker/config.json",
      text: ({ legacy }) =>
        `{"auths": {"api.bitbucket.org": {\n  "username": "ana",\n  "password": "${legacy}"\n}}}\n`,
      finds: [{ line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "a variable that a job fills in",
      path: "/srv/ci/.docker/config.json",
      text: () =>
        `{"auths": {"bitbucket.org": {"username": "x-token-auth", "password": "\${BITBUCKET_TOKEN}"}}}\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "variable-named", name: "BITBUCKET_TOKEN" }],
    },
    {
      title: "other registries, and a credential helper for Bitbucket",
      path: "/home/ana/.docker/config.json",
      text: () =>
        `{"auths": {"registry.acme.example": {"auth": "${encoded("ana:correct-battery")}"}}, "credHelpers": {"bitbucket.org": "pass"}}\n`,
      finds: [],
    },
  ],
};
