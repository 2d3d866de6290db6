/** What looks like a credential and is none: examples, templates, hashes and other products' tokens. */
import { createHash, randomBytes, randomUUID } from "node:crypto";

/** What stands where a secret would, in documentation and templates. */
const PLACEHOLDERS = [
  "pass",
  "password",
  "<app-password>",
  "{token}",
  "your-app-password",
  "YOUR_APP_PASSWORD",
  "xxxxxxxxxxxxxxxxxxxx",
  `ATBB${"x".repeat(32)}`,
  "********",
  "FAKE_TOKEN_FOR_TESTS",
  "%2A%2A%2A%2A",
];

/** What a program puts there later. It may be told of, and is no secret. */
export const VARIABLES = [
  "$PASS",
  `\${PASS}`,
  "$(cat /run/secrets/token)",
  "{{ vault_token }}",
  `\${{ secrets.TOKEN }}`,
  "%TOKEN%",
  "@@TOKEN@@",
  "#{ENV['TOKEN']}",
];

const hash = (name: string): string => createHash(name).update(randomBytes(20)).digest("hex");

/** Each of them where a secret would stand. */
export function around(value: string): { path: string; text: string }[] {
  return [
    {
      path: "/srv/site/.git/config",
      text: `[remote "origin"]\n\turl = https://user:${value}@bitbucket.org/acme/widgets.git\n`,
    },
    { path: "/srv/site/.env", text: `BITBUCKET_APP_PASSWORD=${value}\n` },
    { path: "/srv/site/a.sh", text: `curl -u "username:${value}" https://api.bitbucket.org/2.0/user\n` },
    { path: "/home/ana/.netrc", text: `machine bitbucket.org login user password ${value}\n` },
    {
      path: "/srv/site/auth.json",
      text: `{"http-basic": {"bitbucket.org": {"username": "user", "password": "${value}"}}}\n`,
    },
  ];
}

/** Texts in which there is nothing at all. */
export function harmlessTexts(): { title: string; path: string; text: string }[] {
  const shown = PLACEHOLDERS.flatMap((value) =>
    around(value).map((one) => ({ ...one, title: `${value} in ${one.path}` })),
  );
  return [
    ...shown,
    {
      title: "hashes of Git",
      path: "/srv/site/README.md",
      text: `Bitbucket commit ${hash("sha1")}, token ${hash("sha1").slice(0, 20)}\n`,
    },
    {
      title: "a checksum of npm",
      path: "/srv/site/package-lock.json",
      text: `{"resolved": "https://bitbucket.org/acme/widgets/get/${hash("sha1")}.tar.gz", "integrity": "sha512-${randomBytes(64).toString("base64")}"}\n`,
    },
    {
      title: "a UUID",
      path: "/srv/site/a.yml",
      text: `bitbucket_repository: "{${randomUUID()}}"\ntoken_id: ${randomUUID()}\n`,
    },
    {
      title: "much base64",
      path: "/srv/site/a.pem",
      text: `# bitbucket.org\n${randomBytes(9000).toString("base64")}\n`,
    },
    {
      title: "a URL with a user and no password",
      path: "/srv/site/.git/config",
      text: `[remote "origin"]\n\turl = https://ana@bitbucket.org/acme/widgets.git\n`,
    },
    {
      title: "SSH",
      path: "/srv/site/.git/config",
      text: `[remote "origin"]\n\turl = git@bitbucket.org:acme/widgets.git\n`,
    },
    {
      title: "another host",
      path: "/srv/site/a.txt",
      text: "https://ana:Str0ng-and-long@bitbucket.org.example.com/acme/widgets.git\n",
    },
    {
      title: "types of a program",
      path: "/srv/site/a.ts",
      text: "interface Options {\n  bitbucketToken: string;\n  bitbucketPassword: string | undefined;\n}\nconst bitbucketToken = options.bitbucketToken;\n",
    },
    {
      title: "a name of a program as long as a password",
      path: "/srv/site/a.js",
      text: "// bitbucket.org\nconst auth = { password: getBitbucketPassword, token: readBitbucketTokenId };\n",
    },
    {
      title: "a sentence about a variable",
      path: "/srv/site/a.md",
      text: "Set `BITBUCKET_TOKEN` before you start.\nThe ATLANTIS_BITBUCKET_TOKEN environment variable: BITBUCKET_TOKEN: the token of Bitbucket.\n",
    },
    {
      title: "a program that is given user and password",
      path: "/srv/site/a.go",
      text: 'const base = "https://api.bitbucket.org/2.0"\nfunc f(username, password string) { c := NewBasicAuth(username, password) }\n',
    },
    {
      title: "an id of an entry",
      path: "/srv/site/conf.json",
      text: '{"bitbucket_credentials": "bitbucket-app-password"}\n',
    },
    {
      title: "variables that Pipelines sets",
      path: "/srv/site/bitbucket-pipelines.yml",
      text: "script:\n  - echo $BITBUCKET_REPO_SLUG $BITBUCKET_STEP_OIDC_TOKEN $BITBUCKET_COMMIT\n",
    },
  ];
}
