/** A person's machine on which Git is refused: what the scenarios set up and look at. */
import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type EmulatedSandbox, type Ran, type RunOptions, withEmulator } from "../sandbox.ts";

export type Direction = "fetch" | "push";

/** What the broken set-up sends. `label` is how the emulator's log calls it. */
export interface Sent {
  user: string;
  secret: string;
  label: string;
}

/** Where Git runs. */
export type Ground = "plain" | "bare" | "worktree" | "odd-path" | "crlf";

export const SITE = "https://bitbucket.org/acme/site.git";
export const API_USER = "x-bitbucket-api-token-auth";

/** Git's own new objects, what git-rekey keeps for itself, sockets. */
const NOT_COMPARED =
  /(^|\/)(objects|refs|logs|FETCH_HEAD|ORIG_HEAD|packed-refs|index)(\/|$)|^\.local\/state\/git-rekey|^\.cache/;

const PLAIN_REPOSITORY = "work/site";
const REPOSITORY: Readonly<Record<Ground, string>> = {
  plain: PLAIN_REPOSITORY,
  crlf: PLAIN_REPOSITORY,
  bare: "work/site.git",
  worktree: PLAIN_REPOSITORY,
  "odd-path": `work/it's "my" säite`,
};

const GITCONFIG = `# kept by hand
[user]
	name = Ana # not "ANA"
	email = ana@acme.example
[alias]
	st = status ; short
	who = "!git log --format=%an | sort -u"

[core]
    editor   =   vi
[url "git@github.com:"]
	insteadOf = gh:
[credential "https://github.com"]
	username = ana-at-github
`;

const LOCAL_CONFIG = `# the mirror
[remote "mirror"]
	url = https://github.com/acme/site.git
	fetch = +refs/heads/*:refs/remotes/mirror/*
[branch "main"]
	remote = origin
	merge = refs/heads/main
	description = "keep; me"
`;

/** None of them is Bitbucket Cloud, however alike the names are. */
const OTHER_ENTRIES_ABOVE = `https://ana:hub%2fpass@github.com
https://ana:dc@bitbucket.acme.example
`;
const OTHER_ENTRIES_BELOW = `# a line that is no entry
http://ana:plain@bitbucket.org.acme.example:8080
https://deploy:lab@gitlab.com/acme/site.git
`;

const NETRC_ABOVE = `# machines of the team
machine github.com
	login ana-at-github
	password hub-pass
`;
const NETRC_BELOW = `machine ftp.acme.example login ana password ftp-pass
macdef init
	cd /pub
	bin

`;

/** Percent-encoded as Git's `store` writes it. */
export function encoded(text: string): string {
  return encodeURIComponent(text).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}

export class Scene {
  /** Of the repository, within the home folder. */
  readonly repository: string;
  /** Where Git runs, within the home folder. */
  cwd: string;
  /** The file in which `store` keeps the other hosts' entries. */
  storeFile = ".git-credentials";
  private branches = 0;

  constructor(
    readonly box: EmulatedSandbox,
    readonly ground: Ground,
    readonly sent: Sent,
  ) {
    this.repository = REPOSITORY[ground];
    this.cwd = this.repository;
  }

  get gitDir(): string {
    return this.ground === "bare" ? this.repository : join(this.repository, ".git");
  }

  get localConfig(): string {
    return join(this.gitDir, "config");
  }

  /** The pair as it stands in a URL. */
  get pair(): string {
    return `${encoded(this.sent.user)}:${encoded(this.sent.secret)}`;
  }

  append(file: string, text: string, mode?: number): void {
    const before = this.box.exists(file) ? this.box.read(file) : "";
    this.box.write(file, before + text, mode ?? 0o644);
  }

  global(text: string): void {
    this.append(".gitconfig", text);
  }

  local(text: string): void {
    this.append(this.localConfig, text);
  }

  origin(url: string = SITE, more = ""): void {
    this.local(`[remote "origin"]\n\turl = ${url}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n${more}`);
  }

