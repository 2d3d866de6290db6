/** What stands where a secret would, in examples and templates. */

/** Values that people write in documentation. */
const WORDS =
  /^(?:user(?:name)?|pass(?:word|wd)?|pwd|secret|token|api[-_ ]?(?:token|key)|key|value|example|sample|test(?:ing)?|dummy|none|null|nil|undefined|true|false|empty|redacted|removed|masked|hidden|changeme|change[-_ ]?it|change[-_ ]?me|foo|bar|baz|foobar|abc|abc123|xyz|123456\d*|hunter2|s3cr3t|p@ss(?:w0rd)?|app[-_ ]?passw(?:or)?d|my[-_ ]?.*|your[-_ ]?.*|the[-_ ]?.*|some[-_ ]?.*|insert[-_ ].*|enter[-_ ].*|put[-_ ].*|replace[-_ ]?.*|fake.*|.*[-_ ]here|.*placeholder.*|.*example.*|todo.*|.*[-_]goes[-_].*)$/i;

/** One character again and again, or signs that no secret of Bitbucket has. */
const FILLERS = [/^(.)\1{2,}$/, /x{5,}/i, /\*{2,}/, /\.{3}|…/, /^[-_.*#?•]+$/, /%2a/i, /‹|›/];

/** Markup of templates and documentation: `<token>`, `{{ token }}`, `@@TOKEN@@`, `%TOKEN%`, `[token]`, `__TOKEN__`. */
const MARKUP = [
  /^<.*>?$/,
  /[<>]/,
  /^\{/,
  /^\[.*\]$/,
  /^@@.*@@$/,
  /^%[A-Za-z_]\w*%$/,
  /^__\w+__$/,
  /^&lt;/i,
  /^%3c/i,
];

/** Encrypted where it stands: SOPS (`ENC[AES256_GCM,…]`), Jasypt (`ENC(…)`), a sealed secret of Kubernetes. */
const ENCRYPTED = /^ENC[[(]|^Ag[A-D][A-Za-z0-9+/]{197,}={0,2}$/;

/**
 * What a program puts there at run time: `$NAME`, `${NAME}`, `$(command)`, `{{ name }}`, `%NAME%`, `#{ENV['NAME']}`,
 * `!vault`, `@@NAME@@`.
 */
const VARIABLE =
  /^(?:\\?\$\$?(?:[A-Za-z_][\w.:]*|\{+[^{}\n]{1,200}\}+|\([^()\n]{1,300}\)|\(\([^()\n]{1,300}\)\)|[0-9@*])|\{\{-?[^{}\n]{1,200}-?\}\}|\{%[^%\n]{1,200}%\}|%[A-Za-z_]\w*%|#\{[^{}\n]{1,200}\}|<%=?[^%\n]{1,200}%>|@@?\w+@@?|`[^`\n]{1,300}`|!(?:vault|secret|env|Ref|Sub)\b.*|(?:process\.env|os\.environ|ENV|env|secrets|credentials|params?|vars?|var|local|data|each)[.[(][^\n]{1,200})$/;

/** Whether a value is put there at run time. Quotes around it are taken off first. */
export function isVariable(text: string): boolean {
  return VARIABLE.test(unquoted(text));
}

/** Whether any part of a value is put there at run time: `$USER:$PASS`, `prefix-${NAME}`. */
export function holdsVariable(text: string): boolean {
  return isVariable(text) || /\$\{?[A-Za-z_]|\$\(|\{\{|%[A-Za-z_]\w*%|#\{|<%/.test(text);
}

/** Whether a value is only there to show where a secret would be. */
export function isPlaceholder(text: string): boolean {
  const bare = unquoted(text);
  if (bare.length < 4) return true;
  return (
    WORDS.test(bare) ||
    ENCRYPTED.test(bare) ||
    FILLERS.some((filler) => filler.test(bare)) ||
    MARKUP.some((markup) => markup.test(bare))
  );
}

/**
 * The name in a variable: `PASS` of `$PASS`, `${PASS:-}`, `{{ PASS }}`, `%PASS%`; the last word of a path such as
 * `secrets.PASS`. Null where there is none.
 */
export function variableName(text: string): string | null {
  const words = unquoted(text)
    .replace(/^\\?[$#%<{!@(`]+=?\s*/, "")
    .replace(/(?::?[-=?+]).*$/s, "")
    .match(/[A-Za-z_]\w*/g);
  if (words === null) return null;
  const telling = words.findLast((word) => /^[A-Z][A-Z0-9_]+$/.test(word) && word !== "ENV");
  return telling ?? words.at(-1) ?? null;
}

/** Without the quotes around it, also those that another language has escaped. */
export function unquoted(text: string): string {
  return text.trim().replace(/^\\*(["'`])([\s\S]*?)\\*\1$/, "$2");
}
