/** What was read from a file with every kind of credential is in no format, however it is written. */
import { expect, test } from "bun:test";
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintLegacyAppPassword,
  mintPassword,
} from "../../emulator/tokens.ts";
import { FILE_CHECKS } from "../../src/checks/in-files/index.ts";
import { findingOf } from "../../src/core/file-check.ts";
import { publish } from "../../src/core/report.ts";
import type { Spot } from "../../src/core/spot.ts";
import { csvText } from "../../src/report/csv.ts";
import { htmlText } from "../../src/report/html.ts";
import { ndjsonText } from "../../src/report/ndjson.ts";
import { sarifText } from "../../src/report/sarif.ts";
import { scanText } from "../../src/report/scan-text.ts";
import { baselineOf, baselineText } from "../../src/scan/baseline.ts";
import { keepShapes, lookAtText } from "../../src/scan/look.ts";
import { scanReport } from "./scan-example.ts";

const SECRETS = [
  mintAppPassword(),
  mintLegacyAppPassword(),
  mintApiToken(),
  mintAccessToken(),
  mintPassword(),
];

const SALT = new Uint8Array(16).fill(3);

function findings() {
  const text = SECRETS.map((secret) => `https://ana:${secret}@bitbucket.org/acme/site.git\n`).join("");
  const { seen } = lookAtText(new TextEncoder().encode(text), "/r/.git-credentials", keepShapes(SALT));
  const beside = { role: "source", readers: "everyone", tracked: true, history: null, alive: null } as const;
  const spots = seen.map((one): Spot => ({ ...one, ...beside }));
  return spots.flatMap((spot) => findingOf(spot, FILE_CHECKS) ?? []).map(publish);
}

const report = scanReport(findings());

const FORMATS: Readonly<Record<string, string>> = {
  table: scanText(report, { colour: true, width: 80 }, "/home/ana"),
  sarif: sarifText(report),
  csv: csvText(report),
  ndjson: ndjsonText(report),
  html: htmlText(report),
  baseline: baselineText(baselineOf(report.findings, "/r", SALT)),
};

test("all of them are found", () => {
  expect(report.findings).toHaveLength(SECRETS.length);
});

for (const [name, text] of Object.entries(FORMATS))
  test(`${name} tells of the place and holds no secret, not even half of one`, () => {
    expect(text).toContain(".git-credentials");
    for (const secret of SECRETS) {
      expect(text.includes(secret.slice(0, secret.length / 2))).toBe(false);
      expect(text.includes(secret.slice(secret.length / 2))).toBe(false);
    }
  });

test("what stands beside a secret and is the same is hidden, also where it holds a variable", () => {
  for (const secret of SECRETS) {
    const urls = [
      `https://${secret}:${secret}@bitbucket.org/acme/site.git`,
      `https://\${PREFIX}${secret}:${secret}@bitbucket.org/acme/site.git`,
      `https://ana:${secret}@bitbucket.org/acme/${secret}.git`,
    ];
    for (const url of urls) {
      const { seen } = lookAtText(Buffer.from(`${url}\n`), "/r/deploy.sh", keepShapes(SALT));
      expect(seen.map((one) => one.secret?.length)).toContain(secret.length);
      expect(JSON.stringify(seen)).not.toContain(secret.slice(6));
    }
  }
});
