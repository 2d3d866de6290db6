import { existsSync } from "node:fs";
import { standingFolder } from "../accounts/folders.ts";
import { VERSION } from "../core/version.ts";
import { helper } from "../helper/main.ts";

const words = process.argv.slice(2);
const isHelper =
  words[0] === "credential" || /(?:^|[\\/])git-credential-rekey(?:\.exe)?$/.test(process.argv0);

/** A command of ours that was killed left something behind, or one is at work right now. */
async function putRight(): Promise<void> {
  const { env } = process;
  const folder = standingFolder({ env, home: env.HOME || env.USERPROFILE || null });
  if (folder === null || !existsSync(folder)) return;
  await (await import("./put-right.ts")).putRight();
}

// Git asks the helper at every fetch, so that one is here already; the rest loads only what it needs.
if (words.length === 1 && words[0] === "--version") {
  (await import("../world/output.ts")).openOutput(1).write(`git-rekey ${VERSION}\n`);
} else if (isHelper) {
  // The helper of a run is called while its run stands.
  if (!words.includes("--socket")) await putRight();
  await helper(words);
} else {
  await putRight();
  await (await import("./app.ts")).main(words);
}
