/** What a person can do where a helper keeps what it was told to forget. Pure; nothing here is ever run. */
import { GIT_HOST } from "./bitbucket.ts";

/** The helper's own name, however it is configured; null for a shell's words, which only their author knows. */
function nameOf(helper: string): string | null {
  if (helper.startsWith("!")) return null;
  const program = /^(?:\\.|[^\s\\])+/.exec(helper)?.[0] ?? "";
  const file = program.split(/\/|\\(?=\w)/).at(-1) ?? "";
  return file.replace(/^git-credential-/, "").replace(/\.exe$/, "") || null;
}

/** Where the entries of a helper of this name can be seen and removed by hand. */
export function windowOf(name: string, platform: string): string | null {
  const isManager = /^manager(?:-core)?$/.test(name);
  if (name === "osxkeychain" || (isManager && platform === "darwin"))
    return `the app Keychain Access, where \`${GIT_HOST}\` finds it`;
  if (name === "wincred" || (isManager && platform === "win32"))
    return `\`Control Panel > User Accounts > Credential Manager > Windows Credentials\`, where it is called \`git:https://${GIT_HOST}\`, with a user name in it for a second one`;
  return name === "libsecret" || isManager ? "the app Passwords and Keys, where there is a desktop" : null;
}

/**
 * The words that make a helper forget a user name. Always with the name, or it takes somebody else's entry; never
 * with the password: wincred since 2.43 dies of one, osxkeychain since 2.45 and libsecret since 2.43 compare it and
 * do nothing. And again until nothing is left: osxkeychain before 2.45 and Git Credential Manager remove one at a time.
 */
export function forgetAdvice(helper: string, user: string, platform: string): string | null {
  const name = nameOf(helper);
  if (name === null || !/^[\w.@+-]+$/.test(user)) return null;
  const ask = `printf 'protocol=https\\nhost=${GIT_HOST}\\nusername=${user}\\n\\n' | git credential-${name}`;
  const places = windowOf(name, platform);
  const byHand = places === null ? "" : `; or in ${places}`;
  return `\`${ask} erase\`, again and again until the same with \`get\` prints nothing${byHand}`;
}
