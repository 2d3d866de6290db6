/** What CI systems, containers, loggers and mail programs put in front of a line. */

const DATE = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?`;

/** In any order and any number, until none fits: they nest (a timestamp, then a container, then a level). */
const FORMS: readonly RegExp[] = [
  // gh run view --log: job, step, then the time
  /^[^\t]{1,100}\t[^\t]{1,100}\t(?=\d{4}-)/,
  // GitHub Actions, docker -t, kubectl --timestamps, Jenkins, log4j, python
  new RegExp(`^\\[?${DATE}\\]?(?:\\s+|$)`),
  /^\[?\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\]?\s+/,
  // GitHub Actions and Azure commands
  /^##\[[a-z]{1,20}\]/,
  /^::(?:error|warning|notice|debug)[^:]{0,200}::/,
  // GitLab: stream and stderr/stdout marks, sections
  /^\d\d[OE][ +]/,
  /^section_(?:start|end):\d{1,12}:[\w.-]{0,100}(?:\[[^\]]{0,100}\])?/,
  // Jenkins and other wrappers of Git
  /^std(?:err|out):\s*/,
  /^git(?:\.exe)? ?: (?=[A-Za-z])/,
  /^npm (?:error|ERR!|warn|WARN|verb|info)\b ?/,
  // docker-compose
  /^[\w.-]{1,64} {1,30}\| ?/,
  // syslog and journald, with and without the date before
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d (?=\S)/,
  /^<\d{1,3}>1 (?=\d{4}-)/,
  /^[\w.-]{1,64} [\w./@-]{1,64}\[\d{1,10}\]: /,
  /^[\w.-]{1,64} [\w./@-]{1,64} \d{1,10} (?:-|\S{1,32}) - /,
  // [pod/x/y], [main], [INFO], [stage]: any word in brackets
  /^\[[^\]"']{1,120}\]:?\s+/,
  // log4j, logback, python: level, logger, dash
  /^(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL)\b:? {0,5}(?=[-[\w])/,
  /^[\w$]{1,64}(?:\.[\w$]{1,64}){1,12}(?::\d{1,6})? {1,3}[-:] /,
  /^- (?:[\w.]{1,64} - )?/,
];

/** All of them as one pattern, because every line of a log goes through it. */
const PREFIX = new RegExp(`^\\s*(?:${FORMS.map(({ source }) => source.replace(/^\^/, "")).join("|")})`);

/** Quoting: it stands before every line of a mail, also of a broken one. */
const QUOTES = /^(?:\s{0,8}>{1,8} ?)+/;

/** The marks around a block of code: nothing of a log is in them. */
const FENCE = /^\s{0,8}(?:```|~~~)/;

/** `$` and `+` before an echoed command. */
const ECHO = /^(?:\++|\$|%) (?=\w)/;

export interface Unprefixed {
  text: string;
  /** Whether a log put something there: then the line is not the rest of the one before. */
  logged: boolean;
}

/** Whether a log put something in front of the line: the first that fits says so, without a look at the rest. */
export function isLogged(line: string): boolean {
  const text = line.replace(QUOTES, "");
  return FENCE.test(text) || PREFIX.test(text) || ECHO.test(text.trimStart());
}

/** The line without what was put in front of it. */
export function withoutPrefix(line: string): Unprefixed {
  let text = line.replace(QUOTES, "");
  if (FENCE.test(text)) return { text: "", logged: true };
  let logged = false;
  for (let round = 0; round < 12; round++) {
    const found = PREFIX.exec(text)?.[0];
    if (!found) break;
    logged = true;
    text = text.slice(found.length);
  }
  text = text.trimStart();
  const bare = text.replace(ECHO, "");
  return { text: bare, logged: logged || bare !== text };
}
