/** Terraform and OpenTofu: sources of modules, the provider for Bitbucket, and what `terraform init` keeps of both. */
import type { Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import { urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { urlSeen } from "./text.ts";

const OF_SOURCE =
  "write `git::ssh://git@bitbucket.org/…`, or `git::https://bitbucket.org/…` and let Git's credential helper sign in";

const OF_CACHE =
  "correct the `source` in the configuration, delete `.terraform/modules` and run `terraform init`; each module's `.git/config` in it holds the same URL";

const OF_PROVIDER =
  "the provider takes the Atlassian e-mail and an API token, best from `BITBUCKET_USERNAME` and `BITBUCKET_PASSWORD`, or an OAuth consumer";

/** The body of `provider "bitbucket" { … }`, up to a brace that begins a line or ends a short block. */
const PROVIDER = /\bprovider\s+"bitbucket"\s*\{([^}]*)\}/dg;

const entry = (name: string): RegExp =>
  new RegExp(`^[ \\t]*${name}[ \\t]*=[ \\t]*("?)([^\\n#]*?)\\1[ \\t]*(?:#.*)?$`, "dm");

/** `var.name` and `data.vault.…` stand for what comes from elsewhere; a literal has quotes. */
function written(match: RegExpExecArray | null): string | null {
  if (match === null) return null;
  const [, quote, value = ""] = match;
  return quote === "" ? `\${${value}}` : value;
}

function inProvider(match: RegExpExecArray): Sighting[] {
  const [from] = match.indices?.[1] ?? [0];
  const body = match[1] ?? "";
  const password = entry("password").exec(body);
  const [start, end] = password?.indices?.[2] ?? [0, 0];
  const secret = written(password);
  if (secret === null) return [];
  return pairSeen({
    user: written(entry("username").exec(body)),
    secret,
    start: from + start,
    end: from + end,
    use: "rest",
    place: '`provider "bitbucket"`',
    advice: OF_PROVIDER,
  });
}

function find(text: string, path: string): Sighting[] {
  const isKept = path.endsWith(".json");
  const place = isKept ? "what Terraform keeps of a module" : "the `source` of a module";
  const urls = urlsIn(text).flatMap((url) => urlSeen(url, { place, advice: isKept ? OF_CACHE : OF_SOURCE }));
  return [...urls, ...[...text.matchAll(PROVIDER)].flatMap(inProvider)];
}

export const terraform: Format = {
  id: "terraform",
  title: "Terraform and OpenTofu: modules and the provider for Bitbucket",
  claims: (path) => /\.(?:tf|tofu|hcl)$|\/\.terraform\/modules\/modules\.json$/.test(path),
  find,
  examples: () => [
    {
      title: "a module's source with a token",
      path: "/srv/infra/main.tf",
      text: ({ access }) =>
        `module "network" {\n  source = "git::https://x-token-auth:${access}@bitbucket.org/acme/network.git?ref=v3"\n}\n`,
      finds: [
        { line: 2, kind: "access-token", certainty: "literal-verified", user: "x-token-auth", use: "git" },
      ],
    },
    {
      title: "what `terraform init` keeps of it",
      path: "/srv/infra/.terraform/modules/modules.json",
      text: ({ app }) =>
        `{"Modules": [{"Key": "network", "Source": "git::https://ana:${app}@bitbucket.org/acme/network.git", "Dir": ".terraform/modules/network"}]}\n`,
      finds: [{ line: 1, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "the provider with an app password",
      path: "/srv/infra/provider.tf",
      text: ({ legacy }) =>
        `provider "bitbucket" {\n  username = "ana"\n  password = "${legacy}" # rotate\n}\n`,
      finds: [
        { line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "rest" },
      ],
    },
    {
      title: "the provider with a user's name and a variable",
      path: "/srv/infra/provider.tf",
      text: () => 'provider "bitbucket" {\n  username = "ana"\n  password = var.bitbucket_password\n}\n',
      finds: [{ line: 3, kind: "app-password", certainty: "legacy-by-shape", user: "ana", use: "rest" }],
    },
    {
      title: "sources without a credential",
      path: "/srv/infra/main.tf",
      text: () =>
        'module "a" {\n  source = "git::ssh://git@bitbucket.org/acme/a.git"\n}\nmodule "b" {\n  source = "git::https://bitbucket.org/acme/b.git?ref=v1"\n}\nprovider "bitbucket" {}\n',
      finds: [],
    },
  ],
};
