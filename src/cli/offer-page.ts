import type { Shell } from "./shell.ts";
import { ask } from "./token/questions.ts";

/** `open`: open it without asking. */
interface Manner {
  open: boolean;
  mayAsk: boolean;
}

/** Offers to open a page that has been named already. Without a screen nobody is asked. */
export async function offerPage(shell: Shell, page: string, { open, mayAsk }: Manner): Promise<void> {
  const browser = await shell.browser();
  if (!browser.hasScreen) {
    if (open) shell.err("There is no screen here to open the page on.\n");
    return;
  }
  if (!open) {
    if (!mayAsk) return;
    const answer = await ask(shell, "Press Enter to open that page in your browser, or type n: ");
    if (answer !== "") return;
  }
  if (!(await browser.open(page))) shell.err("No browser could be started; open the page yourself.\n");
}
