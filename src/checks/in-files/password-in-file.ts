import { defineFileCheck } from "../../core/file-check.ts";
import { spotOf } from "./example.ts";
import { adviceOr, secretWords } from "./words.ts";

export const passwordInFile = defineFileCheck({
  id: "password-in-file",
  title: "A file holds a password for Bitbucket",
  explain: (spot) => ({
    what: secretWords(spot),
    why: "it is neither a token nor an app password by its form; if it is an account's own password, Bitbucket has not taken it for Git since 2022",
    next: adviceOr(spot, "put a token in its place, and change the password if it is used anywhere else"),
  }),
  examples: () => [spotOf("unknown", { user: "ana" })],
});
