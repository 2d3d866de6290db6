/** Scripts that Jenkins runs when it starts, which make credentials: `init.groovy.d`. */
import type { Format } from "../format.ts";
import { holdsVariable } from "../placeholder.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";
import { isBitbuckets, SPLIT } from "./jenkins-entry.ts";

const MADE =
  /\b(?:UsernamePasswordCredentialsImpl|StringCredentialsImpl)\s*\(([^;]{0,3000}?)\)\s*(?:;|\n|$|\))/dg;

const QUOTED = /(["'])((?:\\.|(?!\1)[^\\\n])*)\1/dg;

const ADVICE = `read the secret from a file or the environment (\`System.getenv\`); ${SPLIT}`;

interface Literal {
  value: string;
  start: number;
  end: number;
}

function literalsIn(args: string, from: number): Literal[] {
  return [...args.matchAll(QUOTED)].map((match) => {
    const [start, end] = match.indices?.[2] ?? [0, 0];
    return { value: match[2] ?? "", start: from + start, end: from + end };
  });
}

function ofMade(match: RegExpExecArray): Sighting[] {
  const args = match[1] ?? "";
  const literals = literalsIn(args, match.indices?.[1]?.[0] ?? 0);
  const secret = literals.at(-1);
  // Only what ends the list is the secret: a call there reads it from somewhere else, as it should be.
  if (
    secret === undefined ||
    !/^(?:.*fromString\()?[^(]*["']\s*\)?\s*$/s.test(args.slice(args.lastIndexOf(",") + 1))
  )
    return [];
  const isPair = match[0].startsWith("Username");
  const user = isPair ? (literals.at(-2)?.value ?? null) : null;
  const words = literals.slice(0, -1).map(({ value }) => value);
  if (holdsVariable(secret.value) || !isBitbuckets({ words, user, secret: secret.value })) return [];
  const place = "a credential made at the start of Jenkins";
  return pairSeen({ ...secret, user, secret: secret.value, use: "unknown", place, advice: ADVICE });
}

const find = (text: string): Sighting[] => [...text.matchAll(MADE)].flatMap(ofMade);

const PATH = "/var/lib/jenkins/init.groovy.d/credentials.groovy";

export const jenkinsInit: Format = {
  id: "jenkins-init",
  title: "Jenkins' init.groovy.d",
  claims: (path) => /\/init\.groovy(?:\.d\/[^/]+\.groovy)?$/.test(path),
  find,
  examples: () => [
    {
      title: "an app password of the oldest form",
      path: PATH,
      text: ({ legacy }) =>
        `def made = new UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL,\n  'bitbucket', 'Bitbucket of the build', 'ana', '${legacy}')\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "an access token as secret text",
      path: PATH,
      text: ({ access }) =>
        `store.addCredentials(domain, new StringCredentialsImpl(GLOBAL, "acme", "", Secret.fromString("${access}")))\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "literal-verified", user: null }],
    },
    {
      title: "a secret that is read from a file, one of another host, and a placeholder",
      path: PATH,
      text: ({ legacy }) =>
        [
          "new UsernamePasswordCredentialsImpl(GLOBAL, 'bitbucket', 'Git', 'ana', new File('/run/secrets/acme').text)",
          `new UsernamePasswordCredentialsImpl(GLOBAL, 'nexus', 'Packages', 'ana', '${legacy}')`,
          "new UsernamePasswordCredentialsImpl(GLOBAL, 'bitbucket', 'Git', 'ana', 'changeme')\n",
        ].join("\n"),
      finds: [],
    },
  ],
};