  /** Lines in a file of Git's `store`, among the other hosts' lines. `inUse`: first, where Git puts what worked. */
  stored(
    entries: readonly { user: string; secret: string; path?: string }[],
    file: string = this.storeFile,
    inUse = false,
  ): void {
    const lines = entries.map(({ user, secret, path }) => {
      return `https://${encoded(user)}:${encoded(secret)}@bitbucket.org${path === undefined ? "" : `/${path}`}\n`;
    });
    if (file === this.storeFile && file !== ".git-credentials") rmSync(this.box.path(".git-credentials"));
    const above = inUse ? [...lines, OTHER_ENTRIES_ABOVE] : [OTHER_ENTRIES_ABOVE, ...lines];
    this.box.write(file, above.join("") + OTHER_ENTRIES_BELOW, 0o600);
  }

  /** `below`: whether other machines come after it. */
  netrc(text: string, below = true): void {
    this.box.write(".netrc", NETRC_ABOVE + text + (below ? NETRC_BELOW : ""), 0o600);
  }

  git(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.box.git(args, { cwd: this.cwd, ...options });
  }

  rekey(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
    return this.box.rekey(args, { cwd: this.cwd, ...options });
  }

  /** What the person wants to do: fetch, or push a new branch each time. */
  act(direction: Direction, options: RunOptions = {}): Promise<Ran> {
    this.branches += 1;
    const push = ["push", "origin", `HEAD:refs/heads/topic-${this.branches}`];
    return this.git(direction === "fetch" ? ["fetch", "origin"] : push, options);
  }

  /** The labels that arrived by Git or by asking like Git, oldest first. */
  arrived(): string[] {
    return this.box.emulator.log.flatMap(({ credential }) => credential ?? []);
  }

  /** All files, but for those that Git and git-rekey may always write. */
  files(): Record<string, string> {
    return this.box.snapshot(this.box.home, (path) => NOT_COMPARED.test(path));
  }

  /** A real commit with nothing in it. */
  private async makeRepository(): Promise<void> {
    const bare = this.ground === "bare" ? "--bare" : "";
    const script = `git init -q -b main ${bare} "$1" && cd "$1" &&
      git update-ref refs/heads/main "$(git commit-tree -m First "$(git mktree </dev/null)")"`;
    const made = await this.box.run(["sh", "-c", script, "sh", this.box.path(this.repository)]);
    if (made.code !== 0) throw new Error(made.stderr);
  }

  /** The machine before anything of Bitbucket's is on it. */
  async furnish(): Promise<void> {
    mkdirSync(this.box.path("work"), { recursive: true });
    await this.makeRepository();
    this.box.write(".gitconfig", GITCONFIG);
    this.local(LOCAL_CONFIG);
    this.box.write(".git-credentials", OTHER_ENTRIES_ABOVE + OTHER_ENTRIES_BELOW, 0o600);
    this.netrc("");
  }

  /** After everything is planted. */
  async finish(): Promise<void> {
    if (this.ground === "crlf") {
      for (const file of [".gitconfig", this.localConfig]) {
        this.box.write(file, this.box.read(file).replaceAll("\n", "\r\n"));
      }
    }
    if (this.ground === "worktree") {
      const made = await this.git(["worktree", "add", "-q", "-b", "side", "../side"]);
      if (made.code !== 0) throw new Error(made.stderr);
      this.cwd = "work/side";
    }
  }

  /** Puts files back as a snapshot has them: Git erases what was answered 401 when it is only tried out. */
  restore(snapshot: Readonly<Record<string, string>>): void {
    for (const [file, described] of Object.entries(snapshot)) {
      const mode = Number.parseInt(described.slice(0, 4), 8);
      if (described.endsWith(" folder") || described.startsWith("link to ") || Number.isNaN(mode)) continue;
      const path = this.box.path(file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, Buffer.from(described.slice(5), "latin1"));
      chmodSync(path, mode);
    }
  }

  /** Every file of the home folder that holds the text, git-rekey's own backups included. */
  filesWith(text: string, folder: string = this.box.home): string[] {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return this.filesWith(text, path);
      return entry.isFile() && this.box.read(path).includes(text) ? [path] : [];
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.box.remove();
  }
}

/** A furnished machine with an emulator of its own. */
export async function makeScene(ground: Ground, sentBy: (box: EmulatedSandbox) => Sent): Promise<Scene> {
  const box = await withEmulator();
  const scene = new Scene(box, ground, sentBy(box));
  await scene.furnish();
  return scene;
}
