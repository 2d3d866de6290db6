import { delimiter, isAbsolute } from "node:path";
import type { Environment } from "../core/setup.ts";
import { mask } from "../core/url.ts";
import type { RawEntry } from "./config.ts";
import type { Eyes } from "./world.ts";

type Askpass = NonNullable<Environment["askpass"]>;

function findProgram(eyes: Eyes, program: string): string | null {
  if (isAbsolute(program)) return eyes.files.resolve(program);
  for (const folder of (eyes.self.env.PATH ?? "").split(delimiter)) {
    const found = folder === "" ? null : eyes.files.resolve(`${folder}/${program}`);
    if (found !== null) return found;
  }
  return null;
}

/** Both put a script of their own into the environment, where it outlives them in tmux, screen and daemons. */
function editorOf(program: string): Askpass["editor"] {
  if (/intellij-(?:git|ssh)-askpass/.test(program)) return "jetbrains";
  return /vscode|code-server|[\\/]extensions[\\/]git[\\/]dist[\\/]/.test(program) ? "vscode" : null;
}

/** Its script asks the editor through a socket. */
function vscodeIsGone({ files, self }: Eyes): string | null {
  const socket = self.env.VSCODE_GIT_IPC_HANDLE;
  return socket && files.facts(socket) === null
    ? `the editor it asks is gone (\`${socket}\` does not exist)`
    : null;
}

/** Bytes; the script is a few lines. */
const LONGEST = 10_000;

/** Its script starts the IDE's own Java, which asks the IDE under a number that only the IDE's own git is told. */
function jetbrainsIsGone({ files, self }: Eyes, path: string): string | null {
  const bytes = (files.facts(path)?.size ?? 0) > LONGEST ? null : files.read(path);
  const java = /(?<=["'\s])(\/[^"'\n]*\/java(?:\.exe)?)(?=["'\s])/.exec(
    Buffer.from(bytes ?? []).toString("utf8"),
  )?.[1];
  if (java !== undefined && files.resolve(java) === null)
    return `the IDE it belongs to is gone (\`${java}\` does not exist)`;
  return self.env.INTELLIJ_GIT_ASKPASS_HANDLER === undefined
    ? "the IDE it belongs to answers only the Git commands it runs itself"
    : null;
}

function whyBroken(eyes: Eyes, program: string): string | null {
  const path = findProgram(eyes, program);
  if (path === null) return "there is no such program";
  const facts = eyes.files.facts(path);
  if (facts?.kind !== "file") return "it is not a program";
  if ((facts.mode & 0o111) === 0) return "it may not be executed";
  const editor = editorOf(program);
  if (editor === null) return null;
  return editor === "vscode" ? vscodeIsGone(eyes) : jetbrainsIsGone(eyes, path);
}

/** The program Git would ask: `GIT_ASKPASS`, `core.askPass`, `SSH_ASKPASS`, in this order; set but empty ends the search. */
export function readAskpass(eyes: Eyes, config: readonly RawEntry[]): Askpass | null {
  const configured = config.filter((raw) => raw.entry.key === "core.askpass").at(-1);
  const candidates: [string | null | undefined, string][] = [
    [eyes.self.env.GIT_ASKPASS, "GIT_ASKPASS"],
    [configured?.rawValue, "core.askPass"],
    [eyes.self.env.SSH_ASKPASS, "SSH_ASKPASS"],
  ];
  const first = candidates.find(([program]) => program !== undefined && program !== null);
  if (!first?.[0]) return null;
  const [program, from] = [first[0], first[1]];
  const reason = whyBroken(eyes, program);
  return { program: mask(program), from, works: reason === null, reason, editor: editorOf(program) };
}
