import { ACCESS_TOKEN_USER, API_TOKEN_USER, GIT_HOST } from "../core/bitbucket.ts";
import { defineCheck, type Found } from "../core/check.ts";
import { isTrue } from "../core/git-rules.ts";
import { ownFileNamed } from "../core/own-file.ts";
import type { ConfigEntry, Setup, StoreFile } from "../core/setup.ts";
import { onlyChoosesKey } from "../core/ssh-command.ts";
import { splitUrl } from "../core/url.ts";
import { mayReach } from "../core/url-match.ts";
import { entryLocation, fromEntry } from "./evidence.ts";
import { configEntry, environment } from "./example.ts";
import { standsAt } from "./in-words.ts";

interface Args {
  key: string;
  at: string;
  effect: string;
}

const HTTP: Readonly<Record<string, string>> = {
  proxy: "it sends requests through a machine of its choice",
  sslcainfo: "it chooses which certificates are trusted",
  sslcapath: "it chooses which certificates are trusted",
  sslverify: "it switches the check of certificates off",
  sslcert: "it chooses the certificate this machine shows",
  sslkey: "it chooses the key this machine shows itself with",
  sslbackend: "it chooses the program part that checks certificates",
  proxyauthmethod: "it chooses how this machine signs in to a proxy",
  cookiefile: "it sends cookies with requests",
  curloptresolve: "it chooses which machine answers to Bitbucket's name",
};

/** Host of a URL, or of `git@host:path`. */
function hostOf(text: string): string {
  return splitUrl(text)?.host ?? /^(?:[^@/\s]+@)?([^:/\s]+):/.exec(text)?.[1]?.toLowerCase() ?? "";
}

/** How URLs begin that Git is given here: as people write them, and as a fix writes them. */
const BEGINNINGS = [
  `https://${GIT_HOST}/`,
  ...[API_TOKEN_USER, ACCESS_TOKEN_USER].map((user) => `https://${user}@${GIT_HOST}/`),
];

/** `cache` and `store` at their usual places. */
const GIT_OWN_HELPER = /^(?:cache(?:\s+--timeout[= ]\d+)?|store)$/;

type Around = Pick<Setup, "stores" | "environment">;

/** The file that git-rekey gives a repository. One that is not there yet will be the user's, as the folder is. */
function isOwnFile(helper: string, { stores, environment }: Around): boolean {
  const named = ownFileNamed(helper, environment.home);
  return named !== null && stores.every(({ file, own }) => file !== named || own);
}

function helperEffect({ value, subsection }: ConfigEntry, around: Around): string | null {
  // The two that are part of Git, and the empty value that clears the list.
  const plain = !value || GIT_OWN_HELPER.test(value.trim()) || isOwnFile(value, around);
  if (plain || !mayReach(subsection, GIT_HOST)) return null;
  return /^store\b/.test(value)
    ? "it keeps every credential in a file of its choice"
    : "it starts a program that is handed every credential";
}

function rewriteEffect({ subsection, value }: ConfigEntry): string | null {
  if (!value || subsection === null) return null;
  const ours =
    hostOf(value) === GIT_HOST || BEGINNINGS.some((url) => url.startsWith(value) || value.startsWith(url));
  const target = hostOf(subsection);
  if (!ours || target === GIT_HOST || target.endsWith(`.${GIT_HOST}`)) return null;
  return `it sends what is meant for ${GIT_HOST} to \`${target || subsection}\``;
}

/** What an entry could do to a request that carries a credential; null for all others. */
function effectOf(entry: ConfigEntry, around: Around): string | null {
  const { section, name, value, subsection, key } = entry;
  if (section === "credential" && name === "helper") return helperEffect(entry, around);
  if (section === "url" && (name === "insteadof" || name === "pushinsteadof")) return rewriteEffect(entry);
  if (value === "") return null;
  if (key === "core.sshcommand")
    return onlyChoosesKey(value ?? "") ? null : "it starts a program of its choice where Git would start ssh";
  if (key === "core.askpass") return "it starts a program that asks for the password";
  if (section === "remote" && name === "proxy") return HTTP.proxy ?? null;
  if (section !== "http" || !mayReach(subsection, GIT_HOST)) return null;
  return name === "sslverify" && isTrue(value) ? null : (HTTP[name] ?? null);
}

