/** A new key, made by the system's own `ssh-keygen` in a folder that nobody else can look into. */
import { join } from "node:path";
import type { SecretShape } from "../../core/secret.ts";
import { openStateFolder } from "../../steps/state-folder.ts";
import { Foreground } from "../../world/foreground.ts";
import { Cancelled } from "../../world/terminal.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

export type KeyType = "ed25519" | "ecdsa" | "rsa";

export interface MadeKey {
  type: KeyType;
  /** As the vault has it. */
  private: SecretShape;
  public: string;
}

/** In the order of preference: what an old OpenSSH or FIPS refuses, the next one may do. */
const TYPES: readonly (readonly [KeyType, ...string[]])[] = [
  ["ed25519"],
  ["ecdsa", "-b", "256"],
  ["rsa", "-b", "3072"],
];

const OURS = /^new-key-(\d+)$/;

/** A run that was killed while it made a key has left it here. */
function sweep({ files, self }: Shell, state: string): void {
  for (const name of files.list(state) ?? []) {
    const pid = OURS.exec(name)?.[1];
    if (pid !== undefined && !self.isAlive(Number(pid))) empty({ files }, join(state, name));
  }
}

function empty({ files }: Pick<Shell, "files">, folder: string): void {
  for (const name of files.list(folder) ?? []) files.remove(join(folder, name));
  files.removeFolder(folder);
}

function argvFor(options: readonly string[], comment: string, file: string): string[] {
  const [type = "", ...size] = options;
  return ["ssh-keygen", "-q", "-t", type, ...size, "-C", comment, "-f", file];
}

function noKeygen(): Stop {
  return new Stop(
    EXIT.personNeeded,
    "there is no `ssh-keygen` here to make a key with; nothing has been changed",
    "`git rekey fix --with ssh --key FILE` takes a key that was made elsewhere",
  );
}

const lastLine = (text: string) => text.trim().split("\n").at(-1) ?? "";

/** The first type that `ssh-keygen` makes here; the key is there, without a passphrase. */
async function makeOpen(shell: Shell, comment: string, file: string): Promise<KeyType> {
  let why = "";
  for (const options of TYPES) {
    const made = await shell.tool([...argvFor(options, comment, file), "-N", ""]);
    if (made === null) throw noKeygen();
    if (made.code === 0) return options[0];
    why = lastLine(made.stderr) || why;
  }
  throw new Stop(EXIT.personNeeded, `\`ssh-keygen\` makes no key here: ${why}; nothing has been changed`);
}

/** The same with the passphrase that a person types, which only `ssh-keygen` hears. */
async function makeLocked(shell: Shell, type: KeyType, comment: string, file: string): Promise<void> {
  const options = TYPES.find(([one]) => one === type) ?? [type];
  shell.err("ssh-keygen asks for a passphrase for the new key; an empty one leaves the key open.\n");
  const foreground = new Foreground();
  try {
    const env = { ...shell.self.env, SSH_ASKPASS_REQUIRE: "never" };
    if (foreground.start(argvFor(options, comment, file), env) === null) throw noKeygen();
    const ended = await foreground.ended();
    if (foreground.heard !== null || "signal" in ended) throw new Cancelled();
    if (ended.code !== 0)
      throw new Stop(EXIT.personNeeded, "`ssh-keygen` made no key; nothing has been changed");
  } finally {
    foreground.release();
  }
}

function readText({ files }: Shell, file: string): string {
  return Buffer.from(files.read(file) ?? []).toString("utf8");
}

/** Makes a key and reads both halves; nothing of it is left behind. `asks`: a person may give it a passphrase. */
export async function makeKey(shell: Shell, comment: string, asks: boolean): Promise<MadeKey> {
  const { files, self } = shell;
  const state = openStateFolder(shell);
  sweep(shell, state);
  const folder = join(state, `new-key-${self.pid}`);
  files.createFolder(folder, 0o700);
  const file = join(folder, "key");
  try {
    const type = await makeOpen(shell, comment, file);
    if (asks) {
      for (const half of [file, `${file}.pub`]) files.remove(half);
      await makeLocked(shell, type, comment, file);
    }
    return { type, private: shell.vault.keep(readText(shell, file)), public: readText(shell, `${file}.pub`) };
  } finally {
    empty(shell, folder);
  }
}
