import { Cancelled } from "../world/terminal.ts";

/**
 * Waits until the person presses Enter. The terminal stays in its own mode, so a Ctrl-C is the signal that ends the
 * demo wherever it is; what was typed is not looked at.
 */
export function pause(question: string, signal: AbortSignal): Promise<void> {
  const { stdin } = process;
  process.stdout.write(question);
  return new Promise<void>((goOn, fail) => {
    const leave = (finish: () => void) => () => {
      stdin.off("data", entered).off("end", ended);
      signal.removeEventListener("abort", stopped);
      // Both, or the waiting read keeps the process alive.
      stdin.pause();
      stdin.unref();
      finish();
    };
    const entered = leave(goOn);
    const ended = leave(() => fail(new Cancelled()));
    const stopped = leave(() => fail(signal.reason));
    if (signal.aborted) return fail(signal.reason);
    signal.addEventListener("abort", stopped, { once: true });
    stdin.once("data", entered).once("end", ended);
    stdin.ref();
    stdin.resume();
  });
}
