/** Real git, asked synchronously, with a home folder and a repository of its own: what `src/core` is compared with. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RuleEntry } from "../../src/core/git-rules.ts";
import { makeSandbox } from "../sandbox.ts";

/** One run of every generated test: the same configurations on every machine. */
export const SEED = { seed: 20260728 };

interface Told {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Asked {
  stdin?: string;
  env?: Readonly<Record<string, string>>;
}

/** Somebody whose `.git/config` is the configuration under test. */
export class Somebody implements Disposable {
  private readonly box = makeSandbox({ GIT_TERMINAL_PROMPT: "0" });
  readonly home = this.box.home;
  readonly repository = this.box.path("repository");

  constructor() {
    this.ask(["init", "-q", this.repository], {}, this.home);
  }

  ask(args: readonly string[], { stdin = "", env = {} }: Asked = {}, cwd = this.repository): Told {
    const ran = Bun.spawnSync(["git", ...args], {
      cwd,
      env: { ...this.box.env, LC_ALL: "C", ...env },
      stdin: Buffer.from(stdin),
    });
    return { code: ran.exitCode, stdout: ran.stdout.toString(), stderr: ran.stderr.toString() };
  }

  /** The same without waiting: for a git that talks to a server of this process. */
  async askServer(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Told> {
    const { code, stdout, stderr } = await this.box.git(args, { cwd: this.repository, env });
    return { code, stdout, stderr };
  }

  /** A file in the home folder; its path. */
  write(file: string, text: string): string {
    return this.box.write(file, text);
  }

  read(file: string): string {
    return this.box.exists(file) ? this.box.read(file) : "";
  }

  /** Makes this the repository's configuration; Git's own entries in the form its rules take them. */
  configure(text: string, env: Readonly<Record<string, string>> = {}): RuleEntry<number>[] {
    writeFileSync(
      join(this.repository, ".git/config"),
      `[core]\n\trepositoryformatversion = 0\n\tbare = false\n${text}`,
    );
    return this.entries(env);
  }

  /** The whole configuration, as git lists it; `of` is the number of the entry. */
  entries(env: Readonly<Record<string, string>> = {}): RuleEntry<number>[] {
    const { code, stdout, stderr } = this.ask(["config", "--list", "-z"], { env });
    if (code !== 0) throw new Error(`git does not understand the configuration: ${stderr}`);
    return stdout
      .split("\0")
      .slice(0, -1)
      .map((record, of) => ({ ...splitRecord(record), of }));
  }

  [Symbol.dispose](): void {
    // Nothing in it waits: the folder is gone when this returns.
    void this.box.remove();
  }
}

function splitRecord(record: string): Omit<RuleEntry<number>, "of"> {
  const newline = record.indexOf("\n");
  const key = newline < 0 ? record : record.slice(0, newline);
  const [first, last] = [key.indexOf("."), key.lastIndexOf(".")];
  return {
    section: key.slice(0, first),
    subsection: first === last ? null : key.slice(first + 1, last),
    name: key.slice(last + 1),
    value: newline < 0 ? null : record.slice(newline + 1),
  };
}

/** One section of a configuration file. `[name, null]` is a key without a value. */
export function section(
  name: string,
  subsection: string | null,
  lines: readonly (readonly [string, string | null])[],
): string {
  const head = subsection === null ? `[${name}]` : `[${name} "${subsection.replace(/["\\]/g, "\\$&")}"]`;
  const body = lines.map(([key, value]) => (value === null ? `\t${key}\n` : `\t${key} = ${quoted(value)}\n`));
  return `${head}\n${body.join("")}`;
}

function quoted(value: string): string {
  return `"${value.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
}
