/** Every fault that has a name. An id is never renamed: it is a file name, a page, a rule id and a word people search for. */
export const CHECK_IDS = [
  // What is sent
  "app-password-sent",
  "account-password-sent",
  "email-as-git-username",
  "wrong-username-for-token",
  "token-malformed",
  "token-expired",
  "token-expires-soon",
  "token-unscoped",
  "token-for-other-repository",
  "token-refused",
  "read-scope-missing",
  "write-scope-missing",
  "scope-excessive",
  "repository-not-accessible",
  "no-credential",
  "stored-credential-erased",
  "fails-without-terminal",
  // Where it hides, or what stands in front of it
  "extra-header-shadows",
  "url-once-stands",
  "secret-in-remote-url",
  "secret-in-insteadof",
  "secret-in-lfs-url",
  "secret-in-submodule-url",
  "username-pinned-in-url",
  "detour-in-url",
  "netrc-shadows",
  "helper-shadowed",
  "helper-missing",
  "accounts-unreadable",
  "accounts-not-asked",
  "accounts-overlap",
  "env-config-shadows",
  "askpass-broken",
  "ide-keeps-password",
  "stale-stored-credential",
  "gcm-rejects-api-token",
  "sourcetree-account-stale",
  "sourcetree-too-old",
  "credential-file-readable",
  "repository-owner-differs",
  "untrusted-repository-setting",
  // Around it
  "ip-not-allowed",
  "two-step-required",
  "branch-restricted",
  "rate-limited",
  "service-unavailable",
  "host-unreachable",
  "proxy-refused",
  "tls-untrusted",
  "clock-skewed",
  "rest-endpoint-removed",
  // SSH
  "ssh-key-refused",
  "ssh-too-many-keys",
  "ssh-key-read-only",
  "ssh-key-for-other-repository",
  "ssh-host-key-changed",
  "ssh-host-key-unknown",
  "ssh-port-blocked",
  "ssh-permissions-too-open",
  "ssh-rewritten-to-https",
  "ssh-client-missing",
  "ssh-not-allowed",
  // The ground it stands on
  "git-missing",
  "git-too-old",
  "config-unreadable",
] as const;

/** Faults that only show in files, wherever they lie: what a scan finds. Some of those above show there as well. */
export const FILE_IDS = [
  "app-password-in-file",
  "token-in-file",
  "password-in-file",
  "credential-in-history",
  "app-password-expected",
  "one-user-for-git-and-rest",
  "tool-without-api-tokens",
  "token-kept",
  "credential-named",
  "data-center-token",
] as const;

export const ALL_IDS = [...CHECK_IDS, ...FILE_IDS] as const;

export type CheckId = (typeof ALL_IDS)[number];

export function isCheckId(text: string): text is CheckId {
  return (ALL_IDS as readonly string[]).includes(text);
}
