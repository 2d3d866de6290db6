/** In bytes; more than any answer. */
const MOST = 65_536;

/** Milliseconds: a token may come from a program that waits for a fingerprint. */
const PATIENCE = 120_000;

/** Asks one line over a Unix socket, and gives what came back; empty where nobody listens or nobody answers. */
export function askAt(path: string, question: string): Promise<string> {
  return new Promise((done) => {
    let text = "";
    const finish = () => done(text);
    setTimeout(finish, PATIENCE).unref();
    Bun.connect({
      unix: path,
      socket: {
        open: (socket) => void socket.write(`${question}\n`),
        data(socket, bytes) {
          text += bytes.toString("utf8");
          if (text.length > MOST) socket.end();
        },
        close: finish,
        error: finish,
      },
    }).catch(finish);
  });
}
