import { becomeAccount, findAccount } from "../world/accounts.ts";
import type { Self } from "../world/ports.ts";
import { EXIT, Stop } from "./exit.ts";
import type { Shell } from "./shell.ts";

/**
 * Turns this whole process into that user, for good: what follows sees what cron, a web server or a deployment
 * account would see, with its home and hardly any variables. Root only.
 */
export function becomeUser(shell: Shell, user: string): Self {
  if (shell.self.uid !== 0)
    throw new Stop(EXIT.misuse, "`--as` takes another user's place, which only root can: run it with `sudo`");
  const account = findAccount(user);
  if (account === null) throw new Stop(EXIT.misuse, `there is no user \`${user}\` on this machine`);
  return becomeAccount(shell.self, account);
}
