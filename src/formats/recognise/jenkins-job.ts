/** Jenkins' jobs: which entry of the store a job gives to Bitbucket. */
import type { Use } from "../../core/spot.ts";
import type { Format } from "../format.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { xmlLeaves } from "../structure/xml.ts";
import { SPLIT } from "./jenkins-entry.ts";

const REMOTE = /^hudson\.plugins\.git\.UserRemoteConfig(?:#\d+)?$/;
const PLUGIN = /^com\.cloudbees\.jenkins\.plugins\.bitbucket\.BitbucketSCM(?:Source|Navigator)(?:#\d+)?$/;

/** HTTPS only: with SSH the entry is a key. */
const ADDRESS = /^https?:\/\/(?:[^/@\s]*@)?(?:api\.)?bitbucket\.org(?:[/:]|$)/i;

interface Found {
  leaf: Leaf;
  use: Use;
  place: string;
}

function inRemote(leaf: Leaf, leaves: readonly Leaf[]): Found[] {
  const url = beside(leaf, leaves, ["url"])?.value ?? "";
  return ADDRESS.test(url) ? [{ leaf, use: "git", place: "the Git remote of the job" }] : [];
}

/** Whether the element that a leaf is in is the plugin's, by its own name or by its class. */
function isPlugins(leaf: Leaf, leaves: readonly Leaf[]): boolean {
  const kind = beside(leaf, leaves, ["@class"])?.value ?? "";
  return PLUGIN.test(leaf.path.at(-2) ?? "") || PLUGIN.test(kind);
}

function inPlugin(leaf: Leaf, leaves: readonly Leaf[]): Found[] {
  const server = beside(leaf, leaves, ["serverUrl"])?.value;
  if (server !== undefined && !ADDRESS.test(server)) return [];
  return [{ leaf, use: "both", place: "the Bitbucket Branch Source of the job" }];
}

function find(text: string): Sighting[] {
  if (!/bitbucket/i.test(text)) return [];
  const leaves = xmlLeaves(text);
  const found = leaves
    .filter((leaf) => keyOf(leaf) === "credentialsId")
    .flatMap((leaf) => {
      if (REMOTE.test(leaf.path.at(-2) ?? "")) return inRemote(leaf, leaves);
      return isPlugins(leaf, leaves) ? inPlugin(leaf, leaves) : [];
    });
  const ids = (use: Use) => new Set(found.filter((one) => one.use === use).map(({ leaf }) => leaf.value));
  const [ofRemotes, ofPlugin] = [ids("git"), ids("both")];
  const isShared = (id: string): boolean => ofRemotes.has(id) && ofPlugin.has(id);
  return found.map(({ leaf: { value, start, end }, use, place }) => {
    // The plugin signs in to REST and finds Git's user by itself; a plain remote sends what the entry says.
    const trouble = isShared(value) ? ("one-user-for-git-and-rest" as const) : null;
    return nameAt(value, "reference", { start, end, use, place, trouble, advice: SPLIT });
  });
}

const remote = (url: string, id: string): string =>
  `<hudson.plugins.git.UserRemoteConfig>\n<url>${url}</url>\n<credentialsId>${id}</credentialsId>\n</hudson.plugins.git.UserRemoteConfig>\n`;

const source = (id: string, server = ""): string =>
  `<source class="com.cloudbees.jenkins.plugins.bitbucket.BitbucketSCMSource" plugin="cloudbees-bitbucket-branch-source@936.0.0">\n${server}<credentialsId>${id}</credentialsId>\n<repoOwner>acme</repoOwner>\n</source>\n`;

const PATH = "/var/lib/jenkins/jobs/site/config.xml";
const CLOUD = "https://bitbucket.org/acme/site.git";

export const jenkinsJob: Format = {
  id: "jenkins-job",
  title: "Jenkins' jobs: config.xml",
  claims: (path) => /\/jobs\/.+\/config\.xml$/.test(path),
  find,
  examples: () => [
    {
      title: "a Git remote over HTTPS",
      path: PATH,
      text: () => `<project>\n${remote(CLOUD, "acme-bb")}</project>\n`,
      finds: [
        { line: 4, kind: "unknown", certainty: "reference", name: "acme-bb", use: "git", trouble: null },
      ],
    },
    {
      title: "one entry for the Branch Source plugin and a plain remote",
      path: PATH,
      text: () => `<project>\n${source("acme-bb")}${remote(CLOUD, "acme-bb")}</project>\n`,
      finds: [
        {
          line: 3,
          kind: "unknown",
          certainty: "reference",
          use: "both",
          trouble: "one-user-for-git-and-rest",
        },
        {
          line: 8,
          kind: "unknown",
          certainty: "reference",
          use: "git",
          trouble: "one-user-for-git-and-rest",
        },
      ],
    },
    {
      title: "a folder that the plugin fills",
      path: "/var/lib/jenkins/jobs/acme/config.xml",
      text: () =>
        "<folder>\n<com.cloudbees.jenkins.plugins.bitbucket.BitbucketSCMNavigator>\n<serverUrl>https://bitbucket.org</serverUrl>\n<credentialsId>acme-bb</credentialsId>\n</com.cloudbees.jenkins.plugins.bitbucket.BitbucketSCMNavigator>\n</folder>\n",
      finds: [{ line: 4, kind: "unknown", certainty: "reference", name: "acme-bb", use: "both" }],
    },
    {
      title: "SSH, another host, and Bitbucket Data Center",
      path: PATH,
      text: () =>
        `<project>\n${remote("git@bitbucket.org:acme/site.git", "key")}${remote("https://git.acme.example/site.git", "acme")}${source("acme-dc", "<serverUrl>https://bitbucket.acme.example</serverUrl>\n")}</project>\n`,
      finds: [],
    },
  ],
};
