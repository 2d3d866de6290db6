/** How ssh may be run by us, and by a repository. Pure. */

/**
 * Of ssh's options, for every connection of ours: nothing is written, forwarded or left open, no connection that
 * stands already, with another key, is used, and ssh tells which keys it offers.
 */
export const CAREFUL_OPTIONS: readonly string[] = [
  "UpdateHostKeys=no",
  "ControlMaster=no",
  "ControlPath=none",
  "PermitLocalCommand=no",
  "ClearAllForwardings=yes",
  "ForwardAgent=no",
  "ForwardX11=no",
  "LogLevel=DEBUG1",
];

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
