import { VERSION } from "../core/version.ts";

const words = process.argv.slice(2);

if (words.length === 1 && words[0] === "--version") {
  // Answered without loading any command: servers ask it often.
  process.stdout.write(`git-rekey ${VERSION}\n`);
} else {
  const { main } = await import("./app.ts");
  await main(words);
}
