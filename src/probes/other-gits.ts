import { delimiter, isAbsolute, join } from "node:path";
import { APPLE_STAND_IN, BUNDLED_GITS } from "../core/bundled-gits.ts";
import { credentialRules, httpList, rewriteUrl } from "../core/git-rules.ts";
import { Unavailable } from "../core/setup.ts";
import { mask, splitUrl } from "../core/url.ts";
import type { Git } from "../world/ports.ts";
import { listConfig, type RawEntry, readListing } from "./config.ts";
import { readAuthorization } from "./config-mask.ts";
import type { Stand } from "./place.ts";
import { ruleEntries } from "./routes.ts";
import { type Eyes, passingOverClosed } from "./world.ts";

/** What one git does otherwise than the one on PATH was seen to do. */
export interface OtherGit {
  git: string;
  /** As the rest of a sentence that begins with its path. */
  what: string;
  /** The file that says so; null where none does, or nobody knows. */
  file: string | null;
}

function isStandIn(eyes: Eyes, path: string): boolean {
  const { path: standIn, needs } = APPLE_STAND_IN;
  return (
    eyes.self.platform === "darwin" &&
    path === standIn &&
    !needs.some((folder) => eyes.files.facts(folder) !== null)
  );
}

/** Every git on PATH and every known one that other programs bring, each file once. */
function findGits(given: Eyes): string[] {
  const eyes = { ...given, files: passingOverClosed(given.files) };
  const { env, home, platform } = eyes.self;
  const name = platform === "win32" ? "git.exe" : "git";
  const onPath = (env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  const bundled = BUNDLED_GITS[platform] ?? [];
  const known = bundled.map((path) => (path.startsWith("~/") ? join(home ?? "/", path.slice(2)) : path));
  const seen = new Set<string>();
  return [...onPath, ...known].filter((path) => {
    const real = isAbsolute(path) && !isStandIn(eyes, path) ? eyes.files.resolve(path) : null;
    const facts = real === null ? null : eyes.files.facts(real);
    if (facts?.kind !== "file" || (platform !== "win32" && (facts.mode & 0o111) === 0)) return false;
    const identity = `${facts.dev}:${facts.inode}`;
    return !seen.has(identity) && seen.add(identity);
  });
}

/** Git before 2.26 knows no `--show-scope`: a field less for each entry. */
async function configOf(eyes: Eyes, stand: Stand): Promise<readonly RawEntry[] | null> {
  const listing = await listConfig(eyes, stand);
  const withScope = readListing(eyes, stand, listing);
  if (Array.isArray(withScope)) return withScope;
  if (listing.code === null || withScope instanceof Unavailable === false) return null;
  const args = [...stand.trustArgs, "config", "--list", "-z", "--show-origin"];
  const older = await eyes.git.run({ args, cwd: stand.cwd });
  const fields = Buffer.from(older.stdout).toString("utf8").split("\0");
  const filled = fields.flatMap((field, at) =>
    at % 2 === 0 && at + 1 < fields.length ? ["unknown", field] : field,
  );
  const read = readListing(eyes, stand, { ...older, stdout: Buffer.from(filled.join("\0")) });
  return Array.isArray(read) ? read : null;
}

type Difference = Omit<OtherGit, "git">;

function otherHelpers(config: readonly RawEntry[], url: string, helper: string): Difference | null {
  const { helpers } = credentialRules(ruleEntries(config), url);
  const others = helpers.filter(({ value }) => value !== helper);
  if (others.length === 0 && helpers.length > 0) return null;
  const asked = others.map(({ of }) => `\`${of.entry.value}\``).join(", ");
  const what = helpers.length === 0 ? "asks no helper" : `asks ${asked} as well`;
  return { what, file: others[0]?.of.entry.file ?? null };
}

function header(config: readonly RawEntry[], url: string): Difference | null {
  const found = httpList(ruleEntries(config), "extraheader", url).find(
    ({ value }) => readAuthorization(value ?? "") !== null,
  );
  return found
    ? {
        what: `sends the credential in \`${found.of.entry.key}\` before any other`,
        file: found.of.entry.file,
      }
    : null;
}

function rewriting(config: readonly RawEntry[], url: string): Difference | null {
  const found = rewriteUrl(url, ruleEntries(config), "insteadof");
  const target = found === null ? null : splitUrl(found.url);
  if (found === null || (target?.host === splitUrl(url)?.host && !target?.password)) return null;
  return { what: `goes to \`${mask(found.url)}\` instead`, file: found.by.entry.file };
}

/** What every git of this machine would do with a URL that it should ask our helper alone for. */
export async function lookAtOtherGits(
  eyes: Eyes,
  stand: Stand,
  url: string,
  helper: string,
  gitAt: (program: string) => Git,
): Promise<OtherGit[]> {
  const found = await Promise.all(
    findGits(eyes).map(async (git) => {
      const config = await configOf({ ...eyes, git: gitAt(git) }, stand);
      if (config === null) return { git, what: "could not be asked for its configuration", file: null };
      const difference = rewriting(config, url) ?? header(config, url) ?? otherHelpers(config, url, helper);
      return difference === null ? null : { git, ...difference };
    }),
  );
  return found.filter((one) => one !== null);
}
