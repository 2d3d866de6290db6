/** `--socket PATH get`: the helper of one `git rekey run`. That one decides, and knows who asks. */
import { askAt } from "../world/ask-socket.ts";
import { isForBitbucket, readOperation, readRequest, writeCredential } from "./protocol.ts";

/** What Git is told; empty where that run gives nothing. */
export async function hearForRun(socket: string, words: readonly string[], text: string): Promise<string> {
  const request = readRequest(text);
  if (readOperation(words.at(-1)) !== "get" || request === null || !isForBitbucket(request)) return "";
  const { path, username } = request;
  const answer = await askAt(socket, JSON.stringify({ path, username }));
  if (answer === "") return "";
  const pair: { username: string; password: string } = JSON.parse(answer);
  return writeCredential({ ...pair, expires: null });
}
