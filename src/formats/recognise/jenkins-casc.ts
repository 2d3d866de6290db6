// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** Jenkins as code: credentials in `jenkins.yaml` and the files of `casc_configs`. */
import type { Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { isMail, pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { isBitbuckets, SPLIT } from "./jenkins-entry.ts";

/** `usernamePassword` → `password`, and `string` → `secret`. */
function isSecret(leaf: Leaf): boolean {
  const above = leaf.path.at(-2);
  return (
    (above === "usernamePassword" && keyOf(leaf) === "password") ||
    (above === "string" && keyOf(leaf) === "secret")
  );
}

function ofEntry(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  const word = (key: string): string | null => beside(leaf, leaves, [key])?.value ?? null;
  const [user, id] = [word("username"), word("id")];
  // A variable's name is a word as any; a password is none, whatever letters are in it.
  const variable = isVariable(leaf.value) ? leaf.value : null;
  if (!isBitbuckets({ words: [id, word("description"), variable], user, secret: leaf.value })) return [];
  return pairSeen({
    user,
    secret: leaf.value,
    start: leaf.start,
    end: leaf.end,
    use: user !== null && isMail(user) ? "rest" : "unknown",
    place: `the entry \`${id ?? ""}\``,
    ...(user === null && { kind: "access-token" as const }),
    advice: `take the secret from the environment or a secret source (\`password: "\${BITBUCKET_API_TOKEN}"\`); ${SPLIT}`,
  });
}

function find(text: string): Sighting[] {
  const leaves = yamlLeaves(text);
  return leaves.filter(isSecret).flatMap((leaf) => ofEntry(leaf, leaves));
}

function casc(id: string, user: string, password: string): string {
  return [
    "credentials:",
    "  system:",
    "    domainCredentials:",
    "      - credentials:",
    "          - usernamePassword:",
    "              scope: GLOBAL",
    `              id: "${id}"`,
    `              username: "${user}"`,
    `              password: "${password}"\n`,
  ].join("\n");
}

const PATH = "/var/lib/jenkins/casc_configs/jenkins.yaml";

export const jenkinsCasc: Format = {
  id: "jenkins-casc",
  title: "Jenkins' Configuration as Code",
  claims: (path) => /\/jenkins\.ya?ml$|\/[^/]*casc[^/]*(?:\/.+)?\.ya?ml$/.test(path),
  find,
  examples: () => [
    {
      title: "an app password as it is",
      path: PATH,
      text: ({ app }) => casc("bitbucket", "ana", app),
      finds: [{ line: 9, kind: "app-password", certainty: "literal-verified", user: "ana" }],
    },
    {
      title: "a variable that is named after an app password",
      path: PATH,
      text: () => casc("bitbucket", "ana", "${BITBUCKET_APP_PASSWORD}"),
      finds: [
        { line: 9, kind: "app-password", certainty: "legacy-by-shape", name: "BITBUCKET_APP_PASSWORD" },
      ],
    },
    {
      title: "an access token's variable with the user that goes with it",
      path: PATH,
      text: () => casc("acme-git", "x-token-auth", "${ACME_TOKEN}"),
      finds: [{ line: 9, kind: "access-token", certainty: "variable-named", name: "ACME_TOKEN" }],
    },
    {
      title: "another host's password",
      path: PATH,
      text: ({ legacy }) => casc("nexus", "ana", legacy),
      finds: [],
    },
  ],
};
