/** `GET …/src/{commit}/{path}`: files and folders out of the bare repository. [doc] */
import { restError } from "./answers.ts";
import { page } from "./paging.ts";
import type { Granted } from "./rest-endpoints.ts";
import { fullNameOf } from "./world.ts";

interface Entry {
  type: "blob" | "tree";
  hash: string;
  size: number | null;
  path: string;
}

const NOT_FOUND = (path: string): Response =>
  restError(404, { message: `No such file or directory: ${path}` });

/** Reads `git ls-tree -z --long`. */
function entriesOf(listing: string): Entry[] {
  return listing.split("\0").flatMap((line) => {
    const [, type, hash = "", size, path = ""] = /^\d+ (blob|tree) (\w+) +(-|\d+)\t(.*)$/s.exec(line) ?? [];
    if (type !== "blob" && type !== "tree") return [];
    return [{ type, hash, size: size === "-" ? null : Number(size), path }];
  });
}

function entryBody(entry: Entry, fullName: string, commit: string): Record<string, unknown> {
  const self = `https://api.bitbucket.org/2.0/repositories/${fullName}/src/${commit}/${entry.path}`;
  return {
    type: entry.type === "blob" ? "commit_file" : "commit_directory",
    path: entry.path,
    commit: { type: "commit", hash: commit },
    ...(entry.size === null ? {} : { size: entry.size, mimetype: null, attributes: [] }),
    links: { self: { href: self }, meta: { href: `${self}?format=meta` } },
  };
}

/** A file's bytes, a folder's list, or with `?format=meta` what a file is. */
export async function serveSource({ of, call, repository, parameters }: Granted): Promise<Response> {
  if (!repository) throw new Error("a repository was needed");
  const { commit: asked = "", path: written = "" } = parameters;
  const folder = await of.storage.folderOf(repository);
  const git = (...args: string[]) => of.children.run(["--git-dir", folder, ...args]).catch(() => null);
  const text = async (...args: string[]) =>
    new TextDecoder().decode((await git(...args)) ?? new Uint8Array());
  const revision = /^[\w.][\w./-]*$/.test(asked) ? asked : repository.mainBranch;
  const commit = (await text("rev-parse", "--verify", "--quiet", `${revision}^{commit}`)).trim();
  if (!commit) return restError(404, { message: `Commit not found: ${asked}` });

  const path = written.replace(/\/+$/, "");
  const meta = call.url.searchParams.get("format") === "meta";
  const list = async (inside: string) =>
    entriesOf(await text("ls-tree", "-z", "--long", "--full-tree", commit, "--", inside));
  const [own] = path ? await list(path) : [];
  if (path && !own) return NOT_FOUND(path);
  if (own?.type === "blob") {
    if (meta) return Response.json(entryBody(own, fullNameOf(repository), commit));
    const bytes = await git("cat-file", "blob", own.hash);
    const name = own.path.split("/").at(-1) ?? "";
    return new Response(bytes, {
      headers: {
        "Content-Type": "text/plain",
        "Content-Disposition": `attachment; filename="${name}"`,
        ETag: `"${own.hash}"`,
      },
    });
  }
  const inside = await list(path ? `${path}/` : ".");
  return page(
    inside.map((each) => entryBody(each, fullNameOf(repository), commit)),
    call.url,
  );
}
