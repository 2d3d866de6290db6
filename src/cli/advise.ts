import type { Inquiry } from "../probes/gather.ts";
import { machineOf } from "../probes/situation.ts";
import { adviceText } from "../report/advice-text.ts";
import { type FormatFlags, wantsJson } from "./command.ts";
import type { Diagnosed } from "./diagnosis.ts";
import type { Shell } from "./shell.ts";
import { adviceFor } from "./solutions.ts";

interface OpenFlags extends FormatFlags {
  with?: string;
  store?: string;
  push: boolean;
}

/** A fault that only another credential mends: then there is a choice of its kind. */
function needsCredential({ diagnosis }: Diagnosed): boolean {
  return diagnosis.findings.some(({ remedy, severity }) => remedy?.needsToken && severity !== "note");
}

const isOpen = (flags: { with?: string; store?: string }): boolean =>
  flags.with === undefined && flags.store === undefined;

/** Where nobody works, whether SSH gets through decides what is advised; elsewhere asking for that only takes time. */
export async function sshToAsk(
  shell: Shell,
  flags: { with?: string; store?: string },
): Promise<Inquiry["ssh"]> {
  if (flags.with === "ssh") return "wanted";
  if (!isOpen(flags)) return "routes";
  const { hasScreen } = await shell.browser();
  const machine = machineOf(shell.self, { hasScreen, hasPushed: false, hasAuthor: false });
  return machine === "server" || machine === "ci" ? "wanted" : "routes";
}

/** Where the way was left open, says in two lines which one is better here, and why; the plan stays what it is. */
export async function adviseFirst(shell: Shell, diagnosed: Diagnosed, flags: OpenFlags): Promise<void> {
  if (!isOpen(flags) || wantsJson(flags) || !needsCredential(diagnosed)) return;
  const report = await adviceFor(shell, diagnosed.survey, flags.push);
  shell.out(`\n${adviceText(report, shell.outStyle)}`);
}
