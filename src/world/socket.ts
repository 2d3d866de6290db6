/** Answers questions over a Unix socket: one line each, then it is closed. */
import { openPeers } from "./peer.ts";

/** In bytes; more than any question or answer. */
const MOST = 65_536;

export interface Listening {
  stop(): void;
}

interface Heard {
  text: string;
  answered: boolean;
}

/**
 * Listens in a folder that is the user's alone. `answer` is given the number of the process that asks, as the system
 * knows it. Null where the system does not tell it.
 */
export function listenAt(
  path: string,
  answer: (pid: number, question: string) => Promise<string>,
): Listening | null {
  const peerOf = openPeers();
  if (peerOf === null) return null;
  const server = Bun.listen<Heard>({
    unix: path,
    socket: {
      open(socket) {
        socket.data = { text: "", answered: false };
      },
      async data(socket, bytes) {
        const heard = socket.data;
        heard.text += bytes.toString("utf8");
        if (heard.text.length > MOST) return void socket.end();
        if (heard.answered || !heard.text.includes("\n")) return;
        heard.answered = true;
        const pid = peerOf((socket as unknown as { fd: number }).fd);
        socket.end(pid === null ? "" : await answer(pid, heard.text.slice(0, heard.text.indexOf("\n"))));
      },
    },
  });
  return { stop: () => server.stop(true) };
}
