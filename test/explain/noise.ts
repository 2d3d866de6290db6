/** What stands around a message by the time somebody pastes it: one function per kind of noise. */

type Noise = (text: string) => string | Uint8Array;

function eachLine(text: string, change: (line: string, n: number) => string): string {
  return text.split("\n").map(change).join("\n");
}

function hardWrap(text: string, width: number): string {
  return eachLine(text, (line) => line.match(new RegExp(`.{1,${width}}`, "g"))?.join("\n") ?? "");
}

function wordWrap(text: string, width: number): string {
  return eachLine(text, (line) => {
    const rows: string[] = [""];
    for (const word of line.split(" ")) {
      const row = rows.at(-1) ?? "";
      if (row !== "" && row.length + word.length >= width) rows.push(word);
      else rows[rows.length - 1] = row === "" ? word : `${row} ${word}`;
    }
    return rows.join("\n");
  });
}

function utf16(text: string, order: "le" | "be", mark: boolean): Uint8Array {
  const bytes = new Uint8Array((text.length + 1) * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, order === "le");
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i + 2, text.charCodeAt(i), order === "le");
  return mark ? bytes : bytes.subarray(2);
}

function entities(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("'", "&#39;")
    .replaceAll('"', "&quot;")
    .replaceAll("<", "&lt;");
}

const T = "2026-08-02T10:11:12";

