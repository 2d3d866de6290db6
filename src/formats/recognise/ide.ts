/** Settings of editors: Visual Studio Code's JSON, JetBrains' XML. */
import type { Format } from "../format.ts";
import { assignmentsIn, isSecretName } from "../shapes/assignments.ts";
import type { Sighting } from "../sighting.ts";
import { keyOf, type Leaf } from "../structure/leaf.ts";
import { xmlLeaves } from "../structure/xml.ts";

const VS_CODE =
  /\/\.vscode\/[^/]+\.json$|\/(?:Code(?: - Insiders)?|VSCodium|Cursor|Windsurf)\/User\/(?:.+\/)?[^/]+\.json$|\.code-workspace$/;

const JETBRAINS =
  /\/\.(?:idea|run)\/.+\.xml$|\/JetBrains\/.+\/options\/[^/]+\.xml$|\/\.(?:IntelliJIdea|PyCharm|WebStorm|PhpStorm|GoLand|RubyMine|CLion|Rider)[\w.]*\/config\/options\/[^/]+\.xml$|\/\.idea\/httpRequests\/|\/http-client(?:\.private)?\.env\.json$|\.run\.xml$/;

const FOR_VS_CODE =
  "take it out of the settings: name a file with `envFile` that Git ignores, or ask for it with an input of type `promptString` and `password: true`";

const FOR_JETBRAINS =
  "take it out of the settings: give the run configuration a file of variables that Git ignores, and leave Git's passwords to `Settings > Appearance & Behavior > System Settings > Passwords`";

/** `<env name="BITBUCKET_TOKEN" value="…"/>`: a name and its value in two attributes of one element. */
function named(attributes: readonly Leaf[], text: string): Sighting[] {
  const attribute = (key: string) => attributes.find((one) => keyOf(one) === key);
  const name = (attribute("@name") ?? attribute("@key"))?.value ?? "";
  const { value, start, end } = attribute("@value") ?? { value: "", start: 0, end: 0 };
  if (value === "" || !isSecretName(name)) return [];
  const at = text.lastIndexOf(value, end - value.length);
  // What is written with entities cannot be found as it is read.
  const range = at >= start ? { start: at, end: at + value.length } : { start, end };
  return assignmentsIn(`${name}="${value.replaceAll('"', "")}"`)
    .slice(0, 1)
    .map((one) => ({ ...one, ...range }));
}

function find(text: string, path: string): Sighting[] {
  if (!path.endsWith(".xml")) return [];
  const attributes = xmlLeaves(text).filter((leaf) => keyOf(leaf).startsWith("@"));
  // All attributes of an element have its range.
  return [...Map.groupBy(attributes, ({ start }) => start).values()]
    .flatMap((ofOne) => named(ofOne, text))
    .map((one) => (one.secret === null ? one : { ...one, advice: FOR_JETBRAINS }));
}

export const ide: Format = {
  id: "ide",
  title: "Settings of editors: Visual Studio Code, JetBrains",
  claims: (path) => VS_CODE.test(path) || JETBRAINS.test(path),
  find,
  advice: (path) => (JETBRAINS.test(path) ? FOR_JETBRAINS : FOR_VS_CODE),
  examples: () => [
    {
      title: "a variable for a program that is being debugged",
      path: "/home/ana/widgets/.vscode/launch.json",
      text: ({ api }) =>
        `{\n  // for the release\n  "configurations": [\n    { "type": "node", "env": { "BITBUCKET_EMAIL": "ana@acme.test", "BITBUCKET_API_TOKEN": "${api}" } },\n  ]\n}\n`,
      finds: [{ line: 4, kind: "api-token", certainty: "literal-verified" }],
    },
    {
      title: "a run configuration",
      path: "/home/ana/widgets/.idea/runConfigurations/release.xml",
      text: ({ legacy, app }) =>
        `<component name="ProjectRunConfigurationManager">\n  <configuration name="release">\n    <envs>\n      <env name="BITBUCKET_PASSWORD" value="${legacy}" />\n      <env value="${app}" name="BB_APP_PASSWORD" />\n    </envs>\n  </configuration>\n</component>\n`,
      finds: [
        { line: 4, kind: "legacy-app-password", certainty: "literal-shaped" },
        { line: 5, kind: "app-password", certainty: "literal-verified" },
      ],
    },
    {
      title: "a URL among what was opened, and a variable that is filled in elsewhere",
      path: "/home/ana/.config/JetBrains/IdeaIC2025.2/options/vcs.xml",
      text: ({ app }) =>
        `<application>\n  <option name="last" value="https://ana:${app}@bitbucket.org/acme/widgets.git" />\n  <env name="BITBUCKET_TOKEN" value="$SECRET$" />\n</application>\n`,
      finds: [
        { line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" },
        { line: 3, kind: "unknown", certainty: "variable-named", name: "BITBUCKET_TOKEN" },
      ],
    },
    {
      title: "an input that VS Code asks for",
      path: "/home/ana/widgets/.vscode/tasks.json",
      text: () =>
        `{ "tasks": [{ "options": { "env": { "TOKEN": "\${input:bitbucketToken}" } } }], "inputs": [{ "id": "bitbucketToken", "type": "promptString", "password": true }] }\n`,
      finds: [],
    },
  ],
};
