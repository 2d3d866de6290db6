/** Whom a line of known_hosts is for. As OpenSSH's `match.c` and `hostfile.c` read it. */

export interface NameHash {
  /** HMAC-SHA-1, both salt and result in base64. */
  hmacSha1(salt: string, text: string): string;
}

/** `*` and `?` as in ssh: no escapes, no classes. Walks once for each `*`, so that no pattern is ever slow. */
function matchesPattern(name: string, pattern: string): boolean {
  let [at, next, star, mark] = [0, 0, -1, 0];
  while (at < name.length) {
    if (pattern[next] === "*") [star, mark] = [next++, at];
    else if (pattern[next] === "?" || pattern[next] === name[at]) [at, next] = [at + 1, next + 1];
    else if (star >= 0) [next, at, mark] = [star + 1, mark + 1, mark + 1];
    else return false;
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}

/** `|1|salt|hash` stands for one name. */
function matchesHash(names: string, host: string, hash: NameHash): boolean {
  const [, salt, hashed] = /^\|1\|([^|]+)\|([^|]+)$/.exec(names) ?? [];
  return salt !== undefined && hash.hmacSha1(salt, host) === hashed;
}

/** Of patterns, one that fits with `!` before it outdoes all others. */
function matchesList(names: string, host: string): boolean {
  let fits = false;
  for (const one of names.toLowerCase().split(",")) {
    const isNegated = one.startsWith("!");
    if (!matchesPattern(host, isNegated ? one.slice(1) : one)) continue;
    if (isNegated) return false;
    fits = true;
  }
  return fits;
}

/** Whether the names of a line speak of a host. */
export function namesHost(names: string, host: string, hash: NameHash): boolean {
  const name = host.toLowerCase();
  return names.startsWith("|") ? matchesHash(names, name, hash) : matchesList(names, name);
}

/**
 * The names without that host; null where nobody else is left. A pattern that fits it stands for others too, so it
 * gets an exception.
 */
export function withoutName(names: string, host: string): string | null {
  if (names.startsWith("|")) return null;
  const name = host.toLowerCase();
  const others = names.split(",").filter((one) => one.toLowerCase() !== name);
  if (!others.some((one) => one !== "" && !one.startsWith("!"))) return null;
  const rest = others.join(",");
  return matchesList(rest, name) ? `${rest},!${name}` : rest;
}
