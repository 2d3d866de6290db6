/** Words for every fault that shows in files, in reading order. */
import type { DescribedFileCheck } from "../../core/file-check.ts";
import { appPasswordExpected } from "./app-password-expected.ts";
import { appPasswordInFile } from "./app-password-in-file.ts";
import { credentialFileReadable } from "./credential-file-readable.ts";
import { credentialInHistory } from "./credential-in-history.ts";
import { credentialNamed } from "./credential-named.ts";
import { dataCenterToken } from "./data-center-token.ts";
import { oneUserForGitAndRest } from "./one-user-for-git-and-rest.ts";
import { passwordInFile } from "./password-in-file.ts";
import { storedCredentialErased } from "./stored-credential-erased.ts";
import { tokenInFile } from "./token-in-file.ts";
import { tokenKept } from "./token-kept.ts";
import { tokenMalformed } from "./token-malformed.ts";
import { toolWithoutApiTokens } from "./tool-without-api-tokens.ts";
import { wrongUsernameForToken } from "./wrong-username-for-token.ts";

export const FILE_CHECKS: readonly DescribedFileCheck[] = [
  appPasswordInFile,
  tokenInFile,
  passwordInFile,
  credentialInHistory,
  appPasswordExpected,
  oneUserForGitAndRest,
  toolWithoutApiTokens,
  tokenKept,
  credentialNamed,
  dataCenterToken,
  tokenMalformed,
  wrongUsernameForToken,
  credentialFileReadable,
  storedCredentialErased,
];
