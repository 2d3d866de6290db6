/** The one way every scenario goes: refused, diagnosed, fixed, proven by real git, taken back, refused again. */
import { expect, test } from "bun:test";
import type { CheckId } from "../../src/core/ids.ts";
import type { Receipt } from "../../src/core/receipt.ts";
import type { Report } from "../../src/core/report.ts";
import { assertValid } from "../contracts/validate.ts";
import { CAUSES, type CauseName, sentBy } from "./causes.ts";
import { strayChanges } from "./changed-lines.ts";
import { type PlaceName, plant, plantAgain } from "./places.ts";
import { type Direction, encoded, type Ground, makeScene, type Scene } from "./scene.ts";

export interface Row {
  cause: CauseName;
  place: PlaceName;
  direction: Direction;
  /** Default: `plain`. */
  ground?: Ground;
  /** The first finding, where the place says more than the cause. */
  finding?: CheckId;
  /** For `fix`, after `--yes`. */
  flags?: readonly string[];
  /** Label of the new token. Default: `api-token`. */
  token?: string;
  /** What arrives last before the fix. Default: the cause's; null: nothing. */
  sends?: string | null;
  /** Nothing is typed: a good token is there already. */
  kept?: true;
  /** Git goes on using its store before the undo. */
  lived?: true;
}

/** A row as `[cause, place, direction, more]`, so that a table reads like one. */
export type Line = readonly [CauseName, PlaceName, Direction, Partial<Row>?];

function nameOf({ cause, place, direction, ground, flags, token, kept, lived }: Row): string {
  const more = [
    ground,
    kept && "nothing to type",
    flags?.join(" "),
    token === undefined ? null : `with ${token}`,
    lived && "Git goes on using it",
  ];
  return [cause, place, direction, ...more].filter(Boolean).join(" · ");
}

const last = (labels: readonly string[]): string | null => labels.at(-1) ?? null;

/** Real git is refused, and this arrived last. Files are as before afterwards. */
async function refusedWith(scene: Scene, { place, direction }: Row): Promise<string | null> {
  const before = scene.files();
  scene.box.emulator.clearLog();
  const ran = await scene.act(direction);
  expect(ran.code, ran.stderr).not.toBe(0);
  const arrived = last(scene.arrived().filter((label) => label !== "unknown"));
  // On 401 Git erases what it was given: the next step shall find it as a person has it who has not tried again.
  scene.restore(before);
  await plantAgain(scene, place);
  return arrived;
}

export async function diagnose(scene: Scene, direction: Direction): Promise<Report> {
  const push = direction === "push" ? ["--push"] : [];
  const { code, stdout, stderr } = await scene.rekey(["doctor", "--json", ...push]);
  expect(code, stdout + stderr).toBe(1);
  assertValid("report", stdout);
  return JSON.parse(stdout) as Report;
}

/** `fix --yes` with this token on stdin, and what its receipt says. */
export async function fix(
  scene: Scene,
  row: Pick<Row, "direction" | "flags">,
  token: string,
): Promise<Receipt> {
  const push = row.direction === "push" ? ["--push"] : [];
  const args = ["fix", "--yes", "--json", ...push, ...(row.flags ?? [])];
  const { code, stdout, stderr } = await scene.rekey(args, { stdin: `${token}\n` });
  expect(code, stdout + stderr).toBe(0);
  assertValid("receipt", stdout);
  const receipt = JSON.parse(stdout) as Receipt;
  expect(receipt.state).toBe("applied");
  for (const how of ["prove", "verify"]) {
    expect(receipt.proven).toContainEqual(
      expect.objectContaining({ how, direction: row.direction, result: "succeeded" }),
    );
  }
  expect(receipt.proven.filter(({ result }) => result !== "succeeded")).toEqual([]);
  return receipt;
}

/** Real git signs in with the new token, and the stale one never arrives again. */
export async function worksWith(scene: Scene, direction: Direction, token: string): Promise<void> {
  scene.box.emulator.clearLog();
  const ran = await scene.act(direction);
  expect(ran.code, ran.stderr).toBe(0);
  expect(last(scene.arrived())).toBe(token);
  if (scene.sent.label !== token) expect(scene.arrived()).not.toContain(scene.sent.label);
}

