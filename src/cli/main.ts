import { VERSION } from "../core/version.ts";

const words = process.argv.slice(2);
const isHelper =
  words[0] === "credential" || /(?:^|[\\/])git-credential-rekey(?:\.exe)?$/.test(process.argv0);

// Each branch loads only what it needs: servers ask for the version often, and Git asks the helper at every fetch.
if (words.length === 1 && words[0] === "--version") {
  (await import("../world/output.ts")).openOutput(1).write(`git-rekey ${VERSION}\n`);
} else if (isHelper) {
  await (await import("../helper/main.ts")).helper(words);
} else {
  await (await import("./app.ts")).main(words);
}
