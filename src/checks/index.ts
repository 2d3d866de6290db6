import type { AnyCheck } from "../core/check.ts";
import { accountPasswordSent } from "./account-password-sent.ts";
import { accountsNotAsked } from "./accounts-not-asked.ts";
import { accountsOverlap } from "./accounts-overlap.ts";
import { accountsUnreadable } from "./accounts-unreadable.ts";
import { appPasswordSent } from "./app-password-sent.ts";
import { askpassBroken } from "./askpass-broken.ts";
import { branchRestricted } from "./branch-restricted.ts";
import { clockSkewed } from "./clock-skewed.ts";
import { configUnreadable } from "./config-unreadable.ts";
import { credentialFileReadable } from "./credential-file-readable.ts";
import { detourInUrl } from "./detour-in-url.ts";
import { emailAsGitUsername } from "./email-as-git-username.ts";
import { envConfigShadows } from "./env-config-shadows.ts";
import { extraHeaderShadows } from "./extra-header-shadows.ts";
import { failsWithoutTerminal } from "./fails-without-terminal.ts";
import { gcmRejectsApiToken } from "./gcm-rejects-api-token.ts";
import { gitMissing } from "./git-missing.ts";
import { gitTooOld } from "./git-too-old.ts";
import { helperMissing } from "./helper-missing.ts";
import { helperShadowed } from "./helper-shadowed.ts";
import { hostUnreachable } from "./host-unreachable.ts";
import { ideKeepsPassword } from "./ide-keeps-password.ts";
import { ipNotAllowed } from "./ip-not-allowed.ts";
import { netrcShadows } from "./netrc-shadows.ts";
import { noCredential } from "./no-credential.ts";
import { proxyRefused } from "./proxy-refused.ts";
import { rateLimited } from "./rate-limited.ts";
import { readScopeMissing } from "./read-scope-missing.ts";
import { repositoryNotAccessible } from "./repository-not-accessible.ts";
import { repositoryOwnerDiffers } from "./repository-owner-differs.ts";
import { restEndpointRemoved } from "./rest-endpoint-removed.ts";
import { scopeExcessive } from "./scope-excessive.ts";
import { secretInInsteadof } from "./secret-in-insteadof.ts";
import { secretInLfsUrl } from "./secret-in-lfs-url.ts";
import { secretInRemoteUrl } from "./secret-in-remote-url.ts";
import { secretInSubmoduleUrl } from "./secret-in-submodule-url.ts";
import { serviceUnavailable } from "./service-unavailable.ts";
import { sourcetreeAccountStale } from "./sourcetree-account-stale.ts";
import { sourcetreeTooOld } from "./sourcetree-too-old.ts";
import { sshClientMissing } from "./ssh-client-missing.ts";
import { sshHostKeyChanged } from "./ssh-host-key-changed.ts";
import { sshHostKeyUnknown } from "./ssh-host-key-unknown.ts";
import { sshKeyForOtherRepository } from "./ssh-key-for-other-repository.ts";
import { sshKeyReadOnly } from "./ssh-key-read-only.ts";
import { sshKeyRefused } from "./ssh-key-refused.ts";
import { sshNotAllowed } from "./ssh-not-allowed.ts";
import { sshPermissionsTooOpen } from "./ssh-permissions-too-open.ts";
import { sshPortBlocked } from "./ssh-port-blocked.ts";
import { sshRewrittenToHttps } from "./ssh-rewritten-to-https.ts";
import { sshTooManyKeys } from "./ssh-too-many-keys.ts";
import { staleStoredCredential } from "./stale-stored-credential.ts";
import { storedCredentialErased } from "./stored-credential-erased.ts";
import { tlsUntrusted } from "./tls-untrusted.ts";
import { tokenExpired } from "./token-expired.ts";
import { tokenExpiresSoon } from "./token-expires-soon.ts";
import { tokenForOtherRepository } from "./token-for-other-repository.ts";
import { tokenMalformed } from "./token-malformed.ts";
import { tokenRefused } from "./token-refused.ts";
import { tokenUnscoped } from "./token-unscoped.ts";
import { twoStepRequired } from "./two-step-required.ts";
import { untrustedRepositorySetting } from "./untrusted-repository-setting.ts";
import { urlOnceStands } from "./url-once-stands.ts";
import { usernamePinnedInUrl } from "./username-pinned-in-url.ts";
import { writeScopeMissing } from "./write-scope-missing.ts";
import { wrongUsernameForToken } from "./wrong-username-for-token.ts";

/** The whole registry, in reading order: what is sent, where it hides, what is around it, SSH, the ground it stands on. */
export const CHECKS: readonly AnyCheck[] = [
  appPasswordSent,
  accountPasswordSent,
  emailAsGitUsername,
  wrongUsernameForToken,
  tokenMalformed,
  tokenExpired,
  tokenExpiresSoon,
  tokenUnscoped,
  tokenForOtherRepository,
  tokenRefused,
  readScopeMissing,
  writeScopeMissing,
  scopeExcessive,
  repositoryNotAccessible,
  // They say why there is none, so they come before it.
  accountsUnreadable,
  accountsNotAsked,
  noCredential,
  storedCredentialErased,
  failsWithoutTerminal,
  extraHeaderShadows,
  urlOnceStands,
  secretInRemoteUrl,
  secretInInsteadof,
  secretInLfsUrl,
  secretInSubmoduleUrl,
  usernamePinnedInUrl,
  detourInUrl,
  netrcShadows,
  helperShadowed,
  helperMissing,
  accountsOverlap,
  envConfigShadows,
  askpassBroken,
  ideKeepsPassword,
  staleStoredCredential,
  gcmRejectsApiToken,
  sourcetreeAccountStale,
  sourcetreeTooOld,
  credentialFileReadable,
  repositoryOwnerDiffers,
  untrustedRepositorySetting,
  ipNotAllowed,
  twoStepRequired,
  branchRestricted,
  rateLimited,
  serviceUnavailable,
  hostUnreachable,
  proxyRefused,
  tlsUntrusted,
  clockSkewed,
  restEndpointRemoved,
  sshKeyRefused,
  sshTooManyKeys,
  sshKeyReadOnly,
  sshKeyForOtherRepository,
  sshHostKeyChanged,
  sshHostKeyUnknown,
  sshPortBlocked,
  sshPermissionsTooOpen,
  sshRewrittenToHttps,
  sshClientMissing,
  sshNotAllowed,
  gitMissing,
  gitTooOld,
  configUnreadable,
];
