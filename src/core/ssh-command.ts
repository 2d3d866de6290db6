/** Commands for `core.sshCommand` that do no more than choose a key. Pure. */

/** What ssh may be given: a key's file, and to offer no other. */
const HARMLESS =
  /^ssh(?:\s+(?:-i\s*[\w./~+@-]+|-o\s*IdentityFile=[\w./~+@-]+|-o\s*IdentitiesOnly=(?:yes|no)|-F\s*(?:none|\/dev\/null)|-[v46]+))*\s*$/;

/**
 * Whether a command is the ssh on PATH with a key of its choice: how people have several accounts. It starts nothing
 * that the person did not install, and all that a stranger hears by it is a public key.
 */
export function onlyChoosesKey(command: string): boolean {
  return HARMLESS.test(command);
}
