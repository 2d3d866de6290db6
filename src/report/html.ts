/** A scan as one page that needs nothing else: no script, no font, no picture from anywhere. Pure. */
import type { PublishedFinding, Report, Scanned } from "../core/report.ts";
import { counted, credentialText, groupsOf, reasonText, type ScanGroup, sizeText } from "./scan-groups.ts";
import { oneLine } from "./style.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** As text in an element or in a quoted attribute; control characters are made visible. */
function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** What stands in backticks as code. */
function prose(text: string): string {
  return escaped(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}

const CSS = `:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8886;overflow-wrap:anywhere}
code{font-family:ui-monospace,monospace}
.error{color:light-dark(#a40000,#ff8f8f)}.warning{color:light-dark(#7a4b00,#ffc46b)}
[role=alert]{border:2px solid;padding:.5rem 1rem}`;

function row(finding: PublishedFinding): string {
  const { location, what, next, evidence } = finding;
  const place =
    location === null ? "" : `${location.file}${location.line === null ? "" : `:${location.line}`}`;
  const facts = [what, ...evidence.map((one) => one.what)].map(prose).join("; ");
  const cells = [`<code>${escaped(credentialText(finding))}</code>`, facts, prose(next)];
  return `<tr><th scope="row"><code>${escaped(place)}</code></th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
}

function section({ id, severity, findings }: ScanGroup): string {
  const [first] = findings;
  const heads = ["Place", "Credential", "What", "Next"]
    .map((head) => `<th scope="col">${head}</th>`)
    .join("");
  return `<section>
<h2 class="${severity}">${severity}: ${escaped(first?.title ?? id)}</h2>
<p>${prose(first?.why ?? "")}</p>
<table>
<caption>${counted(findings.length, "place")}, <code>${escaped(id)}</code></caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${findings.map(row).join("\n")}
</tbody>
</table>
</section>`;
}

function totals(scanned: Scanned): string {
  const { files, folders, bytes, seconds, binary, unread, allowed, ignored, known } = scanned;
  const items = [
    `read: ${counted(files, "file")}, ${counted(folders, "folder")}, ${sizeText(bytes)} in ${seconds.toFixed(1)} s`,
    `only their beginning: ${counted(binary, "long binary file")}`,
    `passed over: ${allowed} allowed in their line, ${ignored} ignored, ${known} in the baseline`,
    ...unread.map(({ why, count, example }) => `not read: ${count}, ${reasonText(why)} (${example})`),
  ];
  return `<h2>How far it came</h2>\n<ul>\n${items.map((item) => `<li>${escaped(item)}</li>`).join("\n")}\n</ul>`;
}

export function htmlText(report: Report): string {
  const { findings, scanned, host, at } = report;
  const halted =
    scanned?.complete === false
      ? '<p role="alert"><strong>The scan did not come to its end: there may be more than is shown here.</strong></p>\n'
      : "";
  const body =
    groupsOf(findings).map(section).join("\n") ||
    "<p>No Bitbucket credential was found in what was read.</p>";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Bitbucket credentials on ${escaped(host)}</title>
<style>
${CSS}
</style>
</head>
<body>
<main>
<h1>Bitbucket credentials on ${escaped(host)}</h1>
<p>${escaped(at)}. No secret is in this page.</p>
${halted}${body}
${scanned === null ? "" : totals(scanned)}
</main>
</body>
</html>
`;
}
