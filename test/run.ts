/**
 * `npm test`: types, lint, unused code, then every suite. The last line is `N passed, N failed`, with `, N skipped` if
 * something was. `npm test -- WORD…` runs only the suites whose path holds one of the words.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { buildExecutable } from "../build/executable.ts";

const CHECKOUT = resolve(import.meta.dir, "..");
const TOOLS = join(CHECKOUT, "node_modules/.bin");

/** How long one test may take: real git and a loaded machine need room, a test that hangs must not. */
const TIMEOUT = 60_000;

interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

const { CI = "" } = process.env;
const total: Count = { passed: 0, failed: 0, skipped: 0 };
/** What to say again at the end, where people look. */
const remarks: string[] = [];

/** Tests see nothing of this machine: a home of their own, no settings of Git, npm or Bun. */
function cleanEnvironment(scratch: string): Record<string, string> {
  const home = join(scratch, "home");
  const tmp = join(scratch, "tmp");
  for (const folder of [home, tmp]) mkdirSync(folder, { recursive: true });
  return {
    PATH: [TOOLS, process.env.PATH ?? ""].join(delimiter),
    HOME: home,
    TMPDIR: tmp,
    LC_ALL: "C.UTF-8",
    ...(CI === "" ? {} : { CI }),
    ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}),
  };
}

