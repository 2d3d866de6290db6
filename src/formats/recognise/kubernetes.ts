/** Secrets of Kubernetes, as Argo CD, Flux and Tekton read them. */
import type { Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import { isStaticUser } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { keyOf, type Leaf } from "../structure/leaf.ts";
import { documentsOf } from "../structure/yaml.ts";

const ADVICE =
  "give the Secret the user `x-token-auth` and an access token of the repository, from a secret store or sealed, so that the manifest holds neither";

const SECRET_KEY = /^(?:password|token|bearerToken|(?!webhook).*(?:bitbucket|bb_).*(?:pass|token|auth).*)$/i;

interface Value {
  leaf: Leaf;
  /** As a program gets it. */
  value: string;
  encoding: Sighting["encoding"];
}

/** What base64 stands for; as it is written where that is no text. */
function decoded(leaf: Leaf): Value {
  const value = Buffer.from(leaf.value, "base64").toString("latin1").trimEnd();
  return /^[\x20-\x7e\s]+$/.test(value)
    ? { leaf, value, encoding: "base64" }
    : { leaf, value: leaf.value, encoding: null };
}

const isUnder = (leaf: Leaf, root: readonly string[]): boolean =>
  root.every((key, at) => leaf.path[at] === key);

/** What the Secret at `root` holds. */
function valuesOf(root: readonly string[], leaves: readonly Leaf[]): Value[] {
  return leaves.flatMap((leaf) => {
    if (leaf.path.length !== root.length + 2 || !isUnder(leaf, root)) return [];
    const part = leaf.path[root.length];
    if (part === "stringData") return [{ leaf, value: leaf.value, encoding: null }];
    return part === "data" ? [decoded(leaf)] : [];
  });
}

function inSecret(root: readonly string[], leaves: readonly Leaf[]): Sighting[] {
  const values = valuesOf(root, leaves);
  const entry = (key: string): string | null => values.find(({ leaf }) => keyOf(leaf) === key)?.value ?? null;
  const user = entry("username");
  const isBitbucket =
    isStaticUser(user) ||
    /bitbucket\.org/i.test(entry("url") ?? "") ||
    leaves.some((leaf) => isUnder(leaf, [...root, "metadata"]) && /bitbucket/i.test(leaf.value)) ||
    values.some(({ leaf }) => /bitbucket/i.test(keyOf(leaf)));
  if (!isBitbucket) return [];
  return values
    .filter(({ leaf }) => SECRET_KEY.test(keyOf(leaf)))
    .flatMap(({ leaf, value, encoding }) =>
      pairSeen({
        user: keyOf(leaf) === "password" ? user : null,
        secret: value,
        start: leaf.start,
        end: leaf.end,
        use: keyOf(leaf) === "password" ? "git" : "unknown",
        place: `\`${keyOf(leaf)}\` of a Secret`,
        encoding,
        advice: ADVICE,
      }),
    );
}

function find(text: string): Sighting[] {
  if (!/\bSecret\b/.test(text)) return [];
  return documentsOf(text, /^\s*(?:- )?["']?kind["']?:\s*["']?Secret\b/m).flatMap((leaves) =>
    leaves
      .filter((leaf) => keyOf(leaf) === "kind" && leaf.value === "Secret")
      .flatMap(({ path }) => inSecret(path.slice(0, -1), leaves)),
  );
}

const head = (name: string): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  labels:\n    argocd.argoproj.io/secret-type: repository\n`;

export const kubernetes: Format = {
  id: "kubernetes",
  title: "Secrets of Kubernetes, as Argo CD, Flux and Tekton read them",
  claims: (path) => /\.ya?ml$/i.test(path),
  find,
  examples: () => [
    {
      title: "a repository of Argo CD",
      path: "/srv/gitops/widgets.yaml",
      text: ({ app }) =>
        `${head("widgets")}stringData:\n  url: https://bitbucket.org/acme/widgets.git\n  username: ana\n  password: ${app}\n`,
      finds: [{ line: 10, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "what Flux signs in with, in base64, behind another Secret",
      path: "/srv/gitops/flux.yaml",
      text: ({ legacy }) =>
        `${head("other")}stringData:\n  username: bob\n  password: other-and-long-7\n---\n${head("bitbucket")}data:\n  username: ${Buffer.from("ana").toString("base64")}\n  password: ${Buffer.from(legacy).toString("base64")}\n`,
      finds: [
        { line: 19, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" },
      ],
    },
    {
      title: "an API token with the e-mail, which Git does not take",
      path: "/srv/gitops/widgets.yaml",
      text: ({ api }) =>
        `${head("widgets")}stringData:\n  url: https://bitbucket.org/acme/widgets.git\n  username: ana@acme.com\n  password: ${api}\n`,
      finds: [{ line: 10, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "a variable that another program puts in",
      path: "/srv/gitops/widgets.yaml",
      text: () =>
        `${head("widgets")}stringData:\n  url: https://bitbucket.org/acme/widgets.git\n  username: x-token-auth\n  password: $GIT_TOKEN\n`,
      finds: [{ line: 10, kind: "access-token", certainty: "variable-named", name: "GIT_TOKEN" }],
    },
    {
      title: "a Secret for something else",
      path: "/srv/gitops/database.yaml",
      text: () => `${head("database")}stringData:\n  username: ana\n  password: Str0ng-and-long\n`,
      finds: [],
    },
  ],
};
