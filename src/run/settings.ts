/** The settings that keep other credentials away for one command, and leave ours alone. Pure. */
import { GIT_HOST } from "../core/bitbucket.ts";
import { httpList, type RuleEntry } from "../core/git-rules.ts";
import { splitUrl } from "../core/url.ts";

const HOST = `https://${GIT_HOST}/`;

/** A header that signs somebody in; any other may be what a company's proxy wants. */
export function isAuthorization(value: string | null): boolean {
  return /^\s*(?:authorization|cookie)\s*:/i.test(value ?? "");
}

/** Where a reset has to stand: as specific as anything that holds a header, or Git would pass it over. */
function sectionsFor(config: readonly RuleEntry<unknown>[], urls: readonly string[]): string[] {
  const withHeader = config.flatMap(({ section, name, subsection }) =>
    section === "http" && name === "extraheader" && splitUrl(subsection ?? "")?.host === GIT_HOST
      ? [subsection ?? ""]
      : [],
  );
  const all = new Set([HOST, ...withHeader, ...urls]);
  return [...all].sort((a, b) => a.length - b.length);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

function headersFor(config: readonly RuleEntry<unknown>[], section: string): string[] {
  const kept = httpList(config, "extraheader", section).filter(({ value }) => !isAuthorization(value));
  const lines = kept.map(({ value }) => `\textraHeader = ${quoted(value ?? "")}\n`);
  return [`[http ${quoted(section)}]\n\textraHeader =\n`, ...lines];
}

/**
 * A configuration file to be included after all others. `urls`: what will be asked for. `helper`: as
 * `credential.helper` takes it.
 */
export function settingsFile(
  config: readonly RuleEntry<unknown>[],
  urls: readonly string[],
  helper: string,
): string {
  return [
    ...sectionsFor(config, urls).flatMap((section) => headersFor(config, section)),
    `[credential ${quoted(`https://${GIT_HOST}`)}]\n`,
    `\thelper =\n\thelper = ${quoted(helper)}\n\tuseHttpPath = true\n`,
  ].join("");
}

/** One more setting behind those that are in the environment already; none where Git cannot read these, and says so. */
export function withSetting(
  env: Readonly<Record<string, string | undefined>>,
  key: string,
  value: string,
): Record<string, string> {
  const { GIT_CONFIG_COUNT: given = "" } = env;
  if (!/^\d*$/.test(given)) return {};
  const count = Number(given);
  return {
    GIT_CONFIG_COUNT: String(count + 1),
    [`GIT_CONFIG_KEY_${count}`]: key,
    [`GIT_CONFIG_VALUE_${count}`]: value,
  };
}
