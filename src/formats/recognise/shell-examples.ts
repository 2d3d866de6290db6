/** What people have in scripts, profiles and files of variables. */
import type { Example } from "../format.ts";

export const shellExamples = (): readonly Example[] => [
  {
    title: "a script that asks REST",
    path: "/srv/deploy/release.sh",
    text: ({ app }) =>
      `#!/bin/sh\ncurl -s -u ana:${app} \\\n  https://api.bitbucket.org/2.0/repositories/acme/widgets\n`,
    finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
  },
  {
    title: "the same with variables: whose user is a plain name, no token can follow",
    path: "/srv/deploy/release.bash",
    text: () =>
      'curl -u "$BITBUCKET_USERNAME:$BITBUCKET_APP_PASSWORD" https://api.bitbucket.org/2.0/repositories/acme/widgets\n',
    finds: [{ line: 1, kind: "app-password", certainty: "legacy-by-shape", name: "BITBUCKET_APP_PASSWORD" }],
  },
  {
    title: "a script that writes a netrc",
    path: "/srv/deploy/prepare.sh",
    text: ({ legacy }) =>
      `echo "machine bitbucket.org login ana password ${legacy}" > ~/.netrc\nprintf 'machine api.bitbucket.org\\nlogin ana\\npassword %s\\n' "$X"\n`,
    finds: [{ line: 1, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" }],
  },
  {
    title: "a script that tells `git credential` a password",
    path: "/root/bin/sign-in.sh",
    text: ({ api }) =>
      `git credential approve <<END\nprotocol=https\nhost=bitbucket.org\nusername=ana@acme.test\npassword=${api}\nEND\n`,
    finds: [{ line: 5, kind: "api-token", certainty: "literal-verified", use: "git", trouble: "wrong-user" }],
  },
  {
    title: "a script for GIT_ASKPASS",
    path: "/root/bin/askpass.sh",
    text: ({ legacy }) =>
      `#!/bin/sh\n# for bitbucket.org\ncase "$1" in\n  Username*) echo ana ;;\n  Password*) echo "${legacy}" ;;\nesac\n`,
    finds: [{ line: 5, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" }],
  },
  {
    title: "variables of a service, in a dotenv file",
    path: "/srv/sync/.env.production",
    text: ({ legacy, access }) =>
      `GIT_REPO=https://bitbucket.org/acme/widgets.git\nGIT_USERNAME=ana\nGIT_PASSWORD=${legacy}\nBITBUCKET_ACCESS_TOKEN="${access}"\n`,
    finds: [
      { line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" },
      { line: 4, kind: "access-token", certainty: "literal-verified" },
    ],
  },
  {
    title: "a profile, and PowerShell",
    path: "/home/ana/.bashrc",
    text: ({ app }) =>
      `alias ll='ls -l'\nexport BITBUCKET_APP_PASSWORD='${app}'\n$env:BITBUCKET_TOKEN = "${app}"\n`,
    finds: [
      { line: 2, kind: "app-password", certainty: "literal-verified" },
      { line: 3, kind: "app-password", certainty: "literal-verified" },
    ],
  },
  {
    title: "for everybody on the machine",
    path: "/etc/environment",
    text: ({ api }) => `PATH="/usr/bin:/bin"\nBB_AUTH_STRING="ana@acme.test:${api}"\n`,
    finds: [{ line: 2, kind: "api-token", certainty: "literal-verified", user: "ana@acme.test" }],
  },
  {
    title: "SSH, another service's password, and what has yet to be filled in",
    path: "/srv/sync/.env",
    text: ({ legacy }) =>
      `GIT_REPO=https://github.com/acme/widgets.git\nGIT_USERNAME=ana\nGIT_PASSWORD=${legacy}\nMIRROR=git@bitbucket.org:acme/widgets.git\nBITBUCKET_PASSWORD=changeme\n`,
    finds: [],
  },
];
