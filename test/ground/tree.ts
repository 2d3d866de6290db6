import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT } from "../sandbox.ts";

/** What .gitignore names, and Git's own folder. */
const NOT_OURS = new Set([".git", "node_modules", "dist", ".cache"]);

/** Every file of the project, by path from its root. */
export function projectFiles(folder = ""): string[] {
  return readdirSync(join(CHECKOUT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (NOT_OURS.has(entry.name) || entry.name.endsWith(".log")) return [];
    if (entry.isDirectory()) return projectFiles(path);
    return entry.isFile() ? [path] : [];
  });
}

/** In Latin-1, so that a file of any kind can be searched. */
export function textOf(path: string): string {
  return readFileSync(join(CHECKOUT, path), "latin1");
}
