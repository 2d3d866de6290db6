import { join } from "node:path";
import { standingFolder } from "../accounts/folders.ts";
import { readStanding } from "../core/standing.ts";
import { Refusal } from "./refusal.ts";
import type { Ports } from "./state-folder.ts";

/**
 * A file that another command has put a token into for one operation is nobody else's to change until that ends: what
 * is kept of it for an undo would hold the token for weeks. Throws a `Refusal`.
 */
export function mustNotBeLent({ files, self }: Pick<Ports, "files" | "self">, file: string): void {
  const folder = standingFolder(self);
  const real = files.resolve(file) ?? file;
  for (const name of folder === null ? [] : (files.list(folder) ?? [])) {
    const bytes = files.read(join(folder ?? "", name));
    const standing = bytes === null ? null : readStanding(Buffer.from(bytes).toString("utf8"));
    if (standing?.left.kind !== "lent-url" || standing.pid === self.pid) continue;
    if ((files.resolve(standing.left.file) ?? standing.left.file) !== real) continue;
    throw new Refusal(
      "still-running",
      `\`${file}\` was not changed: \`git rekey fix --with url-once\` has a token in it, which has to be out first`,
    );
  }
}
