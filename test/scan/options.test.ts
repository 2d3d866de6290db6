/** What a scan can be asked for beside the walk: history, archives, the index, baselines, what is not told, formats. */
import { afterEach, describe, expect, test } from "bun:test";
import { mintAccessToken, mintApiToken, mintAppPassword } from "../../emulator/tokens.ts";
import type { Report } from "../../src/core/report.ts";
import { type EmulatedSandbox, makeSandbox, type Sandbox, withEmulator } from "../sandbox.ts";

const boxes: Sandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

function keep<T extends Sandbox>(box: T): T {
  boxes.push(box);
  return box;
}

async function reportOf(box: Sandbox, cwd: string, ...args: string[]): Promise<Report> {
  const { stdout, stderr } = await box.rekey(["scan", "--json", ...args], { cwd });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as Report;
}

const idsOf = ({ findings }: Report): string[] => findings.map(({ id }) => id);

async function committed(box: Sandbox, file: string, text: string): Promise<void> {
  box.write(`site/${file}`, text);
  await box.git(["add", "--all"], { cwd: "site" });
  await box.git(["commit", "--quiet", "--message", file], { cwd: "site" });
}

async function repository(): Promise<Sandbox> {
  const box = keep(makeSandbox());
  await box.git(["init", "--quiet", "site"]);
  await committed(box, "first.txt", "nothing\n");
  return box;
}

describe("history", () => {
  test("what a later commit took out is found, with its commit", async () => {
    const box = await repository();
    await committed(box, "deploy.env", `BB_TOKEN=${mintAccessToken()}\n`);
    const commit = (await box.git(["rev-parse", "HEAD"], { cwd: "site" })).stdout.trim();
    await box.git(["rm", "--quiet", "deploy.env"], { cwd: "site" });
    await box.git(["commit", "--quiet", "--message", "out"], { cwd: "site" });
    expect(idsOf(await reportOf(box, "site"))).toEqual([]);
    const { findings, scanned } = await reportOf(box, "site", "--history");
    expect(findings.map(({ id, severity }) => [id, severity])).toEqual([["credential-in-history", "error"]]);
    expect(findings[0]?.location).toMatchObject({ file: box.path("site/deploy.env"), line: 1 });
    expect(JSON.stringify(findings)).toContain(commit.slice(0, 12));
    expect(scanned?.complete).toBe(true);
  });
});

describe("--staged", () => {
  test("only what the next commit adds", async () => {
    const box = await repository();
    await committed(box, "old.txt", `${mintAppPassword()}\n`);
    box.write("site/new.txt", `${mintApiToken()}\n`);
    box.write("site/unstaged.txt", `${mintApiToken()}\n`);
    await box.git(["add", "new.txt"], { cwd: "site" });
    const { findings } = await reportOf(box, "site", "--staged");
    expect(findings.map(({ location }) => location?.file)).toEqual([box.path("site/new.txt")]);
  });

  test("is for a repository", async () => {
    const box = keep(makeSandbox());
    const ran = await box.rekey(["scan", "--staged"]);
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
    expect(ran.stderr).toContain("not in a Git repository");
  });
});

describe("archives", () => {
  test("are looked into on request", async () => {
    const box = keep(makeSandbox());
    box.write("in/home/.netrc", `machine bitbucket.org login ana password ${mintAppPassword()}\n`);
    await box.run(["tar", "-czf", "backup.tgz", "in"]);
    await box.run(["rm", "-r", "in"]);
    expect(idsOf(await reportOf(box, ".", box.home))).toEqual([]);
    const { findings } = await reportOf(box, ".", "--archives", box.home);
    expect(findings.map(({ id }) => id)).toEqual(["app-password-in-file"]);
    expect(findings[0]?.location?.file).toBe(box.path("backup.tgz"));
    expect(JSON.stringify(findings)).toContain("in/home/.netrc");
  });
});

describe("what is not told", () => {
  test("lines that say so, ignored files, and what the baseline knows: each is counted", async () => {
    const box = keep(makeSandbox());
    box.write("site/allowed.txt", `${mintAppPassword()} # rekey:allow\n`);
    box.write("site/fixtures/a.txt", mintAppPassword());
    box.write("site/.rekeyignore", "fixtures/\n");
    box.write("site/known.txt", mintAppPassword());
    const first = await reportOf(box, "site", "--write-baseline", "baseline.json", box.path("site"));
    expect(first.findings).toHaveLength(1);
    expect(first.scanned).toMatchObject({ allowed: 1, ignored: 1, known: 0 });
    box.write("site/new.txt", mintAppPassword());
    const second = await reportOf(box, "site", "--baseline", "baseline.json", box.path("site"));
    expect(second.findings.map(({ location }) => location?.file)).toEqual([box.path("site/new.txt")]);
    expect(second.scanned).toMatchObject({ allowed: 1, ignored: 1, known: 1 });
  });

  test("a baseline that is none is one sentence", async () => {
    const box = keep(makeSandbox());
    box.write("baseline.json", "{}");
    for (const file of ["baseline.json", "nowhere.json"]) {
      const ran = await box.rekey(["scan", "--baseline", file, "."]);
      expect([ran.code, ran.stdout]).toEqual([2, ""]);
      expect(ran.stderr.trim().split("\n")).toHaveLength(1);
    }
  });
});

test("each format is printed whole, with the same exit code and no secret", async () => {
  const box = keep(makeSandbox());
  const secret = mintAppPassword();
  box.write("x.sh", `git push https://ana:${secret}@bitbucket.org/acme/site.git\n`);
  const begins = {
    text: "✗",
    json: "{",
    ndjson: '{"type":"header"',
    sarif: "{",
    csv: '"severity"',
    html: "<!doctype",
  };
  for (const [format, begin] of Object.entries(begins)) {
    const ran = await box.rekey(["scan", "--format", format, box.home]);
    expect(ran.code, format).toBe(1);
    expect(ran.stdout.startsWith(begin), format).toBe(true);
    expect(ran.stdout + ran.stderr).not.toContain(secret);
    expect(ran.stderr).toBe("");
  }
});

describe("--verify", () => {
  const arrived = ({ emulator }: EmulatedSandbox) => emulator.log.length;

  test("asks once about a token in two files, and about no app password", async () => {
    const box = keep(await withEmulator());
    const url = (user: string, secret: string) => `https://${user}:${secret}@bitbucket.org/acme/site.git\n`;
    const token = box.emulator.secret("repository-token");
    box.write("a/x.sh", url("x-token-auth", token));
    box.write("b/y.sh", url("x-token-auth", token));
    box.write("c/z.sh", url("ana", box.emulator.secret("app-password")));
    const { findings } = await reportOf(box, ".", "--verify", "a", "b", "c");
    const said = findings.map(({ id, evidence }) => `${id}: ${evidence.map(({ what }) => what).join("; ")}`);
    expect(said.filter((one) => one.includes("Bitbucket accepts it"))).toHaveLength(2);
    expect(said.filter((one) => one.includes("Bitbucket refuses it"))).toHaveLength(1);
    expect(arrived(box)).toBe(1);
  });
});
