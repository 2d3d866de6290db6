import { VERSION } from "../core/version.ts";
import { helper } from "../helper/main.ts";

const words = process.argv.slice(2);
const isHelper =
  words[0] === "credential" || /(?:^|[\\/])git-credential-rekey(?:\.exe)?$/.test(process.argv0);

// Git asks the helper at every fetch, so that one is here already; the rest loads only what it needs.
if (words.length === 1 && words[0] === "--version") {
  (await import("../world/output.ts")).openOutput(1).write(`git-rekey ${VERSION}\n`);
} else if (isHelper) {
  await helper(words);
} else {
  await (await import("./app.ts")).main(words);
}
