import { defineFileCheck } from "../../core/file-check.ts";
import { nameSpot } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const credentialNamed = defineFileCheck({
  id: "credential-named",
  title: "A credential of Bitbucket is used by its name",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "what is behind the name is kept elsewhere, and neither name nor use tells which kind it is",
    next: adviceOr(spot, "look what is kept there: an app password has to be replaced by a token"),
  }),
  examples: () => [nameSpot("unknown", { name: "BITBUCKET_TOKEN" })],
});
