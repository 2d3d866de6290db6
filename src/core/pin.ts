import type { Step } from "./plan.ts";
import { cleanUrl } from "./remote-url.ts";
import type { Route } from "./setup.ts";

/** The step that makes Git use the clean URL for this way, with this user in it. Null where no file holds the URL. */
export function pinStep(
  { entry, rewrittenBy, remote, url, pushOnly }: Route,
  user: string | null,
): Step | null {
  if (entry?.file == null) return null;
  const to = cleanUrl(url, user);
  // The entry is what is fetched from some other way: it stays, and pushing gets a URL of its own.
  if (pushOnly && rewrittenBy?.name === "pushinsteadof" && remote !== null) {
    const lines = [{ name: "pushurl", value: to }];
    return { kind: "add-config", file: entry.file, section: "remote", subsection: remote, lines };
  }
  const name = { key: entry.key, occurrence: entry.occurrence };
  return { kind: "set-config", file: entry.file, entry: name, to };
}
