/** What people have in Git's configuration. */
import type { Example } from "../format.ts";

const basic = (user: string, secret: string): string => Buffer.from(`${user}:${secret}`).toString("base64");

export const gitConfigExamples = (): readonly Example[] => [
  {
    title: "an app password in the URL of a remote",
    path: "/home/ana/widgets/.git/config",
    text: ({ app }) =>
      `[core]\n\tbare = false\n[remote "origin"]\n\turl = https://ana:${app}@bitbucket.org/acme/widgets.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n`,
    finds: [{ line: 4, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
  },
  {
    title: "a password in a URL to push to, and in that of a submodule",
    path: "/home/ana/widgets/.git/modules/lib/config",
    text: ({ legacy, access }) =>
      `[remote "origin"]\n\turl = https://bitbucket.org/acme/lib.git\n\tpushurl = https://ana:${legacy}@bitbucket.org/acme/lib.git\n[submodule "deep"]\n\turl = "https://x-token-auth:${access.replace("=", "%3D")}@bitbucket.org/acme/deep.git"\n`,
    finds: [
      { line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
      { line: 5, kind: "access-token", certainty: "literal-verified", user: "x-token-auth", trouble: null },
    ],
  },
  {
    title: "a rule that puts a token into every URL",
    path: "/home/ana/.gitconfig",
    text: ({ api }) =>
      `[url "https://ana@acme.test:${api}@bitbucket.org/"]\n\tinsteadOf = https://bitbucket.org/\n`,
    finds: [{ line: 1, kind: "api-token", certainty: "literal-verified", use: "git", trouble: "wrong-user" }],
  },
  {
    title: "headers with a credential, for Bitbucket and for everybody",
    path: "/srv/build/widgets.git/config",
    text: ({ legacy, access }) =>
      `[http "https://bitbucket.org/"]\n\textraheader = AUTHORIZATION: basic ${basic("ana", legacy)}\n[http]\n\textraHeader = "Authorization: Bearer ${access}"\n`,
    finds: [
      { line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" },
      { line: 4, kind: "access-token", certainty: "literal-verified", user: null, use: "git" },
    ],
  },
  {
    title: "helpers that print a password",
    path: "/root/.config/git/config",
    text: ({ legacy }) =>
      `[credential "https://bitbucket.org"]\n\thelper = "!f() { echo username=ana; echo password=${legacy}; }; f"\n\thelper = "!f() { echo \\"username=x-token-auth\\"; echo \\"password=$BB_TOKEN\\"; }; f"\n`,
    finds: [
      { line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" },
      { line: 3, kind: "access-token", certainty: "variable-named", name: "BB_TOKEN" },
    ],
  },
  {
    title: "keys of Git Town and of Git LFS",
    path: "/home/ana/widgets/.lfsconfig",
    text: ({ app, api }) =>
      `[git-town]\n\tbitbucket-username = ana\n\tbitbucket-app-password = ${app}\n[lfs]\n\turl = https://ana:${api}@bitbucket.org/acme/widgets.git/info/lfs\n`,
    finds: [
      { line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" },
      { line: 5, kind: "api-token", certainty: "literal-verified", user: "ana", trouble: null },
    ],
  },
  {
    title: "SSH, a URL without password, a helper's name, and a header for somebody else",
    path: "/home/ana/.gitconfig",
    text: ({ legacy }) =>
      `[remote "a"]\n\turl = git@bitbucket.org:acme/widgets.git\n[remote "b"]\n\turl = https://ana@bitbucket.org/acme/widgets.git\n[credential "https://bitbucket.org"]\n\thelper = store\n\tusername = ana\n[http "https://example.com/"]\n\textraheader = Authorization: Basic ${basic("ana", legacy)}\n`,
    finds: [],
  },
];
