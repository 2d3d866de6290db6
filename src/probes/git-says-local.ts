/** Git's own words about the machine it runs on: repositories, owners, configuration files. Untranslated (`LC_ALL=C`). */

/** `fatal: detected dubious ownership in repository at '/srv/site'`: the path, or null. */
export function dubiousOwnership(stderr: string): string | null {
  return /detected dubious ownership in repository at '([^\n]*)'/.exec(stderr)?.[1] ?? null;
}

export function notARepository(stderr: string): boolean {
  return /not a git repository/i.test(stderr);
}

/** What Git could not read of its configuration: `bad config line 3 in file /x`, `unable to access '/x': Permission denied`. */
export function configProblem(stderr: string): { file: string; line: number | null; reason: string } | null {
  const bad = /bad config line (\d+) in (?:file )?(\S[^\n]*)/.exec(stderr);
  if (bad)
    return { file: bad[2] ?? "", line: Number(bad[1]), reason: `line ${bad[1]} is not valid configuration` };
  const value =
    /bad (?:numeric |boolean )?config value [^\n]* in (?:file )?(\S[^\n]*?)(?: at line (\d+))?$/m.exec(
      stderr,
    );
  if (value)
    return {
      file: value[1] ?? "",
      line: value[2] ? Number(value[2]) : null,
      reason: "it has a value Git does not accept",
    };
  const denied = /unable to access '([^\n']*)': ([^\n]*)/.exec(stderr);
  if (denied)
    return { file: denied[1] ?? "", line: null, reason: (denied[2] ?? "it cannot be read").toLowerCase() };
  return null;
}
