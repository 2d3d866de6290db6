import { excessiveIn, type TokenLook, verdictOf } from "../../core/token-look.ts";
import { looksText } from "../../report/token-look-text.ts";
import { EXIT, Stop } from "../exit.ts";
import { progressOf } from "../progress.ts";
import type { Shell } from "../shell.ts";
import { lookAtToken, openLine, type Subject } from "./live-check.ts";

/** A token that may do more than it was wanted for is right, and worth a word. */
export function remarkOnScopes(shell: Shell, look: Pick<TokenLook, "scopes">, whose: string): void {
  const excessive = excessiveIn(look);
  if (excessive.length > 0)
    shell.err(
      `note: ${whose} may do more than Git or reading ever needs (${excessive.join(", ")}); a narrower one is safer\n`,
    );
}

/** Asks Bitbucket about a new token and tells every answer. Throws a `Stop` where it will not do. */
export async function tryNewToken(shell: Shell, subject: Omit<Subject, "whose">): Promise<TokenLook> {
  progressOf(shell)("asking Bitbucket about it");
  const look = await lookAtToken(shell, await openLine(shell), { ...subject, whose: "the new token" });
  const verdict = verdictOf(look);
  const isWrong = verdict === "refused" || verdict === "unknown";
  const first = isWrong ? look.looks.find(({ state }) => state === verdict) : undefined;
  // What the command ends with is not said twice.
  const told = look.looks.map((one) => (one === first ? { ...one, why: null } : one));
  shell.err(looksText(told, shell.errStyle));
  remarkOnScopes(shell, look, "the new token");
  if (!isWrong) return look;
  throw new Stop(
    verdict === "refused" ? EXIT.personNeeded : EXIT.unknown,
    `${first?.why ?? "Bitbucket refuses the new token"}; nothing has been changed`,
  );
}