async function staticCheck(
  name: string,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<void> {
  const child = Bun.spawn([...argv], { cwd: CHECKOUT, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code === 0) {
    total.passed++;
    console.log(`✓ ${name}`);
    return;
  }
  total.failed++;
  remarks.push(`✗ ${name}`);
  console.log(`✗ ${name} (\`${argv.join(" ")}\`)\n${out}${err}`);
}

/** The packages of test/system/packages.txt whose program or file is not there. */
function missingPackages(): string[] {
  const lines = readFileSync(join(CHECKOUT, "test/system/packages.txt"), "utf8").split("\n");
  return lines.flatMap((line) => {
    const [name = "", program = ""] = line.trim().split(/\s+/);
    return name === "" || name.startsWith("#") || isThere(program) ? [] : [name];
  });
}

/** A file may be named by a pattern, as the folder of a library is called after the processor. */
function isThere(program: string): boolean {
  if (!program.startsWith("/")) return Bun.which(program) !== null;
  return existsSync(program) || !new Bun.Glob(program).scanSync({ followSymlinks: true }).next().done;
}

/** What a system suite may need that no package brings: to listen on ports that are root's on most machines. */
const LOW_PORTS = "low-ports";

function mayListenLow(): boolean {
  const file = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
  return process.getuid?.() === 0 || (existsSync(file) && Number(readFileSync(file, "utf8")) <= 22);
}

/** A machine that runs only tests is set up without asking; a person's own is not. */
function setUp(suites: readonly string[]): void {
  if (!suites.some(isSystemSuite)) return;
  if (CI === "" || process.getuid?.() !== 0 || missingPackages().length === 0) return;
  // With this machine's own environment: its proxy and its sources are what apt-get needs.
  Bun.spawnSync(["sh", join(CHECKOUT, "test/setup.sh")], {
    stdin: "ignore",
    stdout: "inherit",
    stderr: "inherit",
  });
}

/** `// Needs: git-lfs` in its first line names what a system suite needs; without it, it needs every package. */
function needsOf(suite: string): string[] | null {
  const [first = ""] = readFileSync(join(CHECKOUT, suite), "utf8").split("\n", 1);
  const named = /^\/\/ Needs: (.+)$/.exec(first)?.[1];
  return named?.split(/[\s,]+/) ?? null;
}

function isSystemSuite(suite: string): boolean {
  return suite.startsWith("test/system/");
}

function findSuites(words: readonly string[]): string[] {
  const all = [...new Bun.Glob("test/**/*.test.ts").scanSync({ cwd: CHECKOUT })].sort();
  return all.filter((suite) => words.length === 0 || words.some((word) => suite.includes(word)));
}

/** Those that can run here. The others lack a package and are counted as skipped. */
function withoutLacking(suites: readonly string[]): string[] {
  const missing = missingPackages();
  return suites.filter((suite) => {
    if (!isSystemSuite(suite)) return true;
    const lacks = missing.filter((name) => needsOf(suite)?.includes(name) ?? true);
    const hindered = needsOf(suite)?.includes(LOW_PORTS) && !mayListenLow();
    if (lacks.length === 0 && !hindered) return true;
    total.skipped++;
    remarks.push(
      lacks.length > 0
        ? `- ${suite} was skipped for want of ${lacks.join(", ")}: \`sudo npm run test:setup\``
        : `- ${suite} was skipped: only root may listen on port 22 here`,
    );
    return false;
  });
}

/** Colours only: what a failed test prints may hold any other sequence, and half of one. */
function withoutColours(text: string): string {
  return text.replace(/\u001b\[[\d;]*m/g, "");
}

/** Bun's own count at the end of its output; what failed to load is an error there, and a failure here. */
function readCount(output: string): Count {
  const plain = withoutColours(output).split("\n");
  const numberOf = (word: string) =>
    Number(
      plain
        .findLast((line) => new RegExp(`^ +\\d+ ${word}s?$`).test(line))
        ?.trim()
        .split(" ")[0] ?? 0,
    );
  return { passed: numberOf("pass"), failed: numberOf("fail"), skipped: numberOf("skip") + numberOf("todo") };
}

/** More than processors: a suite waits half of the time for a git, which waits for an emulator in turn. */
function workers(): number {
  const processors = availableParallelism();
  return processors + Math.min(4, Math.max(2, processors));
}

async function runSuites(suites: readonly string[], env: Record<string, string>): Promise<void> {
  if (suites.length === 0) return;
  const cache = join(CHECKOUT, ".cache");
  mkdirSync(cache, { recursive: true });
  const options = [
    `--parallel=${workers()}`,
    `--timeout=${TIMEOUT}`,
    "--only-failures",
    // The slowest suites start first, or the last worker would be busy long after the others.
    `--timings=${join(cache, "test-timings.json")}`,
    "--update-timings",
  ];
  const bun = [process.execPath, "--no-env-file", `--config=${join(CHECKOUT, "bunfig.toml")}`, "test"];
  const files = suites.map((suite) => `./${suite}`);
  const child = Bun.spawn([...bun, ...options, ...files], {
    cwd: CHECKOUT,
    env,
    stdin: "ignore",
    stdout: "inherit",
    stderr: "pipe",
  });
  let output = "";
  const decoder = new TextDecoder();
  for await (const part of child.stderr) {
    process.stdout.write(part);
    output += decoder.decode(part, { stream: true });
  }
  const code = await child.exited;
  const count = readCount(output);
  if (code !== 0 && count.failed === 0) {
    count.failed = 1;
    remarks.push(`✗ bun test ended with ${child.signalCode ?? code}`);
  }
  const failures = withoutColours(output)
    .split("\n")
    .filter((line) => line.startsWith("(fail) "));
  remarks.push(...failures.map((line) => `✗ ${line.slice(7)}`));
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
}

/** Enough for every sandbox of a run, with room to spare. */
const ROOM = 2 ** 30;

/**
 * Where tests write. Memory is kinder than a disk: the journal syncs after every line, and a run has thousands of
 * them. Not where programs may not be run from, or where there is little of it.
 */
function scratchBase(): string {
  const memory = "/dev/shm";
  if (process.env.TMPDIR !== undefined || !existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  const mayRun = Bun.spawnSync([
    "sh",
    "-c",
    'p=$1/rekey-probe-$$; printf "#!/bin/sh\\n" >"$p" && chmod 700 "$p" && "$p"; r=$?; rm -f "$p"; exit $r',
    "sh",
    memory,
  ]);
  return mayRun.exitCode === 0 && bavail * bsize > ROOM ? memory : tmpdir();
}

async function main(words: readonly string[]): Promise<boolean> {
  const scratch = mkdtempSync(join(scratchBase(), "rekey-tests-"));
  // Some tests become another user, who has to get through to a folder of their own.
  chmodSync(scratch, 0o711);
  // Bun's workers end without their exit handlers, so what tests left behind goes with the folder it is in.
  const clear = () => existsSync(scratch) && rmSync(scratch, { recursive: true, force: true });
  process.on("exit", clear);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => process.exit(130));

  const wanted = findSuites(words);
  setUp(wanted);
  const env = cleanEnvironment(scratch);
  if (words.length === 0) {
    await Promise.all([
      staticCheck("types", ["tsc", "--noEmit"], env),
      staticCheck("format and lint", ["biome", "check", "."], env),
      staticCheck("unused code", ["knip"], env),
    ]);
  }
  // The suites run what people run, which also starts in a third of the time the sources take.
  const programs = join(CHECKOUT, ".cache", "programs");
  buildExecutable(programs);
  env.GIT_REKEY_PROGRAMS = programs;
  const suites = withoutLacking(wanted);
  const unable = total.skipped > 0;
  await runSuites(suites, env);

  if (remarks.length > 0) console.log(`\n${remarks.join("\n")}`);
  const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
  console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
  // Where nobody looks on, a suite that could not run is a failure and not a remark.
  return total.failed === 0 && total.passed > 0 && !(unable && CI !== "");
}

process.exitCode = (await main(process.argv.slice(2))) ? 0 : 1;
