import type { AnyCheck } from "../core/check.ts";
import { accountPasswordSent } from "./account-password-sent.ts";
import { appPasswordSent } from "./app-password-sent.ts";
import { emailAsGitUsername } from "./email-as-git-username.ts";
import { readScopeMissing } from "./read-scope-missing.ts";
import { repositoryNotAccessible } from "./repository-not-accessible.ts";
import { scopeExcessive } from "./scope-excessive.ts";
import { secretInInsteadof } from "./secret-in-insteadof.ts";
import { secretInLfsUrl } from "./secret-in-lfs-url.ts";
import { secretInRemoteUrl } from "./secret-in-remote-url.ts";
import { secretInSubmoduleUrl } from "./secret-in-submodule-url.ts";
import { tokenExpired } from "./token-expired.ts";
import { tokenForOtherRepository } from "./token-for-other-repository.ts";
import { tokenMalformed } from "./token-malformed.ts";
import { tokenRefused } from "./token-refused.ts";
import { tokenUnscoped } from "./token-unscoped.ts";
import { writeScopeMissing } from "./write-scope-missing.ts";
import { wrongUsernameForToken } from "./wrong-username-for-token.ts";

/** The whole registry, in reading order: what is sent, where it hides, what is around it, the ground it stands on. */
export const CHECKS: readonly AnyCheck[] = [
  appPasswordSent,
  accountPasswordSent,
  emailAsGitUsername,
  wrongUsernameForToken,
  tokenMalformed,
  tokenExpired,
  tokenUnscoped,
  tokenForOtherRepository,
  tokenRefused,
  readScopeMissing,
  writeScopeMissing,
  scopeExcessive,
  repositoryNotAccessible,
  secretInRemoteUrl,
  secretInInsteadof,
  secretInLfsUrl,
  secretInSubmoduleUrl,
];
