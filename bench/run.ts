/**
 * Every claim about speed, measured again: `npm run bench`. Prints a ratio for each, beside its goal. The executable
 * is what people run, so it is what is measured; it is built first.
 */
import { join } from "node:path";
import { buildExecutable } from "../build/executable.ts";
import { compare, type Ratio } from "./measure.ts";
import { type Stage, setStage } from "./stage.ts";

interface Claim {
  name: string;
  ours: (stage: Stage, programs: Programs) => Promise<number>;
  theirs: (stage: Stage) => Promise<number>;
  /** A program that must be there for it. */
  needs?: string;
  /** At most this many times as long. Null: nothing of ours is in it, it says what the others can come to. */
  goal: number | null;
  pairs: number;
}

interface Programs {
  rekey: string;
  helper: string;
}

const HERE = "protocol=https\nhost=bitbucket.org\n\n";
const GITHUB = "protocol=https\nhost=github.com\n\n";
const ELSEWHERE = "protocol=https\nhost=git.acme.example\n\n";

const listConfig = ({ run }: Stage) => run(["git", "config", "--list"]);

const CLAIMS: readonly Claim[] = [
  {
    name: "doctor, against one plain git ls-remote on the same emulator",
    ours: ({ run }, { rekey }) => run([rekey, "doctor"]),
    theirs: ({ run }) => run(["git", "ls-remote", "origin"]),
    goal: 2,
    pairs: 21,
  },
  {
    name: "doctor --offline, against git config --list",
    // It cannot know whether Bitbucket answers, and says so with 3.
    ours: ({ run }, { rekey }) => run([rekey, "doctor", "--offline"], { code: 3 }),
    theirs: listConfig,
    goal: 10,
    pairs: 81,
  },
  {
    name: "an empty program, compiled the same way, against git config --list",
    ours: ({ run, empty }) => run([empty]),
    theirs: listConfig,
    goal: null,
    pairs: 41,
  },
  {
    name: "the credential helper, asked about another host, against an empty program",
    ours: ({ run }, { helper }) => run([helper, "get"], { stdin: ELSEWHERE }),
    theirs: ({ run, empty }) => run([empty]),
    goal: 1.6,
    pairs: 81,
  },
  {
    name: "the credential helper's get, against an empty program",
    ours: ({ run }, { helper }) => run([helper, "get"], { stdin: HERE }),
    theirs: ({ run, empty }) => run([empty]),
    goal: 1.6,
    pairs: 81,
  },
  {
    name: "the credential helper's get, against `gh auth git-credential get`",
    ours: ({ run }, { helper }) => run([helper, "get"], { stdin: HERE }),
    theirs: ({ run }) => run(["gh", "auth", "git-credential", "get"], { stdin: GITHUB }),
    needs: "gh",
    goal: 0.35,
    pairs: 41,
  },
];

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

function inWords({ ours, theirs, ratio, memory, pairs }: Ratio, goal: number | null): string {
  const verdict = goal === null ? "no goal" : `goal at most ${goal}×: ${ratio <= goal ? "met" : "missed"}`;
  const peaks = `peak ${megabytes(memory.ours)} MB against ${megabytes(memory.theirs)} MB`;
  const times = `${ours.toFixed(1)} ms against ${theirs.toFixed(1)} ms`;
  return `${ratio.toFixed(2)}× (${times}, ${peaks}, ${pairs} pairs); ${verdict}`;
}

async function main(): Promise<void> {
  const folder = join(import.meta.dir, "..", "dist");
  const programs = { rekey: buildExecutable(folder), helper: join(folder, "git-credential-rekey") };
  const stage = await setStage();
  try {
    for (const { name, ours, theirs, needs, goal, pairs } of CLAIMS) {
      if (needs !== undefined && Bun.which(needs) === null) {
        console.log(
          `${name}\n  not measured: there is no \`${needs}\` here; \`sudo npm run test:setup\` installs it`,
        );
        continue;
      }
      const ratio = await compare(
        () => ours(stage, programs),
        () => theirs(stage),
        pairs,
      );
      console.log(`${name}\n  ${inWords(ratio, goal)}`);
    }
  } finally {
    await stage.stop();
  }
}

await main();
