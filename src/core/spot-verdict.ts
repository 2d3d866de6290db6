/** Which fault a place with a credential is, and how grave: by what it is and where it stands. Pure. */
import type { Confidence, Severity } from "./finding.ts";
import type { CheckId } from "./ids.ts";
import type { FileRole, Spot } from "./spot.ts";

export interface Verdict {
  id: CheckId;
  severity: Severity;
  confidence: Confidence;
}

/** What lies there is read by people and by nobody's Git: to be removed, but nothing stands still because of it. */
const QUIET: ReadonlySet<FileRole> = new Set(["log", "shell-history", "backup", "cache", "example"]);

/** What is written there is shown, not used. */
const SHOWN: ReadonlySet<FileRole> = new Set(["documentation", "example", "cache", "log"]);

/** Files that people share, or that others than its owner come by. */
const SHARED: ReadonlySet<FileRole> = new Set(["source", "documentation", "log", "shell-history", "backup"]);

function verdict(id: CheckId, severity: Severity, confidence: Confidence = "certain"): Verdict {
  return { id, severity, confidence };
}

const isAppPassword = ({ kind }: Spot): boolean => kind === "app-password" || kind === "legacy-app-password";

/** What only names a credential, or should be one and is not. */
function ofName(spot: Spot): Verdict {
  const milder = SHOWN.has(spot.role) ? "note" : "warning";
  if (spot.certainty === "missing") return verdict("stored-credential-erased", "warning", "likely");
  if (spot.trouble === "one-user-for-git-and-rest")
    return verdict("one-user-for-git-and-rest", milder, "likely");
  if (spot.trouble === "tool-without-api-tokens") return verdict("tool-without-api-tokens", milder, "likely");
  if (!isAppPassword(spot)) return verdict("credential-named", "note", "possible");
  // A name alone proves nothing: people keep names and put new tokens behind them.
  const isByShape = spot.certainty === "legacy-by-shape";
  return verdict("app-password-expected", isByShape ? milder : "note", isByShape ? "likely" : "possible");
}

function ofAppPassword(spot: Spot): Verdict {
  const isSure = spot.certainty === "literal-verified";
  return verdict(
    "app-password-in-file",
    QUIET.has(spot.role) ? "warning" : "error",
    isSure ? "certain" : "likely",
  );
}

/** A token is at home where Git or its owner's settings keep it, and nobody else reads it. */
function ofToken(spot: Spot): Verdict {
  const { role, readers, tracked, trouble, format, alive } = spot;
  const confidence = spot.certainty === "literal-verified" ? "certain" : "likely";
  if (trouble === "wrong-user")
    return verdict("wrong-username-for-token", QUIET.has(role) ? "warning" : "error", confidence);
  if (trouble === "one-user-for-git-and-rest")
    return verdict("one-user-for-git-and-rest", "warning", confidence);
  const isInUrl = format === "git-config";
  if (role === "example" || role === "cache" || alive === "dead")
    return verdict("token-in-file", "warning", confidence);
  if (isInUrl || tracked === true || SHARED.has(role)) return verdict("token-in-file", "error", confidence);
  return readers === "group" || readers === "everyone"
    ? verdict("credential-file-readable", "warning", confidence)
    : verdict("token-kept", "note", confidence);
}

/** The one fault that a place is. */
export function verdictOf(spot: Spot): Verdict {
  const { secret } = spot;
  if (secret === null) return ofName(spot);
  if (spot.kind === "data-center") return verdict("data-center-token", "note");
  const isDamaged = secret.checksum === "wrong" || secret.checksum === "missing";
  if (isDamaged) return verdict("token-malformed", "note", "likely");
  if (spot.history !== null) {
    const isLive = spot.kind === "api-token" || spot.kind === "access-token";
    return verdict("credential-in-history", isLive && spot.alive !== "dead" ? "error" : "warning");
  }
  if (isAppPassword(spot)) return ofAppPassword(spot);
  if (spot.kind === "api-token" || spot.kind === "access-token") return ofToken(spot);
  return verdict("password-in-file", SHOWN.has(spot.role) ? "note" : "warning", "possible");
}
