import { sweep } from "../run/sweep.ts";
import { realFiles } from "../world/files.ts";
import { FolderGone, readSelf } from "../world/self.ts";

/** Before anything else: what killed commands left. It never keeps a command, or Git's helper, from its own work. */
export async function putRight(): Promise<void> {
  try {
    sweep({ files: realFiles(), self: readSelf() });
  } catch (error) {
    if (!(error instanceof FolderGone)) throw error;
  }
}
