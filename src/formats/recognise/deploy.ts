/** What brings a site to its servers: Capistrano, Deployer, Fabric, pm2 and Envoy. */
import { baseName, type Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import { urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { urlSeen } from "./text.ts";

const ADVICE =
  "write `git@bitbucket.org:…` there and give the server an access key of the repository; set the remote of what is deployed already, too";

/** `set :scm_password, "…"`, which Capistrano 2 gives to Git. */
const SCM = (name: string): RegExp =>
  new RegExp(`^[ \\t]*set[ \\t(]+:scm_${name},\\s*["']([^"'\\n]+)["']`, "dm");

function ofScm(text: string): Sighting[] {
  const password = SCM("password").exec(text);
  const [start, end] = password?.indices?.[1] ?? [0, 0];
  if (password === null || !/bitbucket\.org/i.test(text)) return [];
  const user = SCM("user(?:name)?").exec(text)?.[1] ?? null;
  const secret = password[1] ?? "";
  return pairSeen({ user, secret, start, end, use: "git", place: "`:scm_password`", advice: ADVICE });
}

function find(text: string): Sighting[] {
  const urls = urlsIn(text).flatMap((url) =>
    urlSeen(url, { place: "the repository to deploy", advice: ADVICE }),
  );
  return [...urls, ...ofScm(text)];
}

export const deploy: Format = {
  id: "deploy",
  title: "Capistrano, Deployer, Fabric, pm2 and Envoy",
  claims: (path) =>
    /^(?:deploy\.(?:rb|php|ya?ml)|fabfile\.py|ecosystem\.config\.[cm]?js|Envoy\.blade\.php|Capfile)$/.test(
      baseName(path),
    ) || /\/config\/deploy\/[^/]+\.rb$/.test(path),
  find,
  examples: () => [
    {
      title: "the repository of Capistrano",
      path: "/srv/site/config/deploy.rb",
      text: ({ app }) =>
        `set :application, "widgets"\nset :repo_url, "https://ana:${app}@bitbucket.org/acme/widgets.git"\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "the password that Capistrano 2 gives to Git",
      path: "/srv/site/config/deploy/production.rb",
      text: ({ legacy }) =>
        `set :repository, "https://bitbucket.org/acme/widgets.git"\nset :scm_username, "ana"\nset :scm_password, "${legacy}"\n`,
      finds: [{ line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" }],
    },
    {
      title: "the repository of Deployer, with the password from the environment",
      path: "/srv/site/deploy.php",
      text: () => `<?php\nset('repository', "https://ana:{$password}@bitbucket.org/acme/widgets.git");\n`,
      finds: [],
    },
    {
      title: "pm2 with an access token",
      path: "/srv/site/ecosystem.config.js",
      text: ({ access }) =>
        `module.exports = { deploy: { production: {\n  repo: "https://x-token-auth:${access}@bitbucket.org/acme/widgets.git",\n} } };\n`,
      finds: [{ line: 2, kind: "access-token", certainty: "literal-verified", trouble: null }],
    },
    {
      title: "a repository over SSH",
      path: "/srv/site/config/deploy.rb",
      text: () => 'set :repo_url, "git@bitbucket.org:acme/widgets.git"\n',
      finds: [],
    },
  ],
};
