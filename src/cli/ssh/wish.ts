/** Whose key is wanted: as the flags say, or as is usual here. */
import { resolve } from "node:path";
import { escapePath } from "../../core/escape-path.ts";
import type { SshChoice } from "../../core/plan.ts";
import type { SshGround, SshWish } from "../../core/ssh-choice.ts";
import { addSshHost, isWritable } from "../../formats/ssh-config.ts";
import { passingOverClosed } from "../../probes/world.ts";
import { EXIT, Stop } from "../exit.ts";
import type { Shell } from "../shell.ts";

/** What `--key` may name; of a file, whose it is by what Bitbucket said to it. */
export type KeyFlag = "person" | "access" | { file: string; as: SshChoice["as"] | null };

const notAKey = (file: string, why: string, hint: string | null = null) =>
  new Stop(EXIT.personNeeded, `\`${file}\` ${why}; nothing has been changed`, hint);

/** `--key person|access|FILE`. A file is the private half, whichever of the two was named. */
export function readKeyFlag(shell: Shell, text: string | undefined): KeyFlag | null {
  if (text === undefined) return null;
  if (text === "person" || text === "access") return text;
  const home = shell.self.home ?? "";
  const file = resolve(shell.self.cwd, text.replace(/^~(?=\/)/, home)).replace(/\.pub$/, "");
  const files = passingOverClosed(shell.files);
  const facts = files.facts(files.resolve(file) ?? file);
  if (facts === null || facts.kind !== "file")
    throw new Stop(
      EXIT.misuse,
      `\`--key\` takes \`person\`, \`access\` or the file of a key, and there is no \`${file}\``,
    );
  if (!isWritable(file))
    throw notAKey(file, "has a sign in its name that ssh's configuration cannot hold: give it a plain name");
  if ((facts.mode & 0o077) !== 0)
    throw notAKey(
      file,
      "can be read by others, so ssh does not use it",
      `\`chmod 600 ${escapePath(file)}\` closes it`,
    );
  if (files.facts(`${file}.pub`) === null)
    throw notAKey(
      file,
      "has no public half beside it, which Bitbucket is to be told",
      `\`ssh-keygen -y -f ${escapePath(file)} > ${escapePath(file)}.pub\` makes it`,
    );
  return { file, as: null };
}

interface Usual {
  push: boolean;
  /** A person works here and can be asked. */
  attended: boolean;
  /** A machine that serves, as far as that shows. */
  isServer: boolean;
}

/** Where nobody works, and where a server only pulls, a key for this repository alone; else a person's own. */
function usualKey({ push, attended, isServer }: Usual): "person" | "access" {
  return !attended || (isServer && !push) ? "access" : "person";
}

/** A named key of which Bitbucket knows nothing is whose a new one would be. */
export function wishFor(flag: KeyFlag | null, usual: Usual, type: SshWish["type"]): SshWish {
  const fallback = usualKey(usual);
  const { push, attended } = usual;
  const others = { isNamed: flag !== null, push, attended, type };
  if (flag === null) return { key: fallback, ...others };
  if (typeof flag === "string") return { key: flag, ...others };
  const whose = flag.as ?? (fallback === "access" ? "access-key" : "person");
  return { key: { file: flag.file, as: whose }, ...others };
}

/** What is in `.ssh`, and whose it is. */
export function readGround(shell: Shell, home: string): SshGround {
  const files = passingOverClosed(shell.files);
  const folder = files.facts(files.resolve(`${home}/.ssh`) ?? `${home}/.ssh`);
  const { uid } = shell.self;
  const isOpen = folder !== null && ((folder.mode & 0o022) !== 0 || (uid !== null && folder.uid !== uid));
  const config = files.read(`${home}/.ssh/config`) ?? new Uint8Array();
  return {
    names: files.list(`${home}/.ssh`) ?? [],
    isOpen,
    isTaken: (block) => !addSshHost(config, block).ok,
    isOwn(file) {
      const facts = files.facts(files.resolve(file) ?? file);
      if (facts === null) return file.startsWith(`${home}/`);
      return uid === null || facts.uid === uid;
    },
  };
}
