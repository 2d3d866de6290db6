import { PAGES, SOURCETREE_WITH_API_TOKENS } from "../core/bitbucket.ts";
import { type CannotTell, defineCheck, type Found } from "../core/check.ts";
import type { SourcetreePlatform } from "../core/sourcetree.ts";
import { sourcetree } from "./example.ts";

interface Args {
  platform: SourcetreePlatform;
  version: string;
}

type Version = readonly [number, number, number];

const UPDATE: Readonly<Record<SourcetreePlatform, string>> = {
  windows: "`Help > Check for Updates` in Sourcetree",
  macos: "`Sourcetree > Check for Updates…`",
};

const NAMES: Readonly<Record<SourcetreePlatform, string>> = { windows: "Windows", macos: "macOS" };

function isBefore(a: Version, b: Version): boolean {
  const differs = a.findIndex((part, i) => part !== b[i]);
  return differs >= 0 && (a[differs] ?? 0) < (b[differs] ?? 0);
}

export const sourcetreeTooOld = defineCheck<"sourcetree", Args>({
  id: "sourcetree-too-old",
  title: "This Sourcetree cannot sign in with an API token",
  needs: ["sourcetree"],
  find: ({ sourcetree }): Found<Args>[] | CannotTell => {
    if (sourcetree === null) return [];
    const { platform, version, accounts, kept } = sourcetree;
    if (version === null) return { cannotTell: "Sourcetree is here, and nothing tells its version" };
    if (!isBefore(version.number, SOURCETREE_WITH_API_TOKENS[platform])) return [];
    const text = version.number.join(".");
    const location = { file: version.file, line: null, scope: null };
    return [
      {
        args: { platform, version: text },
        // Without an account or a password for Bitbucket it may be there for other hosts.
        severity: accounts.length + kept.length > 0 ? "warning" : "note",
        confidence: "likely",
        cause: false,
        location,
        evidence: [
          { what: `Sourcetree is version ${text}`, source: { kind: "file", file: version.file, line: null } },
        ],
      },
    ];
  },
  explain: ({ platform, version }) => ({
    what: `Sourcetree ${version} is here, and on ${NAMES[platform]} API tokens need ${SOURCETREE_WITH_API_TOKENS[platform].join(".")}`,
    why: "older versions cannot be given an API token as an account: they say that they could not connect to Bitbucket; and app passwords are refused for good",
    next: `update it: ${UPDATE[platform]}, or from ${PAGES.sourcetree}; then remove its Bitbucket account and add it again with an API token`,
  }),
  typical: { platform: "windows", version: "3.4.12" },
  examples: () => ({
    broken: [
      { sourcetree: sourcetree({ version: { number: [3, 4, 23], file: "C:/app-3.4.23" } }) },
      {
        sourcetree: sourcetree({
          platform: "macos",
          version: { number: [4, 2, 9], file: "/Applications/Sourcetree.app/Contents/Info.plist" },
          accounts: [],
        }),
      },
    ],
    healthy: [
      { sourcetree: null },
      { sourcetree: sourcetree({ version: { number: [3, 4, 24], file: "C:/app-3.4.24" } }) },
      {
        sourcetree: sourcetree({
          platform: "macos",
          version: { number: [4, 10, 0], file: "/Applications/Sourcetree.app/Contents/Info.plist" },
        }),
      },
    ],
  }),
});
