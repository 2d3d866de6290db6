/** Jenkins' own store: `credentials.xml`, and the credentials of folders. Nothing is decrypted. */
import { baseName, type Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { groupsOf, keyOf, type Leaf } from "../structure/leaf.ts";
import { xmlLeaves } from "../structure/xml.ts";
import { isBitbuckets, kindOf, SPLIT, useOf } from "./jenkins-entry.ts";

const ENTRY = /\.(?:UsernamePasswordCredentialsImpl|StringCredentialsImpl)(?:#\d+)?$/;

const BLOCK = 16;

/**
 * How many characters an encrypted secret has. Its envelope begins with a version byte, the length of the
 * initialisation vector and that of the encrypted text, which AES fills up to whole blocks.
 */
function lengthInside(written: string): { from: number; to: number } | null {
  const envelope = /^\{(AQAAA[A-Za-z0-9+/]{7,})=*\}$/.exec(written)?.[1];
  if (envelope === undefined) return null;
  const padded = Buffer.from(envelope.slice(0, 12), "base64").readUInt32BE(5);
  return { from: padded - BLOCK, to: padded - 1 };
}

function ofEntry(entry: readonly Leaf[]): Sighting[] {
  const named = (key: string): Leaf | undefined => entry.find((leaf) => keyOf(leaf) === key);
  const secret = named("password") ?? named("secret");
  if (secret === undefined || !ENTRY.test(secret.path.at(-2) ?? "")) return [];
  const [user, id] = [named("username")?.value ?? null, named("id")?.value ?? null];
  const length = lengthInside(secret.value);
  if (!isBitbuckets({ words: [id, named("description")?.value], user, secret: secret.value })) return [];
  const { start, end } = secret;
  const rest = { start, end, place: `the entry \`${id ?? ""}\``, advice: SPLIT };
  if (!secret.value.startsWith("{"))
    return pairSeen({ ...rest, user, secret: secret.value, use: "unknown", name: id });
  return [nameAt(id ?? "", "reference", { ...rest, user, use: useOf(user), kind: kindOf(user, length) })];
}

function find(text: string): Sighting[] {
  // Most jobs have none, and a parser takes longer than all the rest.
  return /CredentialsImpl\b/.test(text) ? groupsOf(xmlLeaves(text)).flatMap(ofEntry) : [];
}

/** An envelope around nothing, for a secret that fills this many bytes. */
function envelope(padded: number): string {
  const bytes = Buffer.alloc(9 + BLOCK + padded);
  bytes[0] = 1;
  bytes.writeUInt32BE(BLOCK, 1);
  bytes.writeUInt32BE(padded, 5);
  return `{${bytes.toString("base64")}}`;
}

function store(...entries: { id: string; user?: string; secret: string }[]): string {
  const impl = (user?: string) =>
    user === undefined
      ? { tag: "org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl", key: "secret" }
      : { tag: "com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl", key: "password" };
  const lines = entries.map(({ id, user, secret }) => {
    const { tag, key } = impl(user);
    const name = user === undefined ? "" : `<username>${user}</username>`;
    return `<${tag}><id>${id}</id>${name}<${key}>${secret}</${key}></${tag}>\n`;
  });
  return `<?xml version='1.1' encoding='UTF-8'?>\n<list>\n${lines.join("")}</list>\n`;
}

export const jenkinsCredentials: Format = {
  id: "jenkins-credentials",
  title: "Jenkins' credentials.xml and the credentials of folders",
  claims: (path) => baseName(path) === "credentials.xml" || /\/jobs\/.+\/config\.xml$/.test(path),
  always: ["credentials.xml"],
  find,
  examples: () => [
    {
      title: "encrypted entries, whose envelope tells how long the secret is",
      path: "/var/lib/jenkins/credentials.xml",
      text: () =>
        store(
          { id: "bitbucket-old", user: "ana", secret: envelope(32) },
          { id: "bitbucket-app", user: "ana", secret: envelope(48) },
          { id: "acme-bb", user: "ana@acme.example", secret: envelope(208) },
          { id: "git-only", user: "x-token-auth", secret: envelope(208) },
          { id: "bitbucket-text", secret: envelope(208) },
        ),
      finds: [
        { line: 3, kind: "legacy-app-password", certainty: "reference", name: "bitbucket-old", use: "both" },
        { line: 4, kind: "app-password", certainty: "reference", user: "ana" },
        { line: 5, kind: "api-token", certainty: "reference", use: "rest" },
        { line: 6, kind: "access-token", certainty: "reference", use: "git" },
        { line: 7, kind: "access-token", certainty: "reference", user: null },
      ],
    },
    {
      title: "a secret in the clear, as somebody imported it",
      path: "/var/lib/jenkins/jobs/acme/config.xml",
      text: ({ app }) => store({ id: "mirror", user: "ana", secret: app }),
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "ana" }],
    },
    {
      title: "other hosts' credentials",
      path: "/var/lib/jenkins/credentials.xml",
      text: () =>
        store(
          { id: "docker-hub", user: "acme", secret: envelope(48) },
          { id: "bitbucket-server", user: "ana", secret: envelope(48) },
          { id: "nexus", user: "ana", secret: "correct horse battery" },
        ),
      finds: [],
    },
  ],
};
