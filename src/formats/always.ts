/**
 * Names of files that are looked at even where no telltale word is in them: what all formats say in `always`, written
 * down once more, as the formats themselves are not loaded until a file is looked at. A test compares them. Pure.
 */
export const ALWAYS: readonly string[] = [
  ".git-credentials",
  ".netrc",
  "SourceTree/hostingservices.plist",
  "SourceTree/hostingservices_new.plist",
  "_netrc",
  "credentials.xml",
  "git/credentials",
];
