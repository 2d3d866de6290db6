import { defineFileCheck } from "../../core/file-check.ts";
import { nameSpot } from "./example.ts";
import { adviceOr } from "./words.ts";

export const storedCredentialErased = defineFileCheck({
  id: "stored-credential-erased",
  title: "Git keeps credentials in a file that has none for Bitbucket",
  explain: (spot) => ({
    what: `${spot.place} has nothing for bitbucket.org`,
    why: "Git erases a credential that is answered with 401, so a mistyped or expired token is gone; nobody is asked again on a server",
    next: adviceOr(spot, "`git rekey fix` in a checkout of Bitbucket stores a token there"),
  }),
  examples: () => [nameSpot("unknown", { certainty: "missing", name: null, place: "the store" })],
});
