/** `token add` and `token rotate` at a terminal: every question, and what is never shown. */
import { afterEach, describe, expect, test } from "bun:test";
import type { EmulatedSandbox } from "../sandbox.ts";
import { CTRL_C, ENTER, type Ended, Session, type SessionOptions } from "../terminal/session.ts";
import { addToken, day, kept, listIn, somebody, TOKENS } from "./people.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

async function open(): Promise<EmulatedSandbox> {
  const box = await somebody();
  boxes.push(box);
  return box;
}

const ADD = ["git", "rekey", "token", "add"];
const PASTE = "shown): ";

/** Questions in the order in which they come, by words that no narrow terminal breaks apart, with answers. */
type Talk = readonly (readonly [question: string, answer: string])[];

const FIRST: Talk = [
  ["Will you push", `y${ENTER}`],
  ["Will programs", `y${ENTER}`],
  ["Place: ", `file${ENTER}`],
];

async function talk(
  box: EmulatedSandbox,
  argv: readonly string[],
  lines: Talk,
  options: SessionOptions = {},
) {
  const at = new Session(box, argv, options);
  for (const [question, answer] of lines) await at.answer(question, answer);
  return at.ended();
}

/** No piece of it long enough to be of use. */
function expectHidden({ raw, screen }: Ended, secret: string): void {
  for (const text of [raw, screen, screen.replace(/\s/g, "")])
    for (let at = 0; at + 12 <= secret.length; at++) expect(text).not.toContain(secret.slice(at, at + 12));
}

function tooLong(screen: string, columns: number): string[] {
  return screen.split("\n").filter((line) => {
    const words = line.trim().split(/\s+/);
    const isSign = (word: string) => /^([✗✓!·→…]|\d+\.)$/.test(word);
    return Bun.stringWidth(line) > columns && words.length - (isSign(words[0] ?? "") ? 1 : 0) > 1;
  });
}

