// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** Renovate: its configuration, `hostRules`, and the variables that it is started with. */
import type { Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";

const ADVICE =
  "give Renovate the Atlassian e-mail as `username` and an API token as `password` (it finds Git's user by itself), or an access token as `token`; `hostRules` for bitbucket.org are separate from the platform's";

/** `name: value` and `"name": "value"`, as JSON, JSON5, JavaScript and YAML have them. */
const ENTRY =
  /(?<![\w.$])["']?(RENOVATE_(?:USERNAME|PASSWORD|TOKEN)|username|password|token|matchHost|hostName|platform|RENOVATE_PLATFORM|endpoint)["']?[ \t]*[:=][ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|`([^`\n]*)`|(\$\{\{[^{}\n]*\}\}|[^\s,;"'`{}#]+))/dg;

const CLOUD = /^(?:https?:\/\/)?(?:api\.)?bitbucket\.org(?:[/:]|$)/i;

interface Entry {
  name: string;
  value: string;
  start: number;
  end: number;
}

function entriesIn(text: string): Entry[] {
  return [...text.matchAll(ENTRY)].map((match) => {
    const which = [2, 3, 4].find((group) => match[group] !== undefined) ?? 5;
    const [start, end] = match.indices?.[which] ?? [0, 0];
    const written = match[which] ?? "";
    // JavaScript's own: what it reads is no literal.
    const value =
      which === 5 && /^\w+(?:\.\w+)+$/.test(written) ? `$${written.replace(/^.*\./, "")}` : written;
    return { name: (match[1] ?? "").replace("RENOVATE_", "").toLowerCase(), value, start, end };
  });
}

/** Entries by the innermost braces they stand in; in a file without any all are together. */
function groupsOf(text: string, entries: readonly Entry[]): Entry[][] {
  const groups = new Map<number, Entry[]>();
  const open: number[] = [];
  let at = 0;
  for (const entry of entries) {
    for (; at < entry.start; at++) {
      if (text[at] === "{" && !/[${]/.test(text[at - 1] ?? "")) open.push(at);
      else if (text[at] === "}" && text[at + 1] !== "}") open.pop();
    }
    at = entry.end;
    const key = open.at(-1) ?? -1;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  }
  return [...groups.values()];
}

/** Whether the entries are Bitbucket Cloud's: the platform, or the host of a rule. */
function isOurs(group: readonly Entry[]): boolean {
  const value = (...names: string[]): string | undefined =>
    group.find(({ name }) => names.includes(name))?.value;
  return value("platform") === "bitbucket" || CLOUD.test(value("matchhost", "hostname", "endpoint") ?? "");
}

function find(text: string): Sighting[] {
  return groupsOf(text, entriesIn(text))
    .filter(isOurs)
    .flatMap((group) => {
      const user = group.find(({ name }) => name === "username")?.value ?? null;
      return group.flatMap(({ name, value, start, end }) => {
        if (name !== "password" && name !== "token") return [];
        const isToken = name === "token";
        return pairSeen({
          user: isToken ? null : user,
          secret: value,
          start,
          end,
          // Renovate asks REST with this user and gives Git the one that goes with the token.
          use: "rest",
          place: `Renovate's \`${name}\``,
          advice: ADVICE,
          ...(isToken && { kind: "access-token" as const }),
        });
      });
    });
}

export const renovate: Format = {
  id: "renovate",
  title: "Renovate: config.js, renovate.json, hostRules, RENOVATE_PASSWORD",
  claims: (path) =>
    /renovate[^/]*(?:\/[^/]*)?\.(?:js|cjs|mjs|ts|json5?|ya?ml|env)$|\/\.renovaterc$|\/config\.js$/i.test(
      path,
    ),
  find,
  examples: () => [
    {
      title: "a user name with a variable, as the platform's credential",
      path: "/srv/renovate/config.js",
      text: () =>
        "module.exports = {\n  platform: 'bitbucket',\n  username: 'acme-bot',\n  password: process.env.BOT_PASSWORD,\n};\n",
      finds: [
        {
          line: 4,
          kind: "app-password",
          certainty: "legacy-by-shape",
          name: "BOT_PASSWORD",
          user: "acme-bot",
        },
      ],
    },
    {
      title: "an API token with a user name in a rule for the host",
      path: "/srv/site/renovate.json",
      text: ({ api }) =>
        `{\n  "hostRules": [\n    { "matchHost": "https://api.bitbucket.org/2.0/", "username": "acme-bot", "password": "${api}" }\n  ]\n}\n`,
      finds: [{ line: 3, kind: "api-token", certainty: "literal-verified", trouble: "wrong-user" }],
    },
    {
      title: "an app password in the environment that it runs in",
      path: "/srv/renovate/renovate.env",
      text: ({ app }) =>
        `RENOVATE_PLATFORM=bitbucket\nRENOVATE_USERNAME=acme-bot\nRENOVATE_PASSWORD=${app}\n`,
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "acme-bot" }],
    },
    {
      title: "an access token's variable as `token`",
      path: "/srv/site/.github/workflows/renovate.yml",
      text: () => "env:\n  RENOVATE_PLATFORM: bitbucket\n  RENOVATE_TOKEN: ${{ secrets.BOT_TOKEN }}\n",
      finds: [{ line: 3, kind: "access-token", certainty: "variable-named", name: "BOT_TOKEN" }],
    },
    {
      title: "rules for other hosts",
      path: "/srv/site/renovate.json",
      text: () =>
        `{\n  "platform": "gitlab",\n  "hostRules": [\n    { "matchHost": "npm.acme.example", "username": "ana", "password": "correct horse battery" },\n    { "matchHost": "bitbucket.org", "abortOnError": true }\n  ]\n}\n`,
      finds: [],
    },
  ],
};
