/**
 * `demo-break`: a script in the shell asks, this process prepares. They speak through a folder, which needs nothing
 * but a POSIX shell on the other side.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { quoted } from "./own-command.ts";
import { prepare } from "./prepare.ts";
import { SET_UPS } from "./set-ups.ts";
import type { Stage } from "./stage.ts";
import { table } from "./tokens.ts";

/** Milliseconds between two looks into the folder. */
const PATIENCE = 50;

interface Answer {
  text: string;
  /** How the asking script ends. */
  how: "told" | "failed";
}

function script(folder: string, list: string): string {
  return `#!/bin/sh
# Makes a broken set-up to practise on, or lists them.
[ $# -eq 0 ] && exec cat ${quoted(list)}
ask=${quoted(folder)}/$$
printf '%s' "$1" >"$ask.new" && mv "$ask.new" "$ask.ask" || exit 2
until [ -e "$ask.told" ] || [ -e "$ask.failed" ]; do
  kill -0 ${process.pid} 2>/dev/null || exit 2
  sleep 0.1
done
if [ -e "$ask.told" ]; then cat "$ask.told" && rm -f "$ask.told"; exit 0; fi
cat "$ask.failed" >&2
rm -f "$ask.failed"
exit 2
`;
}

/** Answers one request. Never throws: the person asked, so the person is told. */
async function serveRequest(stage: Stage, name: string): Promise<Answer> {
  const setUp = SET_UPS.find((one) => one.name === name);
  if (setUp === undefined)
    return { text: `demo-break: there is no set-up \`${name}\`; \`demo-break\` lists them\n`, how: "failed" };
  try {
    const folder = await prepare(stage, setUp);
    const place = folder.replace(stage.sandbox.home, "~");
    const text = `${setUp.sentence}\n\n  cd ${place}\n  git ${setUp.fails.join(" ")}\n  git rekey doctor\n`;
    return { text, how: "told" };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { text: `demo-break: the set-up could not be made (${why})\n`, how: "failed" };
  }
}

/** One request after the other, because they share the home folder. */
async function serveAll(stage: Stage, folder: string): Promise<void> {
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".ask"))) {
    const path = join(folder, file);
    const name = readFileSync(path, "utf8");
    rmSync(path);
    const { text, how } = await serveRequest(stage, name);
    const answer = path.replace(/ask$/, how);
    writeFileSync(`${answer}.new`, text);
    renameSync(`${answer}.new`, answer);
  }
}

/** Opens the counter and puts the command on PATH. */
export function openCounter(stage: Stage): { close(): Promise<void> } {
  const { root } = stage.sandbox;
  const folder = join(root, "requests");
  mkdirSync(folder, { mode: 0o700 });
  const list = join(root, "set-ups.txt");
  writeFileSync(list, table(SET_UPS.map(({ name, sentence }) => [name, sentence])));
  stage.sandbox.addProgram("demo-break", script(folder, list));
  let open = true;
  const serving = (async () => {
    while (open) {
      await serveAll(stage, folder);
      await Bun.sleep(PATIENCE);
    }
  })();
  return {
    async close() {
      open = false;
      await serving.catch(() => {});
    },
  };
}
