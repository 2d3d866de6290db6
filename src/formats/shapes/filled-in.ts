/** What a template engine or a shell puts into a text, as a part of patterns: `${{ name }}`, `{{ name }}`, `$(command)`. */
export const FILLED_IN =
  "\\$\\{\\{[^{}\\n]{0,200}\\}\\}|\\{\\{[^{}\\n]{0,200}\\}\\}|\\$\\([^()\\n]{0,200}\\)";

/** One word that somebody says, or what is put there, as a group of its own: it ends where a shell's word or a text's escape does. */
export const SAID_WORD = `((?:${FILLED_IN}|[^\\s"'\`\\\\|;&]){1,800})`;
