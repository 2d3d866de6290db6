/**
 * Makes the executable: `npm run build [-- FOLDER]`, default `dist`. The credential helper is the same program under
 * another name, so it is a link.
 */
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

const CHECKOUT = resolve(import.meta.dir, "..");

const OPTIONS = [
  "--compile",
  "--minify",
  "--bytecode",
  // What runs once is not worth compiling: a run of the tool is over before compiled code has paid for itself.
  "--compile-jit-policy=10",
  // In pieces, so that a command loads only what it needs: the helper and `--version` are asked for often.
  "--splitting",
  "--format=esm",
  // The working folder belongs to whoever wrote the repository under examination: nothing in it is obeyed.
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];

/**
 * The programs of our workers. In the executable each is found by its path from `src`, which is the innermost folder
 * that has all the programs.
 */
const WORKERS = ["src/scan/worker.ts"];

/**
 * Compiles a program into one executable, as ours is compiled, with those of its workers. Throws what `bun build` said
 * when it fails.
 */
export function compile(entry: string, executable: string, workers: readonly string[] = []): void {
  const bun = [process.execPath, "--no-env-file", `--config=${join(CHECKOUT, "bunfig.toml")}`];
  const { success, stdout, stderr } = Bun.spawnSync(
    [...bun, "build", ...OPTIONS, entry, ...workers, `--outfile=${executable}`],
    // Bun puts its half-made file where it is run: not into the checkout, which others may be reading.
    { cwd: dirname(executable), stdout: "pipe", stderr: "pipe" },
  );
  if (!success) throw new Error(`bun build failed:\n${stdout}${stderr}`);
}

/** Builds into a folder and gives the executable's path. Throws like `compile`. */
export function buildExecutable(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const executable = join(folder, "git-rekey");
  const workers = WORKERS.map((worker) => join(CHECKOUT, worker));
  compile(join(CHECKOUT, "src/cli/main.ts"), executable, workers);
  const helper = join(folder, "git-credential-rekey");
  rmSync(helper, { force: true });
  symlinkSync("git-rekey", helper);
  return executable;
}

if (import.meta.main) {
  console.log(buildExecutable(resolve(process.argv[2] ?? join(CHECKOUT, "dist"))));
}
