/** Writes the pages of `docs/` that the code itself tells: `npm run docs`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { commandFor, type Situation, WHY } from "../src/core/advice.ts";
import { ADVICE_EXAMPLES, type AdviceExample } from "../src/core/advice-examples.ts";
import { KIND_WORDS } from "../src/core/bitbucket.ts";
import { WAYS } from "../src/core/ways.ts";
import type { Example, Expected, Format, Samples } from "../src/formats/format.ts";
import { FORMATS } from "../src/formats/index.ts";

const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return [row(heads), row(heads.map(() => "---")), ...rows.map(row)].join("\n");
}

const SSH_WORDS: Readonly<Record<Situation["ssh"], string>> = {
  works: "a key works",
  open: "open",
  "open-443": "port 443 only",
  closed: "closed",
  "no-client": "no ssh",
  forbidden: "forbidden",
  unknown: "not tried",
};

function exampleRow({ title, situation, advice }: AdviceExample): string[] {
  const { push, repositories, rest, ssh } = situation;
  const command = commandFor(advice, situation);
  return [
    title,
    push ? "push" : "pull",
    repositories,
    rest ? "yes" : "no",
    SSH_WORDS[ssh],
    command === null ? "nothing to do" : `\`${command}\``,
    WHY[advice.reason],
  ];
}

/** docs/ways.md. */
export function waysPage(): string {
  const ways = WAYS.map(({ title, command, reaches, expires, rest, needs }) => [
    `**${title}**<br>\`${command}\``,
    reaches,
    expires,
    rest,
    needs,
  ]);
  return `# Which way to go

There are several ways to sign in to Bitbucket without an app password. \`git rekey explain solutions\` prints them for the
machine you are on, with the one that fits best first. \`git rekey fix\` without \`--with\` says the same in two lines before
it shows its plan.

${table(["Way", "What it reaches", "Expires", "REST", "Needs"], ways)}

A token of a project or a workspace would open several repositories and be nobody's account. It needs Bitbucket Premium, so
it is never advised; \`git rekey fix --with access-token\` takes one all the same.

## What the advice rests on

- **The machine**: one that people work on (a screen, macOS, Windows, WSL, an editor's terminal, pushes in the repository's
  own log, somebody at a terminal who has told Git their e-mail address), a server, a CI job, or a step of Bitbucket
  Pipelines.
- **Pull or push**: \`--push\`, a remote set up for pushing, or a push that Git has noted.
- **One repository or several**: remotes and submodules here, and checkouts of other repositories beside this one.
- **REST**: Composer packages from Bitbucket, Sourcetree, or variables that scripts read a credential from.
- **SSH**: whether there is an ssh that Git may use, whether it gets through on port 22 or 443, and whether a key that is
  here already can do what is wanted.

## Situations

The first rule that fits counts. A line that begins with "…" goes on from the one above it.

${table(["Who", "Direction", "Repositories", "REST", "SSH", "Advice", "Why"], ADVICE_EXAMPLES.map(exampleRow))}
`;
}

/** What stands for secrets on a page. */
const STAND_INS: Samples = {
  app: "‹app password›",
  legacy: "‹app password of 20 characters›",
  api: "‹API token›",
  access: "‹access token›",
  dataCenter: "‹token of a Data Center›",
};

function foundLine({ line, kind, certainty, trouble }: Expected): string {
  const what = kind === "unknown" ? "a credential" : KIND_WORDS[kind];
  return `line ${line}: ${what} (\`${certainty}\`${trouble ? `, \`${trouble}\`` : ""})`;
}

/** As a list's second paragraph; a fence that no example can close. */
function exampleBlock(example: Example): string {
  const found = example.finds.length === 0 ? "nothing" : example.finds.map(foundLine).join("; ");
  const text = example.text(STAND_INS).replace(/\n$/, "").replaceAll("\0", "␀");
  return `**${example.title[0]?.toUpperCase()}${example.title.slice(1)}** (\`${example.path}\`)\n\n\`\`\`\`\n${text}\n\`\`\`\`\n\nFound: ${found}.`;
}

function formatSection({ id, title, examples }: Format): string {
  return `## ${title}\n\nIn reports: \`${id}\`.\n\n${examples().map(exampleBlock).join("\n\n")}`;
}

/** docs/formats.md. */
export function formatsPage(): string {
  return `# Formats that a scan knows

In any text \`git rekey scan\` finds tokens by their form, URLs with a password, \`curl -u\` and its like, \`Authorization\`
headers, entries of a netrc, and variables with telling names. In the files below it knows more: which entry is
Bitbucket's, who signs in with it, and what has to stand there instead. The examples are also its tests.

${FORMATS.map(formatSection).join("\n\n")}
`;
}

function write(page: string, text: string): void {
  writeFileSync(join(import.meta.dir, "../docs", page), text);
}

if (import.meta.main) {
  write("ways.md", waysPage());
  write("formats.md", formatsPage());
}
