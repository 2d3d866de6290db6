/**
 * `git rekey scan` beside others on the same files: ripgrep, which only searches, and scanners, which look for secrets
 * of every kind and take so much longer that they get a smaller tree. Absolute times mean little here; the ratios of
 * each pair do.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compare, median } from "./measure.ts";
import { growTree, type Tree } from "./tree.ts";

const PATTERN = String.raw`ATBB|ATATT|ATCTT|bitbucket\.org`;

const PAIRS = 7;

/** Parts of ten thousand files. */
const SIZES = [1, 10, Number.POSITIVE_INFINITY];

interface Tool {
  name: string;
  /** The variable that names it where it is not on PATH. */
  variable: string;
  words: (program: string, folder: string, settings: string) => string[];
  /** At least this many times as long. */
  goal: number;
}

const SCANNERS: readonly Tool[] = [
  {
    name: "gitleaks",
    variable: "GITLEAKS",
    words: (program, folder) => [program, "dir", "--no-banner", "--exit-code=0", folder],
    goal: 50,
  },
  {
    name: "secretlint",
    variable: "SECRETLINT",
    words: (program, folder, settings) => [program, "--secretlintrc", settings, `${folder}/**/*`],
    goal: 100,
  },
];

/** Secretlint's settings: the rules its authors recommend, which must be installed beside it. */
const SECRETLINT_RULES = { rules: [{ id: "@secretlint/secretlint-rule-preset-recommend" }] };

/** Runs it to its end, whatever it finds (1) but not when it fails (2); its output goes to a file, as a pipe would slow it down. */
async function run(words: readonly string[], output: string): Promise<void> {
  const child = Bun.spawn([...words], { stdin: "ignore", stdout: Bun.file(output), stderr: "ignore" });
  const code = await child.exited;
  if (child.signalCode !== null || code > 1)
    throw new Error(`${words[0]} ended with ${child.signalCode ?? code}`);
}

async function peakOf(words: readonly string[], output: string): Promise<string> {
  if (Bun.which("time") === null) return "peak memory not measured: there is no `time` here";
  const peaks: number[] = [];
  for (let i = 0; i < 3; i++) {
    const child = Bun.spawn(["time", "-f", "%M", "-o", `${output}.peak`, ...words], {
      stdin: "ignore",
      stdout: Bun.file(output),
      stderr: "ignore",
    });
    await child.exited;
    // After a word about the exit code, where it is not 0.
    peaks.push(Number(readFileSync(`${output}.peak`, "utf8").trim().split("\n").at(-1)) / 1000);
  }
  return `peak memory ${median(peaks).toFixed(0)} MB`;
}

class Bench {
  readonly #scratch = mkdtempSync(join(tmpdir(), "git-rekey-bench-"));
  readonly #ours = join(this.#scratch, "ours");
  readonly #theirs = join(this.#scratch, "theirs");

  constructor(
    private readonly rekey: string,
    private readonly tree: Tree,
  ) {}

  #scan(folders: readonly string[]): string[] {
    return [this.rekey, "scan", "--json", ...folders];
  }

  /** Ripgrep on ten, a hundred and all two hundred thousand files. */
  async beside(ripgrep: string): Promise<void> {
    const { parts, files } = this.tree;
    for (const size of SIZES) {
      const folders = parts.slice(0, size);
      const count = size >= parts.length ? files : size * 10_000;
      const own = this.#scan(folders);
      const { ours, theirs, ratio, pairs } = await compare(
        () => run(own, this.#ours),
        () => run([ripgrep, "-uu", "--files-with-matches", PATTERN, ...folders], this.#theirs),
        PAIRS,
      );
      const verdict = size >= parts.length ? `; goal at most 1×: ${ratio <= 1 ? "met" : "missed"}` : "";
      console.log(
        `scan of ${count} files, against ripgrep\n` +
          `  ${ratio.toFixed(2)}× (${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms, ${pairs} pairs)${verdict}\n` +
          `  ${((count / ours) * 1000).toFixed(0)} files a second; ${await peakOf(own, this.#ours)}`,
      );
    }
  }

  /** Every planted credential is in the report of the very run that was timed. */
  async finds(): Promise<void> {
    const { planted, parts } = this.tree;
    await run(this.#scan(parts), this.#ours);
    const said = readFileSync(this.#ours, "utf8");
    const missed = planted.filter((path) => !said.includes(JSON.stringify(path)));
    console.log(`planted credentials found: ${planted.length - missed.length} of ${planted.length}`);
    for (const path of missed) console.log(`  missed: ${path}`);
  }

  /** A scanner on one part of the tree. */
  async against({ name, variable, words, goal }: Tool): Promise<void> {
    const program = process.env[variable] ?? Bun.which(name);
    if (program === null) {
      console.log(`scan, against ${name}\n  not measured: there is no \`${name}\` here, nor $${variable}`);
      return;
    }
    const [folder = ""] = this.tree.parts;
    const settings = join(this.#scratch, "secretlintrc.json");
    writeFileSync(settings, JSON.stringify(SECRETLINT_RULES));
    const { ratio, ours, theirs, pairs } = await compare(
      () => run(this.#scan([folder]), this.#ours),
      () => run(words(program, folder, settings), this.#theirs),
      3,
    );
    const times = 1 / ratio;
    console.log(
      `scan of 10000 files, against ${name}\n` +
        `  ${times.toFixed(0)} times as fast (${ours.toFixed(0)} ms against ${theirs.toFixed(0)} ms, ${pairs} pairs); ` +
        `goal at least ${goal}: ${times >= goal ? "met" : "missed"}`,
    );
  }

  end(): void {
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

/** Measures the scan with this executable. */
export async function benchScan(rekey: string): Promise<void> {
  console.log("copying a tree to scan");
  const tree = growTree();
  const bench = new Bench(rekey, tree);
  try {
    const size = `${tree.files} files, ${(tree.bytes / 1e9).toFixed(1)} GB`;
    console.log(tree.short === null ? size : `${size}: ${tree.short}`);
    const ripgrep = process.env.RIPGREP ?? Bun.which("rg");
    if (ripgrep === null)
      console.log("scan, against ripgrep\n  not measured: there is no `rg` here, nor $RIPGREP");
    else await bench.beside(ripgrep);
    await bench.finds();
    for (const scanner of SCANNERS) await bench.against(scanner);
  } finally {
    bench.end();
    tree.remove();
  }
}
