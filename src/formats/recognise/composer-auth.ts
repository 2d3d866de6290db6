/** Composer's credentials in commands and environments: `COMPOSER_AUTH` and `composer config`. */
import type { Format } from "../format.ts";
import type { Sighting } from "../sighting.ts";
import { jsonLeaves } from "../structure/json.ts";
import type { Leaf } from "../structure/leaf.ts";
import { composerEntries } from "./composer.ts";
import { isScript } from "./script-paths.ts";

/** The name with what may stand between it and its JSON: a sign, quotes, the marks of a YAML block. */
const VARIABLE =
  /COMPOSER_AUTH\b["'\])]{0,3}\s{0,3}(?:=>|[=:,]|\s)\s{0,3}[|>]?[+-]?\s{0,60}\\{0,4}["']?\s{0,20}(?=\{)/g;

/** Beyond it no closing brace is looked for, in characters. */
const LONGEST = 20_000;

/** From an opening brace to the one that closes it; to the end where none does. */
function bracesAt(text: string, start: number): string {
  let depth = 0;
  const limit = Math.min(text.length, start + LONGEST);
  for (let at = start; at < limit; at++) {
    const c = text.charAt(at);
    if (c === "{") depth++;
    else if (c === "}" && --depth === 0) return text.slice(start, at + 1);
  }
  return text.slice(start, limit);
}

/**
 * JSON without what a shell or another JSON did to its quotes. Each character stays where it is, so blanks take the
 * place of what goes: they are trimmed off keys and values.
 */
function asJson(written: string): string {
  return written
    .replace(/(?:'"|"')(\$\{?\w+\}?)(?:"'|'")/g, (whole, name: string) =>
      name.padStart(name.length + 2).padEnd(whole.length),
    )
    .replace(/\\+"/g, (quote) => '"'.padStart(quote.length));
}

function inVariable(text: string): Sighting[] {
  return [...text.matchAll(VARIABLE)].flatMap(({ 0: before, index }) => {
    const from = index + before.length;
    const leaves = jsonLeaves(asJson(bracesAt(text, from))).map((leaf) => ({
      path: leaf.path.map((key) => key.trim()),
      value: leaf.value.trim(),
      start: from + leaf.start,
      end: from + leaf.end,
    }));
    return composerEntries(leaves).map((one) => ({ ...one, place: `${one.place} in \`COMPOSER_AUTH\`` }));
  });
}

const WORD = `("[^"\\n]{1,1200}"|'[^'\\n]{1,1200}'|[^\\s"'\`;|&<>]{1,1200})`;

/** `composer config --global http-basic.bitbucket.org USER PASSWORD`. */
const COMMAND = new RegExp(
  `\\bcomposer(?:\\.phar)?["']?\\s{1,3}config\\b[^\\n]{0,200}?\\b(http-basic|bitbucket-oauth|bearer)\\.((?:api\\.)?bitbucket\\.org)["']?\\s{1,3}${WORD}(?:\\s{1,3}${WORD})?`,
  "dg",
);

/** The keys under which Composer writes the words of the command. */
const KEYS: Record<string, readonly string[]> = {
  "http-basic": ["username", "password"],
  "bitbucket-oauth": ["consumer-key", "consumer-secret"],
};

function inCommand(text: string): Sighting[] {
  return [...text.matchAll(COMMAND)].flatMap((match) => {
    const [, kind = "", host = ""] = match;
    const leaves = [3, 4].flatMap((group): Leaf[] => {
      const [word, range, key] = [match[group], match.indices?.[group], KEYS[kind]?.[group - 3]];
      if (word === undefined || range === undefined) return [];
      if (key === undefined && kind !== "bearer") return [];
      const path = key === undefined ? [kind, host] : [kind, host, key];
      return [{ path, value: word.replace(/^(["'])(.*)\1$/, "$2"), start: range[0], end: range[1] }];
    });
    return composerEntries(leaves).map((one) => ({ ...one, place: `${one.place} in \`composer config\`` }));
  });
}

export const composerAuth: Format = {
  id: "composer-auth",
  title: "Composer: COMPOSER_AUTH and composer config",
  claims: isScript,
  find: (text) => [...inVariable(text), ...inCommand(text)],
  examples: () => [
    {
      title: "`COMPOSER_AUTH` in a script, in single quotes",
      path: "/srv/site/deploy.sh",
      text: ({ app }) =>
        `#!/bin/sh\nexport COMPOSER_AUTH='{"http-basic": {"bitbucket.org": {"username": "ana", "password": "${app}"}}}'\ncomposer install\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "rest" }],
    },
    {
      title: "`COMPOSER_AUTH` with escaped quotes",
      path: "/srv/site/Dockerfile",
      text: ({ legacy }) =>
        `FROM php:8.4\nENV COMPOSER_AUTH="{\\"http-basic\\":{\\"bitbucket.org\\":{\\"username\\":\\"ana\\",\\"password\\":\\"${legacy}\\"}}}"\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "`COMPOSER_AUTH` over several lines of YAML",
      path: "/srv/site/.github/workflows/build.yml",
      text: () =>
        `env:\n  COMPOSER_AUTH: >-\n    {"http-basic": {"bitbucket.org": {\n      "username": "\${{ secrets.BITBUCKET_USER }}",\n      "password": "\${{ secrets.BITBUCKET_APP_PASSWORD }}"}}}\n`,
      finds: [
        { line: 5, kind: "app-password", certainty: "legacy-by-shape", name: "BITBUCKET_APP_PASSWORD" },
      ],
    },
    {
      title: "variables that a shell puts into `COMPOSER_AUTH`",
      path: "/srv/site/install.sh",
      text: () =>
        `COMPOSER_AUTH='{"http-basic":{"bitbucket.org":{"username":"'"$BB_USER"'","password":"'"$BB_SECRET"'"}}}' composer install\n`,
      finds: [
        { line: 1, kind: "app-password", certainty: "legacy-by-shape", user: "$BB_USER", name: "BB_SECRET" },
      ],
    },
    {
      title: "a dotenv file with an access token",
      path: "/srv/site/.env",
      text: ({ access }) =>
        `COMPOSER_AUTH={"http-basic":{"bitbucket.org":{"username":"x-token-auth","password":"${access}"}}}\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "literal-verified", use: "both", trouble: null }],
    },
    {
      title: "a user and an app password given as an OAuth consumer",
      path: "/root/.bash_history",
      text: ({ app }) => `composer config --global --auth bitbucket-oauth.bitbucket.org ana ${app}\n`,
      finds: [{ line: 1, kind: "app-password", certainty: "literal-verified", user: "ana" }],
    },
    {
      title: "another host, and only placeholders",
      path: "/srv/site/README.md",
      text: () =>
        'COMPOSER_AUTH=\'{"http-basic":{"repo.packagist.com":{"username":"token","password":"0123456789abcdef"}}}\'\ncomposer config http-basic.bitbucket.org your-user your-app-password\n',
      finds: [],
    },
  ],
};