/** The key is the repository's own words, so only a plain one is put into a command that a person copies. */
function removal(key: string, at: string): string {
  if (/^[\w./@:-]+$/.test(key)) return `: \`git config --local --unset-all ${key}\``;
  return at === "" ? "" : ` of ${at} with an editor`;
}

const own = { scope: "local", file: "/srv/site/.git/config", fromRepository: true } as const;

/** A repository whose own configuration says this. */
const example = (...entries: [key: string, value: string][]) => ({
  config: entries.map(([key, value]) => configEntry(key, value, own)),
  stores: [],
  environment: environment(),
});

export const untrustedRepositorySetting = defineCheck<"config" | keyof Around, Args>({
  id: "untrusted-repository-setting",
  title: "The repository's own configuration steers where credentials go",
  needs: ["config", "stores", "environment"],
  find: ({ config, ...around }) =>
    config.flatMap((entry): Found<Args>[] => {
      const effect = entry.fromRepository ? effectOf(entry, around) : null;
      if (effect === null) return [];
      const location = entryLocation(entry);
      const args = { key: entry.key, at: standsAt(location), effect };
      const what = `\`${entry.key}\` is \`${entry.value ?? "true"}\``;
      const evidence = [{ what, source: fromEntry(entry) }];
      return [{ args, severity: "warning", confidence: "certain", cause: false, location, evidence }];
    }),
  explain: ({ key, at, effect }) => ({
    what: `only this repository sets \`${key}\`${at === "" ? "" : `, in ${at}`}: ${effect}`,
    why: "Git obeys a repository's own file above yours; in a folder that came from somebody else (an archive, a shared disk) it can lead a credential to a stranger. git-rekey sends none that way unless told to",
    next: `if you or your company set it, \`git rekey doctor --trust-repository\` goes on with it; if not, take it out${removal(key, at)}`,
  }),
  typical: { key: "http.proxy", at: "`.git/config:9`", effect: HTTP.proxy ?? "" },
  examples: () => {
    const rewrite = "url.https://mirror.acme.example/.insteadof";
    const ownHelper = "store --file '/home/ana/.git-credentials-acme-site'";
    const ownFile = (own: boolean): StoreFile => ({
      file: "/home/ana/.git-credentials-acme-site",
      mode: 0o600,
      own,
      entries: [],
    });
    return {
      broken: [
        example(["http.proxy", "http://10.0.0.9:8080"]),
        example(["http.https://bitbucket.org.sslverify", "false"]),
        example(["credential.helper", "!./tools/helper"]),
        example(["credential.helper", "store --file=/tmp/all"]),
        example(["credential.helper", "store --file '/srv/site/.git-credentials-acme-site'"]),
        { ...example(["credential.helper", ownHelper]), stores: [ownFile(false)] },
        example(["core.askpass", "/tmp/ask"]),
        example(["core.sshcommand", "./tools/ssh"]),
        example(["core.sshcommand", "ssh -o ProxyCommand=./tools/way"]),
        example(["remote.origin.proxy", "10.0.0.9:8080"]),
        example([rewrite, "https://bitbucket.org/"]),
      ],
      healthy: [
        { ...example(), config: [configEntry("http.proxy", "http://proxy.acme.example:3128")] },
        example(["http.sslverify", "true"]),
        example(["http.https://git.acme.example.sslverify", "false"]),
        example(["credential.helper", "store"], ["credential.helper", ""]),
        example(["core.sshcommand", "ssh -i ~/.ssh/id_work -o IdentitiesOnly=yes"]),
        { ...example(["credential.helper", ownHelper]), stores: [ownFile(true)] },
        example(["url.git@bitbucket.org:.insteadof", "https://bitbucket.org/"]),
        example([rewrite, "https://github.com/"]),
      ],
    };
  },
});
