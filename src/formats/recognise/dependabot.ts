// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** Dependabot: registries on bitbucket.org in `.github/dependabot.yml`. */
import { ACCESS_TOKEN_USER } from "../../core/bitbucket.ts";
import type { Use } from "../../core/spot.ts";
import type { Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";

const ADVICE =
  "write `username: x-token-auth` and put an access token into the secret, which is one of Dependabot's own (Settings, Secrets and variables, Dependabot), apart from those of Actions";

const CLOUD = /^https?:\/\/(?:[^/@\s]*@)?(?:api\.)?bitbucket\.org(?:[/:]|$)/i;

function useOf(type: string | undefined, user: string | null): Use {
  if (type === "git") return "git";
  // Composer asks REST with this user and gives Git the one that goes with the token.
  return user === ACCESS_TOKEN_USER ? "both" : "rest";
}

function ofRegistry(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  if (!CLOUD.test(beside(leaf, leaves, ["url"])?.value ?? "")) return [];
  const user = beside(leaf, leaves, ["username"])?.value ?? null;
  return pairSeen({
    user,
    secret: leaf.value,
    start: leaf.start,
    end: leaf.end,
    use: useOf(beside(leaf, leaves, ["type"])?.value, user),
    place: `the registry \`${leaf.path.at(-2) ?? ""}\``,
    advice: ADVICE,
  });
}

function find(text: string): Sighting[] {
  const leaves = yamlLeaves(text);
  return leaves
    .filter((leaf) => leaf.path[0] === "registries" && /^(?:password|token)$/.test(keyOf(leaf)))
    .flatMap((leaf) => ofRegistry(leaf, leaves));
}

function registry(type: string, url: string, username: string, password: string): string {
  return `version: 2\nregistries:\n  acme:\n    type: ${type}\n    url: ${url}\n    username: ${username}\n    password: ${password}\n`;
}

const PATH = "/srv/site/.github/dependabot.yml";

export const dependabot: Format = {
  id: "dependabot",
  title: "Dependabot: .github/dependabot.yml",
  claims: (path) => /\/\.github\/dependabot\.ya?ml$/.test(path),
  find,
  examples: () => [
    {
      title: "a user name with a secret that is named after an app password",
      path: PATH,
      text: () => registry("git", "https://bitbucket.org", "ana", "${{ secrets.BB_APP_PASSWORD }}"),
      finds: [
        { line: 7, kind: "app-password", certainty: "legacy-by-shape", name: "BB_APP_PASSWORD", use: "git" },
      ],
    },
    {
      title: "an app password as it is, for Composer's packages",
      path: PATH,
      text: ({ app }) => registry("composer-repository", "https://bitbucket.org/acme/site", "ana", app),
      finds: [{ line: 7, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
    },
    {
      title: "an access token's secret with the user that goes with it",
      path: PATH,
      text: () => registry("git", "https://bitbucket.org", "x-token-auth", "${{ secrets.BOT_TOKEN }}"),
      finds: [{ line: 7, kind: "access-token", certainty: "variable-named", name: "BOT_TOKEN" }],
    },
    {
      title: "a registry of another host",
      path: PATH,
      text: () => registry("git", "https://github.com", "x-access-token", "${{ secrets.OTHER }}"),
      finds: [],
    },
  ],
};
