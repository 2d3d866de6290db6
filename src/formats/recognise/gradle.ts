/** Gradle: `credentials` blocks of repositories, the properties that fill them, and URLs in build scripts. */
import { baseName, type Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

const SCRIPT = /\.gradle(?:\.kts)?$/;
const PROPERTIES = /^(?:gradle|local)\.properties$/;

const BLOCK = /\bcredentials\b(?:\([\w.:]+\))?\s*(?=\{)/g;

/** `username = "ana"`, `username 'ana'`, `setPassword(project.property("bbPassword"))`. */
const ENTRY = /\b(?:set)?(username|password)[ \t]*(?:=|\(|[ \t])[ \t]*("[^"\n]*"|'[^'\n]*'|[^\n;{}]+)/dgi;

/** How far the braces of a block are looked for, in characters. */
const FAR = 5000;

/** From an opening brace to the one that closes it. */
function braced(text: string, start: number): string {
  let depth = 0;
  const limit = Math.min(text.length, start + FAR);
  for (let at = start; at < limit; at++) {
    const c = text.charAt(at);
    if (c === "{") depth++;
    else if (c === "}" && --depth === 0) return text.slice(start, at + 1);
  }
  return text.slice(start, limit);
}

/** The block that this place is in: the repository with its URL. Null at the top of a file. */
function blockAround(text: string, place: number): string | null {
  let depth = 0;
  for (let at = place - 1; at >= Math.max(0, place - FAR); at--) {
    const c = text.charAt(at);
    if (c === "}") depth++;
    else if (c === "{" && depth-- === 0) return braced(text, at);
  }
  return null;
}

interface Value {
  written: string;
  start: number;
  end: number;
}

/** What an expression reads: the name in its quotes, as in `findProperty("bbPassword")`, or its last word. */
function nameRead(expression: string): string {
  const quoted = /["']([\w.-]+)["']/.exec(expression)?.[1];
  const bare = expression.replace(/\b(?:as|String|toString)\b|[!?:].*$/g, "").match(/[A-Za-z_]\w*/g);
  return quoted ?? bare?.at(-1) ?? "";
}

/** A text in quotes without them; an expression as the variable that it reads. */
function readable({ written, start, end }: Value): Value & { name: string | null } {
  if (/^(["']).*\1$/.test(written))
    return { written: written.slice(1, -1), start: start + 1, end: end - 1, name: null };
  const name = nameRead(written);
  return { written: `$${name.replace(/\W/g, "_")}`, start, end, name };
}

function entriesOf(block: string, from: number): Map<string, Value> {
  const entries = [...block.matchAll(ENTRY)].map((match): [string, Value] => {
    const [start, end] = match.indices?.[2] ?? [0, 0];
    const written = (match[2] ?? "").trimEnd();
    const cut = end - start - written.length;
    return [(match[1] ?? "").toLowerCase(), { written, start: from + start, end: from + end - cut }];
  });
  return new Map(entries);
}

function blocksFound(text: string): Sighting[] {
  return [...text.matchAll(BLOCK)].flatMap(({ 0: head, index }) => {
    const around = blockAround(text, index);
    if (around === null || !/bitbucket\.org/i.test(around)) return [];
    const from = index + head.length;
    const entries = entriesOf(braced(text, from), from);
    const [password, username] = [entries.get("password"), entries.get("username")];
    if (password === undefined) return [];
    const { written: secret, start, end, name } = readable(password);
    const user = username === undefined ? null : readable(username).written;
    return pairSeen({
      user,
      secret,
      use: /api\.bitbucket\.org/i.test(around) ? "rest" : "unknown",
      start,
      end,
      place: "`credentials` of a repository",
      advice:
        "let Gradle ask for `credentials(PasswordCredentials)`, and set the two properties outside the project; for REST the user of an API token is the Atlassian e-mail",
    }).map((one) => (name !== null && one.secret === null ? { ...one, name } : one));
  });
}

/** `acmeBitbucketPassword`, with `acmeBitbucketUsername` beside it. */
const PROPERTY =
  /^[ \t]*((?:systemProp\.)?[\w.]*(?:bitbucket[\w.]*?|\bbb[._]?))(password|passwd|secret|token)[ \t]*[=:][ \t]*(\S+)/dgim;

const OUTSIDE = "keep it out of the project: in `~/.gradle/gradle.properties`, which only you may read";

function propertiesFound(text: string, path: string): Sighting[] {
  const isOwn = path.includes("/.gradle/");
  return [...text.matchAll(PROPERTY)].flatMap((match) => {
    const [, prefix = "", ending = "", secret = ""] = match;
    const [start, end] = match.indices?.[3] ?? [0, 0];
    const ofUser = new RegExp(
      `^[ \\t]*${prefix.replaceAll(".", "\\.")}(?:user(?:name)?)[ \\t]*[=:][ \\t]*(\\S+)`,
      "im",
    );
    return pairSeen({
      user: ofUser.exec(text)?.[1] ?? null,
      secret,
      use: "unknown",
      start,
      end,
      place: `\`${prefix}${ending}\``,
      advice: isOwn ? null : OUTSIDE,
    });
  });
}

export const gradle: Format = {
  id: "gradle",
  title: "Gradle: build.gradle, build.gradle.kts, init.gradle, gradle.properties",
  claims: (path) => SCRIPT.test(baseName(path)) || PROPERTIES.test(baseName(path)),
  find: (text, path) => [
    ...(SCRIPT.test(baseName(path)) ? blocksFound(text) : propertiesFound(text, path)),
    ...dependencyUrls(
      text,
      "a URL of the build",
      (url) => `write \`${sshUrl(url)}\`, or the URL without user and password`,
    ),
  ],
  examples: () => [
    {
      title: "a repository with a user and an app password",
      path: "/srv/app/build.gradle",
      text: ({ app }) =>
        `repositories {\n  maven {\n    url "https://api.bitbucket.org/2.0/repositories/acme/maven/src/releases"\n    credentials {\n      username 'ana'\n      password '${app}'\n    }\n  }\n}\n`,
      finds: [{ line: 6, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
    },
    {
      title: "what a Kotlin script reads from properties and the environment",
      path: "/srv/app/settings.gradle.kts",
      text: () =>
        `maven {\n  url = uri("https://api.bitbucket.org/2.0/repositories/acme/maven/src/releases")\n  credentials {\n    username = providers.gradleProperty("bbUser").get()\n    password = System.getenv("BB_APP_PASSWORD")\n  }\n}\n`,
      finds: [{ line: 5, kind: "app-password", certainty: "legacy-by-shape", name: "BB_APP_PASSWORD" }],
    },
    {
      title: "a script for all builds of a person, with an API token and a name",
      path: "/home/ana/.gradle/init.gradle",
      text: ({ api }) =>
        `allprojects { repositories { maven {\n  url "https://api.bitbucket.org/2.0/repositories/acme/maven/src/releases"\n  credentials { username "ana"; password "${api}" }\n} } }\n`,
      finds: [{ line: 3, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "a person's properties",
      path: "/home/ana/.gradle/gradle.properties",
      text: ({ legacy }) => `acmeBitbucketUsername=ana\nacmeBitbucketPassword=${legacy}\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "another repository with a password, and one that Gradle asks for",
      path: "/srv/app/build.gradle.kts",
      text: () =>
        'repositories {\n  maven {\n    url = uri("https://packages.acme.example/")\n    credentials { username = "ana"; password = "correct-battery" }\n  }\n  maven {\n    name = "bitbucket"\n    url = uri("https://api.bitbucket.org/2.0/repositories/acme/maven/src/releases")\n    credentials(PasswordCredentials::class)\n  }\n}\n',
      finds: [],
    },
  ],
};