export const NOISES: Readonly<Record<string, Noise>> = {
  none: (text) => text,
  bytes: (text) => new TextEncoder().encode(text),
  CRLF: (text) => text.replaceAll("\n", "\r\n"),
  "CR only": (text) => text.replaceAll("\n", "\r"),
  BOM: (text) => `\ufeff${text}`,
  "UTF-8 BOM bytes": (text) => new TextEncoder().encode(`\ufeff${text}`),
  "UTF-16 LE": (text) => utf16(text, "le", true),
  "UTF-16 BE": (text) => utf16(text, "be", true),
  "UTF-16 LE without BOM": (text) => utf16(text, "le", false),
  "UTF-16 read as UTF-8": (text) => text.replace(/[\s\S]/g, "$&\0"),
  colours: (text) => eachLine(text, (line) => `\x1b[1;31m${line.replace(": ", ":\x1b[0m ")}\x1b[K`),
  "colours written out": (text) => eachLine(text, (line) => `^[[31m${line}^[[0m`),
  "colours without ESC": (text) => eachLine(text, (line) => `[31m${line}[0m`),
  "8-bit colours": (text) => eachLine(text, (line) => `\x9b31m${line}\x9b0m`),
  hyperlinks: (text) => text.replace(/https:\/\/[^\s']+/g, "\x1b]8;;$&\x1b\\$&\x1b]8;;\x1b\\"),
  "hyperlinks with BEL": (text) => text.replace(/https:\/\/[^\s']+/g, "\x1b]8;;$&\x07$&\x1b]8;;\x07"),
  progress: (text) => `Counting objects:  50% (1/2)\rCounting objects: 100% (2/2)\r${text}`,
  padding: (text) => eachLine(text, (line) => `${line}        `),
  "GitHub Actions": (text) => eachLine(text, (line) => `${T}.1234567Z ${line}`),
  "GitHub Actions error": (text) => eachLine(text, (line) => `${T}.1234567Z ##[error]${line}`),
  "gh run view --log": (text) => eachLine(text, (line) => `build\tRun actions/checkout\t${T}.1Z ${line}`),
  GitLab: (text) => eachLine(text, (line) => `${T}.123456Z 00O ${line}`),
  "GitLab sections": (text) =>
    `section_start:1754129472:get_sources\r\x1b[0K\x1b[0Ksources\n${text}\nsection_end:1754129499:get_sources\r\x1b[0K`,
  Jenkins: (text) => eachLine(text, (line) => `[${T}.123Z] ${line}`),
  "Jenkins clock": (text) => eachLine(text, (line) => `12:01:02  ${line}`),
  "Jenkins exception": (text) =>
    `hudson.plugins.git.GitException: Command "git version" returned status code 128:\nstdout: \nstderr: ${text}\n\n\tat org.jenkinsci.plugins.gitclient.CliGitAPIImpl.launchCommandIn(CliGitAPIImpl.java:2842)`,
  Pipelines: (text) => `+ umask 000\n\n+ echo start\n${text}\nBuild teardown script executed.`,
  "docker-compose": (text) => eachLine(text, (line) => `app_1  | ${line}`),
  "kubectl --prefix": (text) => eachLine(text, (line) => `[pod/web-5d/app] ${line}`),
  syslog: (text) => eachLine(text, (line) => `Aug  2 10:11:12 web1 deploy[4242]: ${line}`),
  "syslog, RFC 5424": (text) => eachLine(text, (line) => `<13>1 ${T}.000Z web1 deploy 4242 - - ${line}`),
  journald: (text) => eachLine(text, (line) => `${T}+0200 web1 deploy[4242]: ${line}`),
  log4j: (text) =>
    eachLine(text, (line) => `2026-08-02 10:11:12,123 ERROR [main] c.example.Deploy - ${line}`),
  logback: (text) => eachLine(text, (line) => `10:11:12.123 [worker-1] WARN  c.e.d.Deploy - ${line}`),
  "python logging": (text) => eachLine(text, (line) => `2026-08-02 10:11:12,123 - deploy - ERROR - ${line}`),
  Maven: (text) => eachLine(text, (line) => `[ERROR] ${line}`),
  npm: (text) => eachLine(text, (line) => `npm error ${line}`),
  "a prefix nobody knows": (text) => eachLine(text, (line) => `<<deploy@web1>> ${line}`),
  nested: (text) => eachLine(text, (line) => `${T}.1Z app_1  | [INFO] ${line}`),
  PowerShell: (text) =>
    `git.exe : ${text}\n    + CategoryInfo          : NotSpecified: (:String) [], RemoteException`,
  "Windows prompt": (text) =>
    `C:\\src\\yourrepo>\r\n${text.replaceAll("\n", "\r\n")}\r\n\r\nC:\\src\\yourrepo>`,
  Ansible: (text) =>
    `TASK [deploy : code] ****\nfatal: [web1]: FAILED! => ${JSON.stringify({ changed: false, msg: `Failed:\n${text}`, rc: 128, stderr: text, stderr_lines: text.split("\n") })}`,
  "Ansible, escaped twice": (text) =>
    `fatal: [web1]: FAILED! => {"msg": ${JSON.stringify(JSON.stringify(text))}}`,
  "Ansible, yaml": (text) =>
    `fatal: [web1]: FAILED! => changed=false\n  msg: |-\n${eachLine(text, (line) => `    ${line}`)}`,
  "structured log": (text) =>
    eachLine(text, (line) => JSON.stringify({ level: "error", time: `${T}Z`, msg: line })),
  "quoted mail": (text) => eachLine(text, (line) => `> ${line}`),
  "quoted twice": (text) => eachLine(text, (line) => `> > ${line}`),
  "Markdown fence": (text) => `It says:\n\n\`\`\`console\n${text}\n\`\`\`\n\nWhat now?`,
  indented: (text) => eachLine(text, (line) => `    ${line}`),
  "HTML entities": (text) => entities(text),
  "HTML entities twice": (text) => entities(entities(text)),
  "80 columns": (text) => hardWrap(text, 80),
  "100 columns": (text) => hardWrap(text, 100),
  "words at 72": (text) => wordWrap(text, 72),
  "words at 80": (text) => wordWrap(text, 80),
  "mail at 72": (text) => eachLine(wordWrap(text, 70), (line) => `> ${line}`),
  "no-break spaces": (text) => text.replaceAll(": ", ":\u00a0"),
  "zero-width": (text) => text.replaceAll("/", "/\u200b"),
  "line ends lost": (text) => text.replaceAll("\n", " "),
  "between others": (text) =>
    `make[1]: Entering directory '/srv/x'\nnpm warn deprecated har-validator@5.1.5\n\n${text}\n\nmake: *** [deploy] Error 128`,
};
