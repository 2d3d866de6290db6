/** Makes a named pipe: opening one without care never comes back. */
export async function makeFifo(path: string): Promise<void> {
  const made = Bun.spawn(["mkfifo", path]);
  if ((await made.exited) !== 0) throw new Error(`mkfifo ${path} failed`);
}
