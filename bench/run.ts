/**
 * Every claim about speed, measured again: `npm run bench`. Prints a ratio for each, beside its goal. The executable
 * is what people run, so it is what is measured; it is built first.
 */
import { join } from "node:path";
import { compare, type Side } from "./measure.ts";
import { type Stage, setStage } from "./stage.ts";

interface Claim {
  name: string;
  ours: (stage: Stage, program: string) => Side;
  theirs: (stage: Stage) => Side;
  /** At most this many times as long. */
  goal: number;
  pairs: number;
}

const side = (stage: Stage, words: readonly string[], codes?: readonly number[]): Side => ({
  name: words.join(" "),
  run: () => stage.run(words, codes),
});

const CLAIMS: readonly Claim[] = [
  {
    name: "doctor, against one plain git ls-remote on the same emulator",
    ours: (stage, program) => side(stage, [program, "doctor"]),
    theirs: (stage) => side(stage, ["git", "ls-remote", "origin"]),
    goal: 2,
    pairs: 21,
  },
  {
    name: "doctor --offline, against git config --list",
    // It cannot know whether Bitbucket answers, and says so with 3.
    ours: (stage, program) => side(stage, [program, "doctor", "--offline"], [3]),
    theirs: (stage) => side(stage, ["git", "config", "--list"]),
    goal: 10,
    pairs: 41,
  },
];

async function main(): Promise<void> {
  const root = join(import.meta.dir, "..");
  const built = Bun.spawnSync([process.execPath, "--no-env-file", join(root, "build", "executable.ts")], {
    cwd: root,
  });
  if (built.exitCode !== 0) throw new Error(`the executable could not be built: ${built.stderr.toString()}`);
  const program = join(root, "dist", "git-rekey");
  const stage = await setStage();
  try {
    for (const claim of CLAIMS) {
      const { ours, theirs, ratio, pairs } = await compare(
        claim.ours(stage, program),
        claim.theirs(stage),
        claim.pairs,
      );
      const verdict = ratio <= claim.goal ? "met" : "missed";
      console.log(`${claim.name}`);
      console.log(
        `  ${ratio.toFixed(2)}× (${ours.toFixed(1)} ms against ${theirs.toFixed(1)} ms, ${pairs} pairs); goal at most ${claim.goal}×: ${verdict}`,
      );
    }
  } finally {
    await stage.stop();
  }
}

await main();
