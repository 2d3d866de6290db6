/** Whose a token is, as it was typed. Each throws a `Stop` for what cannot be it. */
import { PAGES } from "../../core/bitbucket.ts";
import { EXIT, Stop } from "../exit.ts";
import { isEmail } from "./questions.ts";

export function mustBeUsername(text: string): void {
  if (isEmail(text))
    throw new Stop(
      EXIT.misuse,
      `\`--username\` is the Bitbucket user name, which ${PAGES.accountSettings} shows, and not an e-mail address; nothing has been changed`,
    );
  if (!/^[\w.-]{1,100}$/.test(text))
    throw new Stop(
      EXIT.misuse,
      "what was given to `--username` is no user name of Bitbucket's; nothing has been changed",
    );
}

export function mustBeEmail(text: string): void {
  if (!isEmail(text))
    throw new Stop(EXIT.misuse, "what was given to `--email` is no e-mail address; nothing has been changed");
}
