/** Steps that several remedies propose. Pure. */
import type { Remedy } from "../core/finding.ts";
import type { CheckId } from "../core/ids.ts";
import { pinStep } from "../core/pin.ts";
import {
  type Choices,
  type PlannedStep,
  type Safety,
  type Step,
  userInUrl,
  userOfWay,
} from "../core/plan.ts";
import { cleanUrl } from "../core/remote-url.ts";
import { type ConfigEntry, OWN_HELPER, type RemoteUrl, type Route, type Source } from "../core/setup.ts";

export function planned(
  phase: PlannedStep["phase"],
  safety: Safety,
  answers: CheckId,
  step: Step,
): PlannedStep {
  return { phase, safety, answers, step };
}

/** The machine's configuration, a company's include and files the repository carries belong to more than one person. */
export function safetyOf(entry: ConfigEntry | null): Safety {
  return entry?.scope === "system" || entry?.scope === "unknown" || entry?.foreign ? "ask" : "safe";
}

/** Puts the clean URL where this one stands. Nothing for a URL that no file holds. */
export function cleanUrlStep(
  id: CheckId,
  safety: Safety,
  entry: ConfigEntry | null,
  url: RemoteUrl,
  user: string | null,
): PlannedStep[] {
  if (entry?.file == null) return [];
  const name = { key: entry.key, occurrence: entry.occurrence };
  return [
    planned("change", safety, id, {
      kind: "set-config",
      file: entry.file,
      entry: name,
      to: cleanUrl(url, user),
    }),
  ];
}

/** Names this user in the URL of a way. */
export function pinSteps(id: CheckId, route: Route, user: string): PlannedStep[] {
  const step = pinStep(route, user);
  return step === null ? [] : [planned("change", "safe", id, step)];
}

/** Takes an entry out of its configuration file. */
export function dropEntryStep(id: CheckId, safety: Safety, entry: ConfigEntry | null): PlannedStep[] {
  if (entry?.file == null) return [];
  const name = { key: entry.key, occurrence: entry.occurrence };
  return [planned("change", safety, id, { kind: "unset-config", file: entry.file, entry: name })];
}

/** Makes the place that keeps a stale credential forget it, once the new one is proved. */
function forgetSteps(id: CheckId, source: Source): PlannedStep[] {
  const user = source.user;
  if (source.kind !== "helper" || user === null) return [];
  if (source.label === "store" && source.stored !== null) {
    const entry = { host: "bitbucket.org", username: user, path: source.path, occurrence: source.occurrence };
    return [planned("cleanUp", "safe", id, { kind: "drop-stored", file: source.stored.file, entry })];
  }
  // Our own helper forgets nothing on anybody's word: its token goes with its account.
  if (source.helper === null || source.helper.startsWith("!") || source.label === OWN_HELPER) return [];
  const step: Step = {
    kind: "helper-erase",
    helper: source.helper,
    host: "bitbucket.org",
    path: source.path,
    username: user,
  };
  return [planned("cleanUp", "safe", id, step)];
}

/** A header, a URL or a shell helper stands in the way until it is gone; stored entries are forgotten at the end. */
export function removalSteps(id: CheckId, source: Source, choices: Choices, url: RemoteUrl): PlannedStep[] {
  if (choices.with === "forget") return forgetSteps(id, source);
  const safety = safetyOf(source.entry);
  if (source.kind === "header") return dropEntryStep(id, safety, source.entry);
  if (source.kind === "helper" && source.helper?.startsWith("!"))
    return dropEntryStep(id, "ask", source.entry);
  if (source.kind === "url") {
    // An insteadOf with a password in its base applies to every repository; it is dropped, the URL itself is clean.
    if (source.entry?.section === "url") return dropEntryStep(id, safety, source.entry);
    return cleanUrlStep(id, safety, source.entry, url, userInUrl(choices));
  }
  return forgetSteps(id, source);
}

/** A token that may stay needs another user name: the URL is cleaned of the wrong one, the rest is a replacement. */
export function renameSteps(id: CheckId, source: Source, choices: Choices, route: Route): PlannedStep[] {
  // Our own helper answers to the name in the URL, whatever it is.
  const keepsName = choices.with === "forget" || choices.with === "helper";
  const pinned = source.kind !== "url" && route.url.user !== null && !keepsName;
  const renamed = pinned ? pinSteps(id, route, userOfWay(choices)) : [];
  return [...renamed, ...removalSteps(id, source, choices, route.url)];
}

/** The remedy for a credential that no longer opens anything: a new token, and this one out of the way. */
export function replaceCredential(
  id: CheckId,
  used: Source | null,
  url: RemoteUrl | null,
  summary: string | ((source: Source) => string),
): Remedy | null {
  if (used === null || url === null) return null;
  return {
    // A helper that is somebody's shell command is more than Bitbucket's credential.
    safety: used.helper?.startsWith("!") ? "ask" : "safe",
    summary: typeof summary === "string" ? summary : summary(used),
    needsToken: true,
    steps: (choices) => removalSteps(id, used, choices, url),
  };
}