const OTHER = "https://late:entry@late.example";

/** What a machine does in the following weeks. */
async function liveOn(scene: Scene): Promise<void> {
  const approve = (host: string, user: string, password: string) =>
    scene.git(["credential", "approve"], {
      stdin: `protocol=https\nhost=${host}\nusername=${user}\npassword=${password}\n\n`,
    });
  await approve("late.example", "late", "entry");
  await approve("github.com", "ana", "hub/pass");
  await scene.act("fetch");
  await approve("gitlab.com", "new", "one");
}

function entriesOf(described: string | undefined): string[] {
  return (described ?? "").slice(5).split("\n").filter(Boolean).sort();
}

/** Per entry: the old ones are back, the new one is gone, what came meanwhile stays. */
function expectTakenBackByEntry(scene: Scene, before: Record<string, string>, added: string[]): void {
  const after = scene.files();
  for (const [file, described] of Object.entries(after)) {
    if (described === before[file]) continue;
    const wanted = [...entriesOf(before[file]), ...added].sort();
    expect([file, [...new Set(entriesOf(described))]]).toEqual([file, [...new Set(wanted)]]);
  }
  expect(Object.keys(before).filter((file) => after[file] === undefined)).toEqual([]);
}

async function takeBack(scene: Scene, row: Row, before: Record<string, string>): Promise<void> {
  if (row.lived) await liveOn(scene);
  const undone = await scene.rekey(["undo", "--yes", "--json"]);
  expect(undone.code, undone.stdout + undone.stderr).toBe(0);
  assertValid("receipt", undone.stdout);
  if (row.lived) expectTakenBackByEntry(scene, before, [OTHER, "https://new:one@gitlab.com"]);
  else expect(scene.files()).toEqual(before);
}

async function runScenario(row: Row): Promise<void> {
  const { cause, place, direction, ground = "plain", token = "api-token" } = row;
  await using scene = await makeScene(ground, sentBy(cause));
  const bare = scene.files();
  await plant(scene, place);
  await scene.finish();
  const before = scene.files();
  const stale = row.sends === undefined ? scene.sent.label : row.sends;
  expect(await refusedWith(scene, row)).toBe(stale);

  const report = await diagnose(scene, direction);
  expect(report.findings[0]?.id).toBe(row.finding ?? CAUSES[cause].finding);
  expect(scene.files()).toEqual(before);

  const secret = scene.box.emulator.secret(token);
  await fix(scene, row, row.kept ? "" : secret);
  expect(strayChanges({ bare: crlfAs(scene, bare), before, after: scene.files() }, secret)).toEqual([]);
  await worksWith(scene, direction, token);
  if (row.flags?.includes("file")) expectKeptByUs(scene, row, secret);

  await takeBack(scene, row, before);
  expect(await refusedWith(scene, row)).toBe(stale);
}

/** Git has told every helper what worked: nobody but git-rekey holds the token for it. */
function expectKeptByUs(scene: Scene, { kept }: Row, secret: string): void {
  // A token that was there before is in the backup of where it was.
  const counts = (path: string) => !kept || !path.includes("/git-rekey/receipts/");
  const holders = [secret, encoded(secret)].flatMap((form) => scene.filesWith(form)).filter(counts);
  expect(holders).toHaveLength(1);
  expect(holders[0]).toContain("/.local/share/git-rekey/tokens/");
}

/** The bare machine was looked at before its line ends were changed. */
function crlfAs({ ground, localConfig }: Scene, bare: Record<string, string>): Record<string, string> {
  if (ground !== "crlf") return bare;
  const files = [".gitconfig", localConfig];
  return Object.fromEntries(
    Object.entries(bare).map(([file, text]) => [
      file,
      files.includes(file) ? text.replaceAll("\n", "\r\n") : text,
    ]),
  );
}

/** Each line a test of its own. */
export function scenarios(lines: readonly Line[]): void {
  for (const [cause, place, direction, more = {}] of lines) {
    const row: Row = { cause, place, direction, ...more };
    test(nameOf(row), () => runScenario(row));
  }
}
