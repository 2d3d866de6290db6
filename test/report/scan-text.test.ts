import { expect, test } from "bun:test";
import { reasonText } from "../../src/report/scan-groups.ts";
import { scanText } from "../../src/report/scan-text.ts";
import type { Gap } from "../../src/scan/history.ts";
import { at, finding, HOSTILE, scanReport } from "./scan-example.ts";

const WIDE = { colour: false, width: 120 };

test("the whole of it, on a wide terminal", () => {
  const note = finding({
    ...at("/r/ci.yml", null),
    id: "credential-named",
    severity: "note",
    title: "A name",
  });
  const report = scanReport([note, finding(), finding(at("/r/a", 12))]);
  expect(scanText(report, WIDE, "/home/ana")).toBe(`/r
  origin  https://ana:‹secret›@bitbucket.org/acme/site.git  (HTTPS, with a secret in the URL)
  up  git@bitbucket.org:acme/site.git  (SSH)

✗ A token in a file  2 places${" ".repeat(78)}token-in-file
  why        Whoever reads the file can use it
  next       Revoke it, then run \`git rekey fix\`
  /r/deploy.sh:3  API token ‹6f1c›  An API token stands in the file
  /r/a:12         API token ‹6f1c›  An API token stands in the file

· A name  1 place${" ".repeat(87)}credential-named
  why        Whoever reads the file can use it
  next       Revoke it, then run \`git rekey fix\`
  /r/ci.yml  API token ‹6f1c›  An API token stands in the file

  read       12 files, 1 folder, 3.4 MB in 0.3 s
  passed     1 allowed by \`rekey:allow\`
  not read   2: no permission (/r/closed)
`);
});

test("a long group is cut, and says so", () => {
  const text = scanText(scanReport(Array.from({ length: 30 }, (_, i) => finding(at(`/r/${i}`)))), WIDE, null);
  expect(text).toContain("30 places");
  expect(text).toContain("and 10 more; `--format json` shows all");
  expect(text.match(/^ {2}\/r\//gm)).toHaveLength(20);
  expect(text.match(/Revoke it/g)).toHaveLength(1);
});

test("each thing to do stands once, above its places", () => {
  const findings = [finding(), finding({ ...at("/r/b"), next: "`chmod 600 /r/b`" }), finding(at("/r/c"))];
  const text = scanText(scanReport(findings), WIDE, null);
  const order = ["Revoke it", "/r/deploy.sh:3", "/r/c:1", "`chmod 600 /r/b`", "/r/b:1"].map((part) =>
    text.indexOf(part),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test("forty columns hold it", () => {
  const lines = scanText(
    scanReport([finding(), finding(at("/r/b"))], false),
    { colour: false, width: 40 },
    null,
  ).split("\n");
  const long = lines.filter((line) => line.length > 40 && line.trim().includes(" ") && !line.includes("@"));
  expect(long).toEqual([]);
});

test("a scan that was ended says so, and never that nothing is there", () => {
  const text = scanText(scanReport([], false), WIDE, null);
  expect(text).toContain("did not come to its end");
  expect(text).not.toContain("No Bitbucket credential");
  expect(scanText(scanReport([]), WIDE, null)).toContain("No Bitbucket credential was found");
});

test("what could not be read of a history is said in words", () => {
  const reasons: readonly Gap[] = [
    "cancelled",
    "corrupt",
    "git-failed",
    "look-failed",
    "partial-clone",
    "shallow",
  ];
  for (const why of reasons) expect(reasonText(`history-${why}`)).toMatch(/^[a-zA-Z- ]+ its history\b/);
});

test("names cannot move the cursor or add lines", () => {
  const plain = scanText(scanReport([finding(at("/r/x"))]), WIDE, null).split("\n").length;
  for (const name of HOSTILE) {
    const text = scanText(scanReport([finding(at(name))]), WIDE, null);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(text.split("\n")).toHaveLength(plain);
  }
});

test("colours are all there is to colour", () => {
  const report = scanReport([finding()]);
  const painted = scanText(report, { colour: true, width: 120 }, null);
  expect(painted).toContain("\u001b[");
  expect(painted.replace(/\u001b\[\d+m/g, "")).toBe(scanText(report, WIDE, null));
});
