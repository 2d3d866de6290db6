/** What `bitbucket.org` serves besides Git: archives, and pages that only have to be there. */
import { gitRefusal } from "./answers.ts";
import { authenticate, permissionOf } from "./authenticate.ts";
import { type Call, type Emulated, viewOf } from "./emulated.ts";
import type { Repository } from "./world.ts";

const LOGIN = "https://id.atlassian.com/login";

function html(status: number, title: string): Response {
  const page = `<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>\n`;
  return new Response(page, { status, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

function toLogin(): Response {
  return new Response(null, { status: 302, headers: { Location: LOGIN } });
}

/**
 * `/{workspace}/{repository}/get/{name}`: Bearer, or Basic with the e-mail, as for REST; all else is led to the
 * login page with an empty body, and `?access_token=` is 403. [seen once]
 */
export async function serveArchive(
  of: Emulated,
  call: Call,
  repository: Repository | null,
  name: string,
): Promise<Response> {
  if (call.url.searchParams.has("access_token")) return html(403, "Forbidden");
  const outcome = authenticate(viewOf(of), call.presented, { surface: "rest", repository, access: "read" });
  if (!outcome.granted)
    return of.switches.archiveRefusal === 401 ? gitRefusal("no-access", of.switches) : toLogin();
  const [, revision, format] = /^(\w[\w./-]*)\.(tar\.gz|zip)$/.exec(name) ?? [];
  if (!repository || !revision || !format) return html(404, "Not found");
  const folder = await of.storage.folderOf(repository);
  const bytes = await of.children
    .run(["--git-dir", folder, "archive", `--format=${format}`, `--prefix=${repository.slug}/`, revision])
    .catch(() => null);
  const type = format === "zip" ? "application/zip" : "application/gzip";
  return bytes ? new Response(bytes, { headers: { "Content-Type": type } }) : html(404, "Not found");
}

/** A page in the browser: public repositories are there, private ones ask to log in, the rest is missing. */
export function servePage(of: Emulated, url: URL, repository: Repository | null): Response {
  if (url.pathname === "/") return html(200, "Bitbucket");
  if (url.pathname.startsWith("/account/")) return toLogin();
  if (!repository) return html(404, "Not found");
  return permissionOf(of.world, null, repository) === "none" ? toLogin() : html(200, repository.slug);
}
