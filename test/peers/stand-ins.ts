/**
 * Small programs in the place of helpers that exist on other systems only. Each speaks Git's protocol as the real one
 * does and has one fault of it that is documented; all keep their entries in a file, one a line: user, path, password.
 */
import type { Sandbox } from "../sandbox.ts";

/** What is wrong with it. */
export type Fault =
  /** osxkeychain before 2.45, GCM: one call of `erase` takes one of several entries away. */
  | "erases-one"
  /** osxkeychain since 2.45, libsecret since 2.43: with a password, `erase` takes only what equals it. */
  | "compares"
  /** wincred since 2.43: with a password, `erase` overruns its heap and dies before it erases anything. */
  | "dies-of-password"
  /** osxkeychain 2.46 to 2.52: `store` does nothing when Git brings back the state that `get` gave out. */
  | "skips-seen"
  /** Nothing is ever erased, and nobody is told. */
  | "keeps-all";

const KEPT = "kept";

const BODY = `
verb=$1 user= path= password= host= seen=
while IFS= read -r line && test -n "$line"; do
  case $line in
    host=*) host=\${line#*=} ;; username=*) user=\${line#*=} ;; path=*) path=\${line#*=} ;;
    password=*) password=\${line#*=} ;; 'state[]='*seen=1) seen=1 ;;
  esac
done
echo "$verb user=$user path=$path password=\${password:+given}" >>"$HOME/calls"
test "$host" = bitbucket.org || exit 0
kept=$HOME/${KEPT}
touch "$kept"
matching() { awk -F'|' -v u="$user" -v p="$path" '(u == "" || $1 == u) && (p == "" || $2 == p)' "$kept"; }
without() { grep -vxF -- "$1" "$kept" >"$kept.new"; mv "$kept.new" "$kept"; }
get() {
  first=$(matching | head -n 1)
  test -n "$first" || exit 0
  test "$FAULT" = skips-seen && printf 'capability[]=state\\nstate[]=osxkeychain:seen=1\\n'
  printf 'username=%s\\npassword=%s\\n' "\${first%%|*}" "\${first##*|}"
}
store() {
  test "$FAULT$seen" = skips-seen1 && exit 0
  awk -F'|' -v u="$user" -v p="$path" '!($1 == u && $2 == p)' "$kept" >"$kept.new"
  printf '%s|%s|%s\\n' "$user" "$path" "$password" >>"$kept.new"
  mv "$kept.new" "$kept"
}
erase() {
  test -n "$password" && case $FAULT in
    dies-of-password) kill -s ABRT $$ ;;
  esac
  case $FAULT in
    keeps-all) ;;
    erases-one) first=$(matching | head -n 1); test -z "$first" || without "$first" ;;
    *) matching | while IFS= read -r entry; do
         test -n "$password" && test "\${entry##*|}" != "$password" || without "$entry"
       done ;;
  esac
}
`;

/** GCM asks REST about what it holds before it gives it back, and asks a person again where REST refuses. */
const VALIDATES = `
if test "$verb" = get && test "$(git config --get-urlmatch --type bool credential.bitbucketValidateStoredCredentials https://bitbucket.org)" != false; then
  echo "fatal: Cannot prompt because user interactivity has been disabled." >&2
  echo prompt >>"$HOME/prompts"
  exit 1
fi
`;

export interface StandIn {
  /** As in \`credential.helper\`. */
  name: "osxkeychain" | "wincred" | "manager";
  fault: Fault;
}

export type Entry = readonly [user: string, password: string, path?: string];

/** Puts the program where Git finds it, with these entries in it. */
export function plantHelper(box: Sandbox, { name, fault }: StandIn, entries: readonly Entry[]): void {
  const validates = name === "manager" ? VALIDATES : "";
  const program = `#!/bin/sh\nFAULT=${fault}\n${BODY}${validates}case $verb in get | store | erase) "$verb" ;; esac\ntrue\n`;
  box.write(`bin/git-credential-${name}`, program, 0o755);
  if (!box.env.PATH?.startsWith(box.path("bin"))) box.env.PATH = `${box.path("bin")}:${box.env.PATH}`;
  box.write(
    KEPT,
    entries.map(([user, password, path = ""]) => `${user}|${path}|${password}\n`).join(""),
    0o600,
  );
}

/** What it keeps now, in its order. */
export function keptBy(box: Sandbox): string[] {
  return box.read(KEPT).split("\n").filter(Boolean);
}

/** How it was called since the last time somebody asked. */
export function callsOf(box: Sandbox): string[] {
  const calls = box.exists("calls") ? box.read("calls").split("\n").filter(Boolean) : [];
  box.write("calls", "");
  return calls;
}
