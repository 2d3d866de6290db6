/** `--socket PATH get`: the helper of one `git rekey run`. That one decides, and knows who asks. */
import { askAt } from "../world/ask-socket.ts";
import { type Request, writeCredential } from "./protocol.ts";

/** What Git is told; empty where that run gives nothing. */
export async function answerFromRun(socket: string, { path, username }: Request): Promise<string> {
  const answer = await askAt(socket, JSON.stringify({ path, username }));
  if (answer === "") return "";
  const pair: { username: string; password: string } = JSON.parse(answer);
  return writeCredential({ ...pair, expires: null });
}
