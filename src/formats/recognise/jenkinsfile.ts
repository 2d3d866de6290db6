// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the examples are no TypeScript.
/** Jenkins' pipelines and shared libraries: variables in URLs, bindings, and the entries that steps name. */
import { baseName, type Format } from "../format.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { type CiAdvice, inCi, OVER_REST } from "./in-ci.ts";
import { SPLIT } from "./jenkins-entry.ts";

const BIND =
  "write the URL without user and password and wrap the step in `withCredentials([gitUsernamePassword(credentialsId: 'ID', gitToolName: 'Default')])`, which lets Git ask for it";

const ADVICE: CiAdvice = {
  url: BIND,
  signIn: `${OVER_REST}, in a script in single quotes, so that the shell and not Groovy puts it in`,
  variable: "bind an entry of Jenkins' store that holds a token, and change how the step signs in",
};

/** Over SSH the entry is a key. */
const ADDRESS = /https?:\\?\/\\?\/[^\s"']*bitbucket\.org/i;

const STEP = /\bcredentialsId\s*[:=]\s*(["'])([^"'\n]{1,200})\1/dg;
const BOUND = /\b(\w+)\s*=\s*credentials\(\s*(["'])([^"'\n]{1,200})\2\s*\)/dg;

/** What binds a key, and what hands Git a credential as it should be handed. */
const OTHER = /\b(?:gitUsernamePassword|sshUserPrivateKey|sshagent|file|certificate)\s*\(?\s*\[?[^()[\]{}]*$/;

/** How far from an id the address may stand that it is for, in characters. */
const NEAR = 400;

interface Reference {
  id: string;
  start: number;
  end: number;
  /** What the step calls it; null where only the id is told. */
  variable: string | null;
  /** Secret text, which only tokens are. */
  isText: boolean;
}

function named(match: RegExpExecArray, group: number, variable: string | null): Reference {
  const [start, end] = match.indices?.[group] ?? [0, 0];
  return { id: match[group] ?? "", start, end, variable, isText: false };
}

/** Words in lines that name Bitbucket over HTTPS; `ACME` stands for its halves `ACME_USR` and `ACME_PSW` too. */
function wordsBesideAddress(text: string): Set<string> {
  const lines = text.split("\n").filter((line) => ADDRESS.test(line));
  const words = lines.flatMap((line) => line.match(/\w+/g) ?? []);
  return new Set(words.flatMap((word) => [word, word.replace(/_(?:USR|PSW)$/, "")]));
}

/** The lines of one call: those that a comma or an open bracket at their end joins. */
function callAround(text: string, at: number): string {
  const isOpen = (end: number): boolean => /[,([]\s*$/.test(text.slice(Math.max(0, end - 8), end));
  let start = text.lastIndexOf("\n", at);
  while (start >= at - NEAR && start > 0 && isOpen(start)) start = text.lastIndexOf("\n", start - 1);
  let end = text.indexOf("\n", at);
  while (end >= 0 && end < at + NEAR && isOpen(end)) end = text.indexOf("\n", end + 1);
  return text.slice(start + 1, end < 0 ? text.length : end);
}

/** What follows a binding, as far as the next one. */
function bodyAfter(text: string, at: number): string {
  const rest = text.slice(at, at + NEAR);
  const next = rest.indexOf("credentialsId", "credentialsId".length);
  return next < 0 ? rest : rest.slice(0, next);
}

function stepsIn(text: string, serving: ReadonlySet<string>): Reference[] {
  return [...text.matchAll(STEP)].flatMap((match) => {
    const before = text.slice(Math.max(0, match.index - NEAR), match.index);
    if (OTHER.test(before)) return [];
    const body = bodyAfter(text, match.index);
    const variable = /^[^()]*\b(?:passwordVariable|variable)\s*:\s*["'](\w+)["']/.exec(body)?.[1] ?? null;
    const isOurs =
      variable === null
        ? ADDRESS.test(callAround(text, match.index))
        : serving.has(variable) || ADDRESS.test(body);
    const isText = /\bstring\s*\(\s*$/.test(before);
    return isOurs ? [{ ...named(match, 2, variable), isText }] : [];
  });
}

function boundIn(text: string, serving: ReadonlySet<string>): Reference[] {
  return [...text.matchAll(BOUND)].flatMap((match) => {
    const [, variable = ""] = match;
    return serving.has(variable) ? [named(match, 3, variable)] : [];
  });
}

/** The entry that a step names; how its variable is used elsewhere tells who gets it. */
function seenOf({ id, start, end, variable, isText }: Reference, inside: readonly Sighting[]): Sighting {
  const isOne = ({ name }: Sighting): boolean => name === variable || name === `${variable}_PSW`;
  const uses = new Set(variable === null ? ["git"] : inside.filter(isOne).map(({ use }) => use));
  const isBoth = uses.has("git") && uses.has("rest");
  return nameAt(id, "reference", {
    start,
    end,
    kind: isText ? "access-token" : null,
    use: isBoth ? "both" : uses.has("rest") ? "rest" : uses.has("git") ? "git" : "unknown",
    place: `the entry \`${id}\``,
    trouble: isBoth ? "one-user-for-git-and-rest" : null,
    advice: SPLIT,
  });
}

function find(written: string): Sighting[] {
  if (!ADDRESS.test(written)) return [];
  // `\$` in Groovy's double quotes is the shell's `$`; of the same length, so that offsets hold.
  const text = written.replaceAll("\\$", "$$$$");
  const inside = inCi(text, ADVICE).map((one) => ({
    ...one,
    user: one.user?.replaceAll("$$", () => "$") ?? null,
  }));
  const serving = wordsBesideAddress(text);
  const references = [...stepsIn(text, serving), ...boundIn(text, serving)];
  return [...references.map((one) => seenOf(one, inside)), ...inside];
}

const PATH = "/srv/site/Jenkinsfile";

export const jenkinsfile: Format = {
  id: "jenkinsfile",
  title: "Jenkins' pipelines: Jenkinsfile and shared libraries",
  claims: (path) =>
    /^Jenkinsfile|\.jenkinsfile$/i.test(baseName(path)) || /\/(?:vars|src)\/.*\.groovy$/.test(path),
  find,
  examples: () => [
    {
      title: "an entry bound to a variable whose halves stand in a URL",
      path: PATH,
      text: () =>
        "pipeline {\n  environment { ACME = credentials('acme-bb') }\n  steps {\n    sh 'git push https://$ACME_USR:$ACME_PSW@bitbucket.org/acme/site.git'\n  }\n}\n",
      finds: [
        { line: 2, kind: "unknown", certainty: "reference", name: "acme-bb", use: "git", trouble: null },
        { line: 4, kind: "unknown", certainty: "variable-named", name: "ACME_PSW", user: "$ACME_USR" },
      ],
    },
    {
      title: "one entry that Git and REST get, in Groovy's double quotes",
      path: "/srv/library/vars/release.groovy",
      text: () =>
        [
          "withCredentials([usernamePassword(credentialsId: 'acme-bb', usernameVariable: 'BB_USER', passwordVariable: 'PW')]) {",
          '  sh "git push https://\\${BB_USER}:\\${PW}@bitbucket.org/acme/site.git"',
          '  sh "curl -u \\${BB_USER}:\\${PW} https://api.bitbucket.org/2.0/repositories/acme/site"',
          "}\n",
        ].join("\n"),
      finds: [
        {
          line: 1,
          kind: "unknown",
          certainty: "reference",
          name: "acme-bb",
          use: "both",
          trouble: "one-user-for-git-and-rest",
        },
        { line: 2, kind: "unknown", certainty: "variable-named", name: "PW", user: "${BB_USER}" },
        { line: 3, kind: "app-password", certainty: "legacy-by-shape", name: "PW", use: "rest" },
      ],
    },
    {
      title: "a checkout over HTTPS, and an app password in a step",
      path: PATH,
      text: ({ app }) =>
        `node {\n  git url: 'https://bitbucket.org/acme/site.git', credentialsId: 'acme-git'\n  sh 'git clone https://ana:${app}@bitbucket.org/acme/data.git'\n}\n`,
      finds: [
        { line: 2, kind: "unknown", certainty: "reference", name: "acme-git", use: "git" },
        { line: 3, kind: "app-password", certainty: "literal-verified", user: "ana" },
      ],
    },
    {
      title: "an access token as secret text, beside another host's entry",
      path: PATH,
      text: () =>
        [
          "withCredentials([usernamePassword(credentialsId: 'nexus', usernameVariable: 'U', passwordVariable: 'P')]) { sh 'mvn deploy' }",
          "withCredentials([string(credentialsId: 'acme-token', variable: 'TOKEN')]) {",
          "  sh 'curl -H \"Authorization: Bearer $TOKEN\" https://api.bitbucket.org/2.0/repositories/acme/site'",
          "}\n",
        ].join("\n"),
      finds: [{ line: 2, kind: "access-token", certainty: "reference", name: "acme-token" }],
    },
    {
      title: "the binding that lets Git ask",
      path: PATH,
      text: () =>
        "node {\n  withCredentials([gitUsernamePassword(credentialsId: 'acme-git', gitToolName: 'Default')]) {\n    sh 'git push https://bitbucket.org/acme/site.git HEAD'\n  }\n}\n",
      finds: [],
    },
    {
      title: "other hosts, and Bitbucket over SSH",
      path: PATH,
      text: () =>
        "node {\n  git url: 'git@bitbucket.org:acme/site.git', credentialsId: 'key'\n  docker.withRegistry('https://hub.acme.example', 'hub') { }\n  git url: 'https://git.acme.example/x.git', credentialsId: 'acme'\n}\n",
      finds: [],
    },
  ],
};
