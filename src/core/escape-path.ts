/** A path as a word of a shell's, each sign that means something there with a backslash before it. Pure. */
export function escapePath(path: string): string {
  // Whole signs: of one that is two units long, a backslash between them would make two that are none.
  return path.replace(/[^\w./:@%+,=-]/gu, "\\$&");
}
