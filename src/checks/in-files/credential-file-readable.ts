import { defineFileCheck } from "../../core/file-check.ts";
import { inShell } from "../in-words.ts";
import { spotOf } from "./example.ts";
import { secretWords } from "./words.ts";

export const credentialFileReadable = defineFileCheck({
  id: "credential-file-readable",
  title: "Others on this machine can read a file with a token",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "whoever has an account on this machine can sign in with it",
    next: `\`chmod 600 ${inShell(spot.file)}\`; if you do not trust everybody here, make a new token as well`,
  }),
  examples: () => [spotOf("api-token", { role: "store", readers: "everyone" })],
});
