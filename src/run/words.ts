/** What a git command line says before its subcommand, and what in it is a URL or a name. Pure. */

/** Git's own options that take the next word (git(1)). */
const WITH_VALUE: ReadonlySet<string> = new Set([
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--config-env",
  "--exec-path",
  "--super-prefix",
  "--attr-source",
]);

export interface GitWords {
  /** Everything before the subcommand, to ask git in the same place with the same settings. */
  options: readonly string[];
  /** What `-C` says, in order. */
  folders: readonly string[];
  /** `--git-dir` and `--work-tree` as the variables they are the same as. */
  env: Readonly<Record<string, string>>;
  /** Keys of `-c` and `--config-env`. */
  settings: readonly string[];
  /** The subcommand and what follows. */
  rest: readonly string[];
}

const VARIABLES: Readonly<Record<string, string>> = {
  "--git-dir": "GIT_DIR",
  "--work-tree": "GIT_WORK_TREE",
};

interface Option {
  name: string;
  value: string | null;
  /** How many words it is. */
  length: number;
}

function optionAt(words: readonly string[], at: number): Option | null {
  const word = words[at] ?? "";
  if (!word.startsWith("-")) return null;
  const [, name = word, value = null] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  // `--exec-path` alone is a question and takes no word.
  const takesNext = value === null && WITH_VALUE.has(name) && name !== "--exec-path";
  return takesNext ? { name, value: words[at + 1] ?? "", length: 2 } : { name, value, length: 1 };
}

/** `words`: what follows `git`. */
export function readGitWords(words: readonly string[]): GitWords {
  const folders: string[] = [];
  const env: Record<string, string> = {};
  const settings: string[] = [];
  let at = 0;
  for (let option = optionAt(words, at); option !== null; option = optionAt(words, at)) {
    const { name, value, length } = option;
    const variable = VARIABLES[name];
    if (name === "-C" && value) folders.push(value);
    if (variable !== undefined && value !== null) env[variable] = value;
    if ((name === "-c" || name === "--config-env") && value) settings.push(value.split("=", 1)[0] ?? "");
    at += length;
  }
  return { options: words.slice(0, at), folders, env, settings, rest: words.slice(at) };
}
