import { REST_HOST } from "../core/bitbucket.ts";
import { defineCheck } from "../core/check.ts";

/**
 * A program's REST calls are not Git's, so nothing on this machine shows them; `git rekey explain` recognises the
 * words. It is kept apart because its 410 looks like the one for app passwords.
 */
export const restEndpointRemoved = defineCheck<never, null>({
  id: "rest-endpoint-removed",
  title: "A program asks a REST address that Bitbucket has removed",
  needs: [],
  find: () => ({ cannotTell: "it shows only in the output of the program that asks" }),
  explain: () => ({
    what: `a program's request to \`${REST_HOST}\` is answered 410 with CHANGE-2770`,
    why: "CHANGE-2770 removed the addresses that list across workspaces; it is not about credentials, and a new token meets the same answer. CHANGE-3222 is the number of app passwords",
    next: "update the program that asks; in your own code ask one workspace at a time, for example `/2.0/repositories/WORKSPACE` instead of `/2.0/repositories`",
  }),
  typical: null,
  examples: () => ({ broken: [{}], healthy: [{}] }),
});
