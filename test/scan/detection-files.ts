/** Surroundings of a credential in the files of a person and a machine. */
import type { Context, SignsIn } from "./detection.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const remote = ({ user, secret }: SignsIn): string =>
  `https://${user}:${secret}@bitbucket.org/acme/widgets.git`;

function swapped(text: string): Uint8Array {
  return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
}

export const FILE_CONTEXTS: readonly Context[] = [
  {
    title: "the URL of a remote",
    path: "/srv/site/.git/config",
    line: 4,
    text: (one) => `[core]\n\tbare = false\n[remote "origin"]\n\turl = ${remote(one)}\n`,
  },
  {
    title: "Git's store",
    path: "/home/ana/.git-credentials",
    line: 1,
    text: ({ user, secret }) => `https://${user}:${secret}@bitbucket.org\n`,
  },
  {
    title: "Git's store, as Git writes it",
    path: "/home/ana/.git-credentials",
    line: 2,
    text: ({ user, secret }) =>
      `https://ana:other@example.com\nhttps://${user}:${secret.replace("=", "%3d")}@bitbucket.org\n`,
  },
  {
    title: "a URL encoded by a program",
    path: "/srv/deploy/remotes.txt",
    line: 1,
    text: ({ login, secret }) =>
      `https://${encodeURIComponent(login)}:${secret.replace("=", "%3D")}@bitbucket.org/acme/widgets.git\n`,
  },
  {
    title: "netrc on one line",
    path: "/home/ana/.netrc",
    line: 1,
    text: ({ user, secret }) => `machine bitbucket.org login ${user} password ${secret}\n`,
  },
  {
    title: "netrc over several lines",
    path: "/home/ana/.netrc",
    line: 4,
    text: ({ user, secret }) => `# Git\nmachine bitbucket.org\n  login ${user}\n  password ${secret}\n`,
  },
  {
    title: "an environment file",
    path: "/etc/default/mirror",
    line: 2,
    text: ({ user, secret }) => `BITBUCKET_USERNAME=${user}\nBITBUCKET_APP_PASSWORD=${secret}\n`,
  },
  {
    title: "export with quotes",
    path: "/home/ana/.bashrc",
    line: 1,
    text: ({ secret }) => `export BITBUCKET_TOKEN="${secret}"\n`,
  },
  {
    title: "dotenv",
    path: "/srv/site/.env",
    line: 3,
    text: ({ secret }) => `APP_ENV=production\nAPP_DEBUG=false\nBITBUCKET_PASSWORD='${secret}'\n`,
  },
  {
    title: "user and secret in one variable",
    path: "/srv/site/ci.env",
    line: 1,
    text: ({ login, secret }) => `BB_AUTH_STRING=${login}:${secret}\n`,
  },
  {
    title: "curl -u",
    path: "/usr/local/bin/release",
    line: 2,
    text: ({ login, secret }) =>
      `#!/bin/sh\ncurl -s -u ${login}:${secret} https://api.bitbucket.org/2.0/repositories/acme\n`,
  },
  {
    title: "curl --user over continued lines",
    path: "/srv/tools/upload.sh",
    line: 3,
    text: ({ login, secret }) =>
      `#!/bin/sh\ncurl --request POST \\\n  --user "${login}:${secret}" \\\n  --form files=@build.zip \\\n  https://api.bitbucket.org/2.0/repositories/acme/widgets/downloads\n`,
  },
  {
    title: "a shell's history",
    path: "/home/ana/.bash_history",
    line: 2,
    text: (one) => `cd src\ngit clone ${remote(one)}\nls\n`,
  },
  {
    title: "an Authorization header in base64",
    path: "/home/ana/.gitconfig",
    line: 2,
    text: ({ user, secret }) =>
      `[http "https://bitbucket.org/"]\n\textraHeader = Authorization: Basic ${base64(`${user}:${secret}`)}\n`,
  },
  {
    title: "a Bearer header",
    path: "/srv/tools/pull-requests.sh",
    line: 1,
    text: ({ secret }) =>
      `curl -H "Authorization: Bearer ${secret}" https://api.bitbucket.org/2.0/repositories/acme/widgets\n`,
  },
  {
    title: "XML with a user and a password",
    path: "/home/ana/.m2/settings.xml",
    line: 3,
    text: ({ user, secret }) =>
      `<settings><servers><server>\n  <id>bitbucket.org</id><username>${user}</username>\n  <password>${secret}</password>\n</server></servers></settings>\n`,
  },
  {
    title: "a properties file with escapes",
    path: "/opt/tool/conf/tool.properties",
    line: 2,
    text: ({ user, secret }) =>
      `bitbucket.username=${user}\nbitbucket.password=${secret.replace("=", "\\=")}\n`,
  },
  {
    title: "JSON with escapes",
    path: "/srv/tools/devKeys.json",
    line: 2,
    text: ({ secret }) => `{\n  "bitbucket_token": "${secret.replace("=", "\\u003d")}"\n}\n`,
  },
  {
    title: "UTF-16, the low byte first",
    path: "/mnt/c/Users/ana/tokens.txt",
    line: 2,
    text: ({ secret }) => Buffer.from(`\ufeffnotes\r\nbitbucket password: ${secret}\r\n`, "utf16le"),
  },
  {
    title: "UTF-16, the high byte first",
    path: "/mnt/c/Users/ana/remote.reg",
    line: 2,
    text: (one) => swapped(`[remote]\r\n"url"="${remote(one)}"\r\n`),
  },
  {
    title: "a line of 200 kB",
    path: "/srv/site/dist/bundle.js",
    line: 2,
    text: (one) =>
      `"use strict";\n${"var a=function(b){return b+1};".repeat(3450)}var r="${remote(one)}";${"var c=[1,2,3];".repeat(7150)}\n`,
  },
  {
    title: "Markdown",
    path: "/srv/site/README.md",
    line: 5,
    text: ({ secret }) =>
      `# Widgets\n\nThe build server signs in to Bitbucket.\n\nThe app password is \`${secret}\`, valid for read.\n`,
  },
  {
    title: "a line of a log",
    path: "/var/log/deploy.log",
    line: 1,
    text: (one) => `2026-07-28T06:01:12Z ERROR fatal: Authentication failed for '${remote(one)}/'\n`,
  },
  {
    title: "Python's requests",
    path: "/srv/tools/report.py",
    line: 3,
    text: ({ login, secret }) =>
      `import requests\nURL = "https://api.bitbucket.org/2.0/repositories/acme"\nprint(requests.get(URL, auth=("${login}", "${secret}")).json())\n`,
  },
  {
    title: "PowerShell",
    path: "/mnt/c/tools/clone.ps1",
    line: 2,
    text: ({ secret }) =>
      `$user = "ana"\r\n$env:BITBUCKET_APP_PASSWORD = "${secret}"\r\ngit clone "https://$user@bitbucket.org/acme/widgets.git"\r\n`,
  },
];
