import { expect, test } from "bun:test";
import { csvText } from "../../src/report/csv.ts";
import { htmlText } from "../../src/report/html.ts";
import { ndjsonText } from "../../src/report/ndjson.ts";
import { fileUri, sarifText } from "../../src/report/sarif.ts";
import { at, finding, HOSTILE, scanReport } from "./scan-example.ts";

const hostile = scanReport(HOSTILE.map((name) => finding(at(name))));

test("NDJSON: one object on each line, the last one the totals", () => {
  const lines = ndjsonText(hostile)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines.map(({ type }) => type)).toEqual(["header", ...HOSTILE.map(() => "finding"), "totals"]);
  expect(lines.at(-1)).toMatchObject({ findings: HOSTILE.length, scanned: { complete: true, files: 12 } });
  expect(lines[1].location.file).toBe(HOSTILE[0]);
});

test("CSV: quotes are doubled, lines end as they must, and nothing is a formula", () => {
  const text = csvText({
    findings: [finding({ ...at('/r/a"b'), title: "=cmd()", what: " @x", next: "-1" })],
  });
  expect(text).toBe(
    '"severity","id","certainty","kind","length","fingerprint","file","line","title","what","why","next"\r\n' +
      '"error","token-in-file","literal-verified","api-token",192,"6f1c","/r/a""b",1,' +
      `"'=cmd()","' @x","Whoever reads the file can use it","'-1"\r\n`,
  );
});

test("a page: nothing from elsewhere, nothing unescaped", () => {
  const page = htmlText(hostile);
  expect(page).not.toContain("</script>");
  expect(page).not.toContain("<img");
  expect(page).not.toMatch(/<script|<link|<[^>]*\ssrc=|url\(|https?:\/\//);
  expect(page).not.toContain("\u001b");
  expect(page).toContain('<th scope="row"><code>/r/new\\nline:1</code></th>');
  expect(page).toContain("<code>git rekey fix</code>");
  expect(page).toContain("color-scheme:light dark");
  expect(page).not.toContain('role="alert"');
  expect(htmlText(scanReport([], false))).toContain('<p role="alert">');
});

test("file URIs", () => {
  expect(fileUri("/r/50% #1?.env")).toBe("file:///r/50%25%20%231%3F.env");
  expect(fileUri("/r/new\nline")).toBe("file:///r/new%0Aline");
  expect(fileUri("/r/half\ud800")).toBe("file:///r/half%EF%BF%BD");
  expect(fileUri("C:\\a b\\c")).toBe("file:///C:/a%20b/c");
});

test("SARIF: rules, levels, places, and whether it came to its end", () => {
  const note = finding({ id: "credential-named", severity: "note", location: null });
  const findings = [note, finding(), finding(at("/r/deploy.sh", 9))];
  const [run] = JSON.parse(sarifText(scanReport(findings, false))).runs;
  expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual([
    "token-in-file",
    "credential-named",
  ]);
  expect(run.invocations[0].executionSuccessful).toBe(false);
  expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe("Not read: 2, no permission");
  expect(run.results.map((one: { level: string; ruleIndex: number }) => [one.level, one.ruleIndex])).toEqual([
    ["note", 1],
    ["error", 0],
    ["error", 0],
  ]);
  expect(run.results[0].locations).toEqual([]);
  expect(run.results[0].message.text).toBe(
    "An API token stands in the file; next: Revoke it, then run `git rekey fix`",
  );
  expect(run.results[1].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "file:///r/deploy.sh" },
    region: { startLine: 3 },
  });
});

test("SARIF: what makes a result the same holds no line, no fingerprint and no root", () => {
  const prints = (report: ReturnType<typeof scanReport>) =>
    JSON.parse(sarifText(report)).runs[0].results.map(
      (one: { partialFingerprints: Record<string, string> }) => one.partialFingerprints["gitRekeyPlace/v1"],
    );
  const before = prints(scanReport([finding(), finding(at("/r/deploy.sh", 9))]));
  const credential = { kind: "api-token", length: 192, fingerprint: "0000" } as const;
  const after = prints(
    scanReport([finding({ ...at("/r/deploy.sh", 5), credential }), finding(at("/r/deploy.sh", 8))]),
  );
  expect(before).toEqual(after);
  expect(new Set(before).size).toBe(2);
  expect(before[0]).toBe("token-in-file:deploy.sh:api-token:192:1");
});
