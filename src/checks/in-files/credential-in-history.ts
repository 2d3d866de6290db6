import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { secretWords } from "./words.ts";

export const credentialInHistory = defineFileCheck({
  id: "credential-in-history",
  title: "A repository's history holds a credential",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "a later commit that removes it changes nothing: everybody who has or gets a clone has the credential",
    next: "revoke it at Bitbucket first, which makes every copy worthless; rewrite the history afterwards, if at all (`git filter-repo`)",
  }),
  examples: () => [
    spotOf("access-token", {
      history: {
        repository: "/srv/site",
        object: "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
        commits: ["9fceb02d0ae598e95dc970b74767f19372d61af8"],
        commitCount: 1,
        reachable: true,
        pushed: true,
      },
    }),
  ],
});
