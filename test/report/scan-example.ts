/** A scan's report with every hostile name a disk can hold. */
import type { PublishedFinding, Report } from "../../src/core/report.ts";

export const HOSTILE = [
  "/r/new\nline",
  "/r/\u001b[31mred\u001b[0m",
  `/r/"quotes" 'and' </script><img src=x>`,
  "/r/half\ud800 \u202egnp",
  "/r/50% #1?.env",
];

export function finding(more: Partial<PublishedFinding> = {}): PublishedFinding {
  return {
    id: "token-in-file",
    severity: "error",
    confidence: "certain",
    title: "A token in a file",
    what: "An API token stands in the file",
    why: "Whoever reads the file can use it",
    next: "Revoke it, then run `git rekey fix`",
    location: { file: "/r/deploy.sh", line: 3, scope: null },
    evidence: [],
    remedy: null,
    certainty: "literal-verified",
    credential: { kind: "api-token", length: 192, fingerprint: "6f1c" },
    ...more,
  };
}

export function at(file: string, line: number | null = 1): Partial<PublishedFinding> {
  return { location: { file, line, scope: null } };
}

export function scanReport(findings: readonly PublishedFinding[], complete = true): Report {
  const remote = { fetch: "unknown", push: "unknown", token: null, accessToken: null, ssh: null } as const;
  return {
    schema: "git-rekey/report@1",
    tool: { name: "git-rekey", version: "0.1.0" },
    at: "2026-11-25T13:00:00.000Z",
    host: "box",
    user: "ana",
    repositories: [
      {
        path: "/r",
        remotes: [
          { ...remote, name: "origin", url: "https://ana:‹secret›@bitbucket.org/acme/site.git" },
          { ...remote, name: "up", url: "git@bitbucket.org:acme/site.git" },
        ],
      },
    ],
    findings,
    ruledOut: [],
    notLooked: [],
    scanned: {
      roots: ["/r"],
      files: 12,
      folders: 1,
      bytes: 3_400_000,
      binary: 0,
      seconds: 0.25,
      unread: [{ why: "no-permission", count: 2, example: "/r/closed" }],
      complete,
      allowed: 1,
      ignored: 0,
      known: 0,
    },
  };
}
