/**
 * Every claim about speed, measured again: `npm run bench`, or only some: `npm run bench -- claims`,
 * `scan` or `history`. Prints a
 * ratio for each, beside its goal. The executable is what people run, so it is what is measured; it is built first.
 */
import { join } from "node:path";
import { buildExecutable } from "../build/executable.ts";
import { benchHistory } from "./history.ts";
import { compare, median, type Ratio } from "./measure.ts";
import { benchScan } from "./scan.ts";
import { type Program, type Stage, setStage } from "./stage.ts";

interface Claim {
  name: string;
  ours: (stage: Stage, programs: Programs) => Program;
  theirs: (stage: Stage) => Program;
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

const listConfig = (): Program => ({ words: ["git", "config", "--list"] });
const nothing = ({ empty }: Stage): Program => ({ words: [empty] });
const answer = (_: Stage, { helper }: Programs): Program => ({ words: [helper, "get"], stdin: HERE });

const CLAIMS: readonly Claim[] = [
  {
    name: "doctor, against one plain git ls-remote on the same emulator",
    ours: (_, { rekey }) => ({ words: [rekey, "doctor"] }),
    theirs: () => ({ words: ["git", "ls-remote", "origin"] }),
    goal: 2,
    pairs: 21,
  },
  {
    name: "doctor --offline, against git config --list",
    // It cannot know whether Bitbucket answers, and says so with 3.
    ours: (_, { rekey }) => ({ words: [rekey, "doctor", "--offline"], code: 3 }),
    theirs: listConfig,
    goal: 10,
    pairs: 81,
  },
  {
    name: "an empty program, compiled the same way, against git config --list",
    ours: nothing,
    theirs: listConfig,
    goal: null,
    pairs: 41,
  },
  {
    name: "the credential helper, asked about another host, against an empty program",
    ours: (_, { helper }) => ({ words: [helper, "get"], stdin: ELSEWHERE }),
    theirs: nothing,
    goal: 1.6,
    pairs: 81,
  },
  {
    name: "the credential helper's get, against an empty program",
    ours: answer,
    theirs: nothing,
    goal: 1.6,
    pairs: 81,
  },
  {
    name: "the credential helper's get, against `gh auth git-credential get`",
    ours: answer,
    theirs: () => ({ words: ["gh", "auth", "git-credential", "get"], stdin: GITHUB }),
    needs: "gh",
    goal: 0.35,
    pairs: 41,
  },
];

function inWords({ ours, theirs, ratio, pairs }: Ratio, goal: number | null): string {
  const verdict = goal === null ? "no goal" : `goal at most ${goal}×: ${ratio <= goal ? "met" : "missed"}`;
  return `${ratio.toFixed(2)}× (${ours.toFixed(1)} ms against ${theirs.toFixed(1)} ms, ${pairs} pairs); ${verdict}`;
}

/** Peaks vary little. */
const PEAKS = 5;

async function peakOf(stage: Stage, program: Program): Promise<number | null> {
  const peaks: number[] = [];
  for (let i = 0; i < PEAKS; i++) peaks.push((await stage.peak(program)) ?? Number.NaN);
  const bytes = median(peaks);
  return Number.isNaN(bytes) ? null : bytes / 1e6;
}

async function memoryInWords(stage: Stage, ours: Program, theirs: Program): Promise<string> {
  const [own, other] = [await peakOf(stage, ours), await peakOf(stage, theirs)];
  if (own === null || other === null) return "peak memory not measured: there is no `time` here";
  return `peak memory ${own.toFixed(0)} MB against ${other.toFixed(0)} MB`;
}

async function benchClaims(programs: Programs): Promise<void> {
  const stage = await setStage();
  try {
    for (const { name, ours, theirs, needs, goal, pairs } of CLAIMS) {
      if (needs !== undefined && Bun.which(needs) === null) {
        console.log(
          `${name}\n  not measured: there is no \`${needs}\` here; \`sudo npm run test:setup\` installs it`,
        );
        continue;
      }
      const [own, other] = [ours(stage, programs), theirs(stage)];
      const ratio = await compare(
        () => stage.run(own),
        () => stage.run(other),
        pairs,
      );
      console.log(`${name}\n  ${inWords(ratio, goal)}\n  ${await memoryInWords(stage, own, other)}`);
    }
  } finally {
    await stage.stop();
  }
}

const folder = join(import.meta.dir, "..", "dist");
const programs = { rekey: buildExecutable(folder), helper: join(folder, "git-credential-rekey") };
const [only] = process.argv.slice(2);
if (only === undefined || only === "claims") await benchClaims(programs);
if (only === undefined || only === "scan") await benchScan(programs.rekey);
if (only === undefined || only === "history")
  await benchHistory((folder) => [programs.rekey, "scan", "--history", "--json", folder]);