describe("add", () => {
  test.each([100, 40])("from nothing to a token that Git gets, in %d columns", async (columns) => {
    const box = await open();
    const secret = box.emulator.secret("api-token");
    const ended = await talk(
      box,
      ADD,
      [
        ...FIRST,
        [PASTE, `${box.emulator.secret("app-password")}${ENTER}`],
        [PASTE, `${secret}${ENTER}`],
        ["out): ", `ana@acme.example${ENTER}`],
        ["unknown): ", `yesterday${ENTER}`],
        ["unknown): ", `200d${ENTER}`],
        ["[y/N] ", `y${ENTER}`],
      ],
      { columns },
    );
    expect({ code: ended.code, restored: ended.restored }).toEqual({ code: 0, restored: true });
    expectHidden(ended, secret);
    const words = ended.screen.replace(/\s+/g, " ");
    expect(words).toContain("open https://id.atlassian.com/manage-profile/security/api-tokens");
    expect(words).toContain(
      "tick `read:repository:bitbucket`, `write:repository:bitbucket` and `read:user:bitbucket` and nothing else",
    );
    expect(words).toContain('choose "Create API token with scopes"');
    expect(words).toContain("The keychain cannot be used: there is no keychain here");
    expect(words).toContain("the token is kept as plain text in your home folder that only you can read");
    expect(words).toContain("this is an app password");
    expect(words).toContain("`yesterday` is no day");
    expect(words).not.toContain("Press Enter to open");
    expect(tooLong(ended.screen, columns)).toEqual([]);
    expect(listIn(box).accounts).toMatchObject([
      { name: "ana", username: "ana", rights: ["pull", "push", "rest"], expires: day(200) },
    ]);
    expect(box.read(`${TOKENS}/ana-1`)).toBe(`${secret}\n`);
  });

  test("the page is opened where there is a screen: on Enter, or with --open", async () => {
    const box = await open();
    box.write("bin/xdg-open", '#!/bin/sh\necho "$#:$*" >>"$HOME/opened"\n', 0o755);
    const env = { DISPLAY: ":99", PATH: `${box.path("bin")}:${box.env.PATH}` };
    const until = [...FIRST, ["type n: ", ENTER], [PASTE, CTRL_C]] as const;
    expect((await talk(box, ADD, until, { env })).code).toBe(130);
    const page = "https://id.atlassian.com/manage-profile/security/api-tokens";
    expect(box.read("opened")).toBe(`1:${page}\n`);
    const declined = [...FIRST, ["type n: ", `n${ENTER}`], [PASTE, CTRL_C]] as const;
    await talk(box, ADD, declined, { env });
    expect(box.read("opened")).toBe(`1:${page}\n`);
    const asked = await talk(box, [...ADD, "--open"], [...FIRST, [PASTE, CTRL_C]], { env });
    expect(asked.screen).not.toContain("Press Enter to open");
    expect(box.read("opened")).toBe(`1:${page}\n1:${page}\n`);
    const headless = await talk(box, [...ADD, "--open"], [...FIRST, [PASTE, CTRL_C]], {
      env: { PATH: env.PATH },
    });
    expect(headless.screen).toContain("There is no screen here");
    expect(box.read("opened").split("\n")).toHaveLength(3);
  });

  test("for one repository, the other kind of token is offered, and taken", async () => {
    const box = await open();
    const secret = box.emulator.secret("repository-token");
    const argv = [...ADD, "--for", "acme/site", "--push", "--store", "file"];
    const ended = await talk(box, argv, [
      [PASTE, `${secret}${ENTER}`],
      ["unknown): ", `never${ENTER}`],
      ["[y/N] ", `y${ENTER}`],
    ]);
    expect(ended.code).toBe(0);
    expectHidden(ended, secret);
    expect(ended.screen).toContain("https://bitbucket.org/acme/site/admin/access-tokens");
    expect(listIn(box).accounts[0]).toMatchObject({ kind: "access-token", expires: null });
  });

  test("no repository here: one is asked for", async () => {
    const box = await open();
    const argv = [...ADD, "--pull", "--store", "file", "--expires", "9d"];
    const ended = await talk(
      box,
      argv,
      [
        [PASTE, `${box.emulator.secret("api-token")}${ENTER}`],
        ["out): ", ENTER],
        ["none): ", `acme/docs${ENTER}`],
        ["[y/N] ", `y${ENTER}`],
      ],
      { cwd: "" },
    );
    expect(ended.code).toBe(0);
    expect(box.emulator.log.map(({ path }) => path.split("?")[0])).toEqual(["/acme/docs.git/info/refs"]);
  });

  const questions: Talk = [
    ...FIRST,
    [PASTE, "token"],
    ["out): ", `ana@acme.example${ENTER}`],
    ["unknown): ", `9d${ENTER}`],
    ["[y/N] ", `y${ENTER}`],
  ];
  test.each(questions.map(([question], at) => [question, at] as const))(
    "Ctrl-C at %j: 130, nothing changed",
    async (_, at) => {
      const box = await open();
      const before = kept(box);
      const token = `${box.emulator.secret("api-token")}${ENTER}`;
      const lines = questions.map(
        ([question, answer]) => [question, answer === "token" ? token : answer] as const,
      );
      const ended = await talk(box, ADD, [...lines.slice(0, at), [questions[at]?.[0] ?? "", CTRL_C]]);
      expect({ code: ended.code, restored: ended.restored }).toEqual({ code: 130, restored: true });
      expect(ended.screen).toContain("git-rekey: cancelled; nothing has been changed");
      expect(kept(box)).toEqual(before);
    },
  );

  test("n at the plan: 130, nothing changed", async () => {
    const box = await open();
    const before = kept(box);
    const argv = [...ADD, "--pull", "--store", "file", "--expires", "9d", "--email", "ana@acme.example"];
    const ended = await talk(box, argv, [
      [PASTE, `${box.emulator.secret("api-token")}${ENTER}`],
      ["[y/N] ", `n${ENTER}`],
    ]);
    expect(ended.code).toBe(130);
    expect(kept(box)).toEqual(before);
  });
});

test("rotate: the new token, its last day, and a yes", async () => {
  const box = await open();
  await addToken(box, "api-token", "--email", "ana@acme.example");
  const { secret } = box.emulator.issue({
    kind: "api-token",
    owner: "ana",
    label: "newer",
    scopes: ["read:repository:bitbucket", "read:user:bitbucket"],
  });
  const ended = await talk(
    box,
    ["git", "rekey", "token", "rotate", "ana"],
    [[PASTE, `${box.emulator.secret("api-token")}${ENTER}`]],
  );
  expect(ended.code).toBe(4);
  expect(ended.screen).toContain("the token that `ana` has now");
  const again = await talk(
    box,
    ["git", "rekey", "token", "rotate", "ana"],
    [
      [PASTE, `${secret}${ENTER}`],
      ["unknown): ", `365d${ENTER}`],
      ["[y/N] ", `y${ENTER}`],
    ],
    { columns: 40 },
  );
  expect(again.code).toBe(0);
  expectHidden(again, secret);
  expect(tooLong(again.screen, 40)).toEqual([]);
  expect(listIn(box).accounts[0]).toMatchObject({ expires: day(365) });
  expect(box.read(`${TOKENS}/ana-2`)).toBe(`${secret}\n`);
});
