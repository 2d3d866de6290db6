import { defineCheck, type Found } from "../core/check.ts";
import type { StoreFile } from "../core/setup.ts";
import { secret } from "./example.ts";
import { inShell } from "./in-words.ts";
import { planned } from "./steps.ts";

interface Args {
  file: string;
  mode: number;
}

/** Windows keeps rights elsewhere; the mode of a file there says nothing. */
function hasModes(file: string): boolean {
  return file.startsWith("/");
}

/** `0644`, as `ls` and `chmod` speak of it. */
function octal(mode: number): string {
  return `0${(mode & 0o777).toString(8)}`;
}

function whoCan(mode: number): string {
  if ((mode & 0o007) === 0) return "its group";
  return (mode & 0o070) === 0 ? "everybody outside its group" : "everybody on this machine";
}

export const credentialFileReadable = defineCheck<"stores" | "netrc", Args>({
  id: "credential-file-readable",
  title: "Others on this machine can open a file with a Bitbucket credential",
  needs: ["stores", "netrc"],
  find: ({ stores, netrc }): Found<Args>[] =>
    [...stores, ...netrc.map((file) => ({ ...file, entries: file.entries.filter((one) => one.secret) }))]
      .filter(({ file, mode, entries }) => entries.length > 0 && hasModes(file) && (mode & 0o077) !== 0)
      .map(({ file, mode }) => ({
        args: { file, mode },
        severity: "warning",
        confidence: "certain",
        cause: false,
        location: { file, line: null, scope: null },
        evidence: [
          { what: `\`${file}\` has the mode ${octal(mode)}`, source: { kind: "file", file, line: null } },
        ],
      })),
  explain: ({ file, mode }) => ({
    what: `\`${file}\` has the mode ${octal(mode)}: it is open to ${whoCan(mode)}`,
    why: "Git and libcurl do not look at the mode and use the file all the same; who reads it has the credential, with all its rights",
    next: `\`chmod 600 ${inShell(file)}\`, which \`git rekey fix\` does for you; if you do not trust everybody here, make a new token as well`,
  }),
  typical: { file: "~/.git-credentials", mode: 0o644 },
  remedy: ({ file }) => ({
    safety: "safe",
    summary: `close \`${file}\` to others`,
    needsToken: false,
    steps: () => [
      planned("change", "safe", "credential-file-readable", { kind: "set-mode", file, mode: 0o600 }),
    ],
  }),
  examples: () => {
    const store = (mode: number): StoreFile => ({
      file: "/home/ana/.git-credentials",
      mode,
      own: true,
      entries: [
        {
          user: "ana",
          secret: secret("api-token"),
          path: null,
          line: 1,
          occurrence: 0,
          host: "bitbucket.org",
        },
      ],
    });
    return {
      broken: [
        { stores: [store(0o100644)], netrc: [] },
        {
          stores: [],
          netrc: [
            {
              file: "/home/ana/.netrc",
              mode: 0o640,
              entries: [
                {
                  machine: "bitbucket.org",
                  login: "ana",
                  secret: secret("app-password"),
                  line: 3,
                  occurrence: 0,
                },
              ],
            },
          ],
        },
      ],
      healthy: [
        { stores: [store(0o600)], netrc: [{ file: "/home/ana/.netrc", mode: 0o644, entries: [] }] },
        { stores: [{ ...store(0o644), file: "C:\\Users\\ana\\.git-credentials" }], netrc: [] },
      ],
    };
  },
});
