import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** Makes links in a folder to all that is in another one, but for some names. */
export function linkAll(from: string, into: string, without: ReadonlySet<string>): void {
  for (const name of readdirSync(from)) {
    if (!without.has(name)) symlinkSync(join(from, name), join(into, name));
  }
}
