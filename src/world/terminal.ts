import { openSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ReadStream, WriteStream } from "node:tty";

/** Thrown when a person presses Ctrl-C or ends the input at a question. Nothing has been changed by then. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

/** The two ends of the terminal, whatever stdin and stdout are connected to. */
function openTerminal(): { input: ReadStream; output: WriteStream } {
  // Opened anew even where stdin is the terminal: it can be closed afterwards without ending stdin.
  const input = new ReadStream(openSync("/dev/tty", "r"));
  const output = new WriteStream(openSync("/dev/tty", "w"));
  return { input, output };
}

/** Takes what readline echoes and shows none of it, so that a pasted secret is never on the screen. */
function muted(): Writable {
  return new Writable({
    write(_chunk, _encoding, done) {
      done();
    },
  });
}

async function ask(question: string, hidden: boolean): Promise<string> {
  const { input, output } = openTerminal();
  output.write(question);
  const lines = createInterface({ input, output: hidden ? muted() : output, terminal: true, historySize: 0 });
  try {
    return await new Promise<string>((answer, cancel) => {
      lines.once("line", answer);
      lines.once("SIGINT", () => cancel(new Cancelled()));
      lines.once("close", () => cancel(new Cancelled()));
    });
  } finally {
    lines.removeAllListeners();
    lines.close();
    if (hidden) output.write("\n");
    input.destroy();
    output.destroy();
  }
}

/** A line that is shown while it is typed. */
export function askLine(question: string): Promise<string> {
  return ask(question, false);
}

/** A line of which nothing is shown, neither characters nor their number. */
export function askHidden(question: string): Promise<string> {
  return ask(question, true);
}

/** All of stdin as text; for tokens that come through a pipe. At most 64 KiB: no token is longer. */
export async function readStdin(limit = 65_536): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    parts.push(part as Uint8Array);
    size += (part as Uint8Array).length;
    if (size > limit) break;
  }
  return Buffer.concat(parts).toString("utf8");
}
