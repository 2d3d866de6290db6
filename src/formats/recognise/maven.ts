/** Maven: servers in `settings.xml`, and URLs in `pom.xml`. What Maven has encrypted is left alone. */
import { baseName, type Format } from "../format.ts";
import { isVariable } from "../placeholder.ts";
import { pairSeen } from "../shapes/pair.ts";
import { hasOurForm } from "../shapes/tokens.ts";
import type { Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { xmlLeaves } from "../structure/xml.ts";
import { dependencyUrls } from "./dependency-urls.ts";

const POM = /^pom\.xml$|\.pom$/;
const SETTINGS = /^[\w.-]*settings[\w.-]*\.xml$/;

/** `{…}`: made by `mvn --encrypt-password`. */
const ENCRYPTED = /^\{(?!\{).*\}$/s;

/** The same key for the second and further elements of one name. */
const nameOf = (key: string): string => key.replace(/#\d+$/, "");

function isServersPassword(leaf: Leaf): boolean {
  return keyOf(leaf) === "password" && nameOf(leaf.path.at(-2) ?? "") === "server";
}

/** Ids of repositories and mirrors at Bitbucket that the same file names. */
function idsOf(leaves: readonly Leaf[]): Map<string, string> {
  const ids = new Map<string, string>();
  for (const leaf of leaves) {
    if (keyOf(leaf) !== "url" || !/bitbucket\.org/i.test(leaf.value)) continue;
    const id = beside(leaf, leaves, ["id"])?.value;
    if (id !== undefined) ids.set(id, leaf.value);
  }
  return ids;
}

/** An id such as `bitbucket` may be that of somebody's own server: then the form of the secret decides. */
function isOurs(url: string, secret: string): boolean {
  if (/bitbucket\.org/i.test(url)) return true;
  return /bitbucket[^.]*$/i.test(url) && (isVariable(secret) || hasOurForm(secret));
}

function serversFound(text: string): Sighting[] {
  const leaves = xmlLeaves(text);
  const ids = idsOf(leaves);
  return leaves.filter(isServersPassword).flatMap((leaf) => {
    const id = beside(leaf, leaves, ["id"])?.value ?? "";
    const url = ids.get(id) ?? id;
    if (!isOurs(url, leaf.value) || ENCRYPTED.test(leaf.value)) return [];
    return pairSeen({
      user: beside(leaf, leaves, ["username"])?.value ?? null,
      secret: leaf.value,
      use: /\/2\.0\/|api\.bitbucket\.org/i.test(url) ? "rest" : url === "bitbucket.org" ? "git" : "unknown",
      start: leaf.start,
      end: leaf.end,
      place: `the server \`${id}\``,
      advice: isVariable(leaf.value)
        ? null
        : "write an access token of the one repository with `x-token-auth` as `<username>`, and encrypt it with `mvn --encrypt-password`",
    });
  });
}

const inPom = (text: string): Sighting[] =>
  dependencyUrls(
    text,
    "a URL of the project",
    () =>
      "write the URL without user and password, and the credential in `settings.xml` as the server `bitbucket.org`",
  );

export const maven: Format = {
  id: "maven",
  title: "Maven: settings.xml, pom.xml",
  claims: (path) => POM.test(baseName(path)) || SETTINGS.test(baseName(path)),
  find: (text, path) => [...(SETTINGS.test(baseName(path)) ? serversFound(text) : []), ...inPom(text)],
  examples: () => [
    {
      title: "a server with a user and an app password",
      path: "/home/ana/.m2/settings.xml",
      text: ({ app }) =>
        `<settings>\n  <servers>\n    <server><id>central</id><username>ana</username><password>correct-battery</password></server>\n    <server>\n      <id>bitbucket.org</id>\n      <username>ana</username>\n      <password>${app}</password>\n    </server>\n  </servers>\n</settings>\n`,
      finds: [{ line: 7, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "a server that is named in the URL of a repository, with an API token under a name",
      path: "/srv/ci/maven-settings.xml",
      text: ({ api }) =>
        `<settings>\n  <profiles><profile><repositories><repository>\n    <id>acme</id>\n    <url>https://api.bitbucket.org/2.0/repositories/acme/maven/src/releases</url>\n  </repository></repositories></profile></profiles>\n  <servers><server>\n    <id>acme</id>\n    <username>ana</username>\n    <password>${api}</password>\n  </server></servers>\n</settings>\n`,
      finds: [
        { line: 9, kind: "api-token", certainty: "literal-verified", use: "rest", trouble: "wrong-user" },
      ],
    },
    {
      title: "a variable of the environment",
      path: "/srv/ci/settings.xml",
      text: () =>
        `<settings><servers><server>\n  <id>bitbucket.org</id>\n  <username>x-token-auth</username>\n  <password>\${env.BITBUCKET_TOKEN}</password>\n</server></servers></settings>\n`,
      finds: [{ line: 4, kind: "access-token", certainty: "variable-named", name: "BITBUCKET_TOKEN" }],
    },
    {
      title: "the connection of a project, with a password in it",
      path: "/srv/app/pom.xml",
      text: ({ legacy }) =>
        `<project>\n  <scm>\n    <connection>scm:git:https://ana:${legacy}@bitbucket.org/acme/widgets.git</connection>\n  </scm>\n</project>\n`,
      finds: [{ line: 3, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "git" }],
    },
    {
      title: "what Maven has encrypted, and a server that may be anyone's",
      path: "/home/ana/.m2/settings.xml",
      text: () =>
        "<settings><servers>\n  <server><id>bitbucket.org</id><username>x-token-auth</username><password>{COQLCE6DU6GtcS5P=}</password></server>\n  <server><id>bitbucket</id><username>ana</username><password>correct-battery</password></server>\n</servers></settings>\n",
      finds: [],
    },
  ],
};
