/** What has to be seen of folders to find submodules' repositories. */
interface Look {
  list(path: string): readonly string[] | null;
  facts(path: string): { kind: string } | null;
}

/**
 * The repositories of submodules that are checked out, below a `modules` folder: each keeps its own configuration there,
 * its name can be a path, and it can have submodules itself.
 */
export function moduleFolders(look: Look, modules: string, depth = 0): string[] {
  if (depth > 6) return [];
  return (look.list(modules) ?? []).flatMap((name) => {
    const path = `${modules}/${name}`;
    if (look.facts(path)?.kind !== "folder") return [];
    return look.facts(`${path}/config`)?.kind === "file"
      ? [path, ...moduleFolders(look, `${path}/modules`, depth + 1)]
      : moduleFolders(look, path, depth + 1);
  });
}
