/** What Git writes down of its own doings: reflogs hold a URL as it was typed. */
import type { Format } from "../format.ts";
import { urlsIn } from "../shapes/urls.ts";
import { urlSeen } from "./text.ts";

const ADVICE =
  "revoke it, then let Git forget the line: `git reflog expire --expire=now --all` forgets all others too; give `git pull` and `git fetch` no URL with a password, and a commit's message none";

function adviceFor(path: string): string {
  return path.endsWith("/FETCH_HEAD") ? "revoke it; the next `git fetch` overwrites the file" : ADVICE;
}

export const gitTraces: Format = {
  id: "git-traces",
  title: "Git's reflogs and FETCH_HEAD",
  claims: (path) => /\.git\/(?:.+\/)?logs\/|\/logs\/(?:HEAD|refs\/.+)$|\/FETCH_HEAD$/.test(path),
  find: (text, path) => {
    const place = path.endsWith("/FETCH_HEAD") ? "what was fetched last" : "a reflog";
    return urlsIn(text).flatMap((url) => urlSeen(url, { place, advice: adviceFor(path) }));
  },
  // The subject of a commit stands in a reflog, too.
  advice: adviceFor,
  examples: () => {
    const ids = `${"0".repeat(40)} ${"1".repeat(40)}`;
    const line = (url: string): string =>
      `${ids} Ana <ana@acme.test> 1750000000 +0000\tpull ${url}: Fast-forward\n`;
    return [
      {
        title: "a pull with the URL given to it",
        path: "/home/ana/widgets/.git/logs/HEAD",
        text: ({ app }) => line(`https://ana:${app}@bitbucket.org/acme/widgets.git`),
        finds: [{ line: 1, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
      },
      {
        title: "the same of a branch in a bare repository",
        path: "/srv/git/widgets.git/logs/refs/heads/main",
        text: ({ legacy, access }) =>
          line(`https://ana:${legacy}@bitbucket.org/acme/widgets.git`) +
          line(`https://x-token-auth:${access}@bitbucket.org/acme/widgets.git`),
        finds: [
          { line: 1, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
          { line: 2, kind: "access-token", certainty: "literal-verified" },
        ],
      },
      {
        title: "what old releases of Git left of a fetch",
        path: "/home/ana/widgets/.git/FETCH_HEAD",
        text: ({ api }) =>
          `${"1".repeat(40)}\t\tbranch 'main' of https://ana:${api}@bitbucket.org/acme/widgets\n`,
        finds: [{ line: 1, kind: "api-token", certainty: "literal-verified", user: "ana", trouble: null }],
      },
      {
        title: "a URL with nothing but a user name",
        path: "/home/ana/widgets/.git/logs/HEAD",
        text: () => line("https://ana@bitbucket.org/acme/widgets.git"),
        finds: [],
      },
    ];
  },
};
