/** Sourcetree's accounts and kept passwords: that they are there, and whose. The passwords are sealed and stay so. */
import { GIT_HOST } from "../../core/bitbucket.ts";
import { bytesOf } from "../edited.ts";
import { baseName, type Format } from "../format.ts";
import { nameAt, type Sighting } from "../sighting.ts";
import { readAccountsJson, readHostingServices } from "../sourcetree.ts";

const FOLDER = /\/SourceTree\/(?:passwd|userhosts|accounts\.json|hostingservices(?:_new)?\.plist)$/i;

const RENEW =
  "remove the account in Sourcetree (4.2.13 or later on macOS, 3.4.24 on Windows), add it again with an API token, and take kept passwords away";

/** `ana@bitbucket.org` at the beginning of an entry of `passwd`, whose rest is sealed. */
const KEPT = /(?<![\w.-])(?:([^\s/@:"']{1,128})@)?bitbucket\.org(?![\w.-])/dgi;

function kept(text: string, name: string): Sighting[] {
  return [...text.matchAll(KEPT)].map((match) => {
    const [start, end] = match.indices?.[0] ?? [0, 0];
    const advice =
      "close Sourcetree, take the line of this entry out of the file, and sign in again where it asks, with an API token";
    return nameAt(match[0], "reference", {
      start,
      end,
      user: match[1] ?? null,
      use: "git",
      place: `a password that Sourcetree keeps in \`${name}\``,
      advice,
    });
  });
}

/** Accounts that sign in with a password: since July 2026 none of those works. Tokens and OAuth are as they should be. */
function accounts(text: string, isList: boolean): Sighting[] {
  const list = (isList ? readAccountsJson : readHostingServices)(bytesOf(text)) ?? [];
  return list
    .filter(({ host, auth }) => host.toLowerCase() === GIT_HOST && auth === "password")
    .flatMap(({ user }) => {
      if (user === null) return [];
      const start = Math.max(text.indexOf(user), 0);
      return [
        nameAt(user, "reference", {
          start,
          end: start + user.length,
          kind: "app-password",
          user,
          use: "both",
          place: "an account of Sourcetree that signs in with a password",
          advice: RENEW,
        }),
      ];
    });
}

function find(text: string, path: string): Sighting[] {
  const name = baseName(path);
  if (/^(?:passwd|userhosts)$/i.test(name)) return kept(text, name);
  return accounts(text, name.toLowerCase() === "accounts.json");
}

export const sourcetree: Format = {
  id: "sourcetree",
  title: "Sourcetree: accounts and kept passwords on macOS and Windows",
  claims: (path) => FOLDER.test(path),
  always: ["SourceTree/hostingservices.plist", "SourceTree/hostingservices_new.plist"],
  find,
  examples: () => {
    const windows = "C:/Users/ana/AppData/Local/Atlassian/SourceTree";
    const account = (user: string, auth: string, at: string): string =>
      `{"HostInstance":{"BaseUrl":"${at}"},"Credentials":{"$type":"SourceTree.${auth}","Username":"${user}"}}`;
    const uid = (index: number): string => `<dict><key>CF$UID</key><integer>${index}</integer></dict>`;
    return [
      {
        title: "an account with a password on Windows, beside one with OAuth",
        path: `${windows}/accounts.json`,
        text: () =>
          `[${account("ana", "Model.BasicAuthCredentials, SourceTree.Api.Account", "https://bitbucket.org/")},\n${account("ben", "Api.Account.OAuth.TwoZero.OAuthTwoZeroCredentials", "https://bitbucket.org/")}]\n`,
        finds: [{ line: 1, kind: "app-password", certainty: "reference", user: "ana", use: "both" }],
      },
      {
        title: "a password that Windows' Sourcetree keeps",
        path: `${windows}/passwd`,
        text: () => `dave@example.com ${"AQ".repeat(20)}\nana@bitbucket.org ${"Ag".repeat(20)}\n`,
        finds: [{ line: 2, kind: "unknown", certainty: "reference", user: "ana", use: "git" }],
      },
      {
        title: "an account with a password on macOS",
        path: "/Users/ana/Library/Application Support/SourceTree/hostingservices_new.plist",
        text: () =>
          `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>$objects</key><array>\n<string>$null</string>\n<dict><key>protocol</key><integer>0</integer><key>hostType</key><integer>0</integer><key>credential</key>${uid(2)}</dict>\n<dict><key>$class</key>${uid(3)}<key>username</key>${uid(4)}</dict>\n<dict><key>$classname</key><string>STBasicAuthCredential</string></dict>\n<string>ana</string>\n</array></dict></plist>\n`,
        finds: [{ line: 7, kind: "app-password", certainty: "reference", user: "ana", use: "both" }],
      },
      {
        title: "accounts elsewhere, and with a token",
        path: `${windows}/accounts.json`,
        text: () =>
          `[${account("ana", "Model.BasicAuthCredentials", "https://bitbucket.acme.test/")},${account("ana", "Api.Account.Pat.PersonalAccessTokenCredentials", "https://bitbucket.org/")}]\n`,
        finds: [],
      },
    ];
  },
};
