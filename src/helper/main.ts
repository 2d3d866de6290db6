/** The credential helper. Git starts it for every request, so it loads next to nothing and says nothing needless. */
import { openOutput } from "../world/output.ts";
import { isForBitbucket, type Operation, type Request, readOperation, readRequest } from "./protocol.ts";

/** Which account answers is for the `token` commands to say. Until they exist none does, and Git asks the next helper. */
function answerTo(_operation: Operation, _request: Request): string {
  return "";
}

/** Hears the request to its end, so that Git never writes into a closed pipe, and answers if it is Bitbucket's. */
export async function helper(words: readonly string[]): Promise<void> {
  const request = readRequest(await Bun.stdin.text());
  const operation = readOperation(words.at(-1));
  if (operation === null || request === null || !isForBitbucket(request)) return;
  openOutput(1).write(answerTo(operation, request));
}
