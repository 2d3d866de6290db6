/**
 * A hook can become git (`exec git fetch`), and then looks like one that Git started. What it would need to lead the
 * token elsewhere, or to write it down, shows in the environment. Pure.
 */

/**
 * What changes where Git sends a credential, or what it writes about it. Git sets none of these for its children; where
 * its programs are (`GIT_EXEC_PATH`) shows in their own paths.
 */
const TELLING =
  /^(?:GIT_(?:TRACE(?!2_PARENT)\w*|CURL_\w+|SSL_\w+|PROXY_\w+|HTTP_\w+|CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+|GLOBAL|SYSTEM|NOSYSTEM)|ALLOW_PROTOCOL)|HOME|XDG_CONFIG_HOME|LD_\w+|DYLD_\w+|SSL\w*|CURL\w*|\w+_proxy)$/i;

type Environment = ReadonlyMap<string, string>;

/** Settings that Git hands to its children in one variable: `'a.b=c'`, since 2.31 `'a.b'='c'`. */
function keysIn(parameters: string): string[] {
  return [...parameters.matchAll(/(?:^|\s)'([^'=]+)/g)].map(([, key = ""]) => key.toLowerCase());
}

const STEERING = /^(?:http|credential|core|remote|url|include|includeif|ssh|protocol|lfs)\./;

/** What the run itself gave. */
export interface Given {
  /** The environment of the git that was started. */
  env: Environment;
  /** Other values that some of Git's programs are given on purpose. */
  also: Environment;
  /** Keys of settings in the words of the command. */
  settings: readonly string[];
}

/** Whether a process below git sees the line to Bitbucket as git does. */
export function isUnaltered({ env, also, settings }: Given, found: Environment): boolean {
  const names = new Set([...env.keys(), ...found.keys()].filter((name) => TELLING.test(name)));
  for (const name of names) {
    const value = found.get(name);
    if (value !== env.get(name) && (value === undefined || value !== also.get(name))) return false;
  }
  const known = new Set([
    ...keysIn(env.get("GIT_CONFIG_PARAMETERS") ?? ""),
    ...settings.map((key) => key.toLowerCase()),
  ]);
  return keysIn(found.get("GIT_CONFIG_PARAMETERS") ?? "").every(
    (key) => known.has(key) || !STEERING.test(key),
  );
}
