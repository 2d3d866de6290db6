/** Where Argo CD's ApplicationSets and Flux's sources name the Secret that they sign in to Bitbucket with. */
import { repositoryOf, type SecretKind } from "../../core/bitbucket.ts";
import type { Use } from "../../core/spot.ts";
import type { Format } from "../format.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { keyOf, type Leaf } from "../structure/leaf.ts";
import { documentsOf } from "../structure/yaml.ts";

const OF_BASIC =
  "the user there becomes the Atlassian e-mail, and the Secret's value an API token; or use `bearerToken` with an access token";

const OF_GIT =
  "give the Secret that is named here the user `x-token-auth` and an access token of the repository";

/** A reference of an ApplicationSet, by the keys before its name. */
const REFERENCES: Readonly<Record<string, { kind: SecretKind; advice: string | null }>> = {
  appPasswordRef: { kind: "app-password", advice: OF_BASIC },
  passwordRef: { kind: "unknown", advice: OF_BASIC },
  tokenRef: { kind: "access-token", advice: null },
};

const REPOSITORY = /^https:\/\/(?:[^@/\s]*@)?bitbucket\.org(\/\S*)$/i;

function referenceAt(leaf: Leaf, use: Use, rest: Partial<Sighting>): Sighting {
  const { value, start, end } = leaf;
  return nameAt(value, "reference", { start, end, use, place: `the Secret \`${value}\``, ...rest });
}

/** `bitbucket: { user, appPasswordRef: { secretName } }` of `scmProvider`, and the like of `pullRequest`. */
function inGenerator(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  const reference = REFERENCES[leaf.path.at(-2) ?? ""];
  const at = leaf.path.lastIndexOf("bitbucket");
  if (keyOf(leaf) !== "secretName" || reference === undefined || at < 0) return [];
  const above = leaf.path.slice(0, -2).join("\0");
  const user = leaves.find(
    (one) => /^user(?:name)?$/.test(keyOf(one)) && one.path.slice(0, -1).join("\0") === above,
  );
  return [referenceAt(leaf, "rest", { ...reference, user: user?.value ?? null })];
}

/** `url` and `secretRef.name` of one specification. */
function inSource(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  if (leaf.path.slice(-2).join(".") !== "secretRef.name") return [];
  const above = leaf.path.slice(0, -2).join("\0");
  const url = leaves.find((one) => keyOf(one) === "url" && one.path.slice(0, -1).join("\0") === above);
  const path = REPOSITORY.exec(url?.value ?? "")?.[1];
  if (path === undefined) return [];
  return [referenceAt(leaf, "git", { advice: OF_GIT, repository: repositoryOf(path) })];
}

function find(text: string): Sighting[] {
  if (!/bitbucket/i.test(text) || !/\b(?:secretRef|\w+Ref)\b/.test(text)) return [];
  return documentsOf(text, /^kind:\s*["']?(?:ApplicationSet|GitRepository)\b/m).flatMap((leaves) =>
    leaves.flatMap((leaf) => [...inGenerator(leaf, leaves), ...inSource(leaf, leaves)]),
  );
}

const SET =
  "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec:\n  generators:\n    - scmProvider:\n        bitbucket:\n          owner: acme\n";

const source = (url: string, rest: string): string =>
  `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata:\n  name: widgets\nspec:\n  url: ${url}\n${rest}`;

export const gitops: Format = {
  id: "gitops",
  title: "ApplicationSets of Argo CD and sources of Flux",
  claims: (path) => /\.ya?ml$/i.test(path),
  find,
  examples: () => [
    {
      title: "an ApplicationSet that signs in with an app password",
      path: "/srv/gitops/set.yaml",
      text: () =>
        `${SET}          user: ana\n          appPasswordRef:\n            secretName: bitbucket-acme\n            key: password\n`,
      finds: [
        {
          line: 10,
          kind: "app-password",
          certainty: "reference",
          name: "bitbucket-acme",
          user: "ana",
          use: "rest",
        },
      ],
    },
    {
      title: "an ApplicationSet with an access token",
      path: "/srv/gitops/set.yaml",
      text: () =>
        `${SET.replace("scmProvider", "pullRequest")}          bearerToken:\n            tokenRef:\n              secretName: bitbucket-acme\n              key: token\n`,
      finds: [{ line: 10, kind: "access-token", certainty: "reference", name: "bitbucket-acme" }],
    },
    {
      title: "a source of Flux",
      path: "/srv/gitops/flux.yaml",
      text: () => source("https://bitbucket.org/acme/widgets.git", "  secretRef:\n    name: widgets-auth\n"),
      finds: [{ line: 8, kind: "unknown", certainty: "reference", name: "widgets-auth", use: "git" }],
    },
    {
      title: "a source over SSH, and one of another host",
      path: "/srv/gitops/flux.yaml",
      text: () =>
        `${source("ssh://git@bitbucket.org/acme/widgets.git", "  secretRef:\n    name: key\n")}---\n${source("https://git.example.com/a.git", "  secretRef:\n    name: other\n")}`,
      finds: [],
    },
  ],
};
