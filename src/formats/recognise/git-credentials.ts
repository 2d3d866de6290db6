/** The file of `git credential-store`, in which every line is a URL with a user and a secret. */

import { kindByPrefix } from "../../core/token.ts";
import type { Format } from "../format.ts";
import { type UrlWithUser, urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { urlSeen } from "./text.ts";

const place = "an entry of `git credential-store`";

/** A token in the file that is for tokens needs no advice of ours, but for what Bitbucket refuses whoever sends it. */
function seen(url: UrlWithUser): Sighting[] {
  return urlSeen(url, { place }).map((one) => {
    const kind = kindByPrefix(one.secret ?? "");
    const isDead = one.trouble !== null || kind === null || kind === "app-password";
    return isDead
      ? { ...one, advice: "run `git rekey fix`: it stores a token that works and removes this entry" }
      : one;
  });
}

export const gitCredentials: Format = {
  id: "git-credentials",
  title: "The file of git credential-store: ~/.git-credentials, ~/.config/git/credentials",
  claims: (path) => /(?:\/\.git-credentials|\/git\/credentials)$/.test(path),
  always: [".git-credentials", "git/credentials"],
  find: (text) => urlsIn(text).flatMap(seen),
  examples: () => [
    {
      title: "an app password, and an older one for a whole workspace",
      path: "/home/ana/.git-credentials",
      text: ({ app, legacy }) =>
        `https://ana:${app}@bitbucket.org\nhttps://ana:${legacy}@bitbucket.org/acme\nhttps://ana:${legacy}@example.com\n`,
      finds: [
        { line: 1, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" },
        { line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
      ],
    },
    {
      title: "an API token with an e-mail as its user, as no Git can use it",
      path: "/home/ana/.config/git/credentials",
      text: ({ api }) => `https://ana%40acme.test:${api.replace("=", "%3d")}@bitbucket.org\n`,
      finds: [
        {
          line: 1,
          kind: "api-token",
          certainty: "literal-verified",
          user: "ana@acme.test",
          trouble: "wrong-user",
        },
      ],
    },
    {
      title: "tokens where tokens belong",
      path: "/home/ana/.git-credentials",
      text: ({ api, access }) =>
        `https://x-bitbucket-api-token-auth:${api.replace("=", "%3d")}@bitbucket.org\nhttps://x-token-auth:${access}@bitbucket.org/acme/widgets.git\n`,
      finds: [
        { line: 1, kind: "api-token", certainty: "literal-verified", trouble: null },
        { line: 2, kind: "access-token", certainty: "literal-verified", trouble: null },
      ],
    },
    {
      title: "entries of others, and an empty line",
      path: "/home/ana/.git-credentials",
      text: ({ legacy }) => `https://ana:${legacy}@example.com\n\nhttps://ana:@bitbucket.org\n`,
      finds: [],
    },
  ],
};
