/** URLs of dependencies in manifests and in the locks that repeat them. */
import { fullNameOf } from "../../core/bitbucket.ts";
import { type UrlWithUser, urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { urlSeen } from "./text.ts";

/** Every URL with a credential in a text, each with the place and the advice that its file gives. */
export function dependencyUrls(
  text: string,
  place: string,
  advice: (url: UrlWithUser) => string | null,
): Sighting[] {
  return urlsIn(text).flatMap((url) => urlSeen(url, { place, advice: advice(url) }));
}

/** The repository's URL over SSH, as package managers write it: `ssh://git@bitbucket.org/acme/widgets.git`. */
export function sshUrl({ repository }: UrlWithUser): string {
  const name = repository === null ? "WORKSPACE/REPOSITORY" : fullNameOf(repository);
  return `ssh://git@bitbucket.org/${name}.git`;
}
