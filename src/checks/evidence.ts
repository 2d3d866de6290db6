/** Sentences and selections that several checks share. Pure. */
import { KIND_WORDS } from "../core/bitbucket.ts";
import type { Found } from "../core/check.ts";
import type { Confidence, EvidenceSource, Observation, Severity } from "../core/finding.ts";
import { nameOf } from "../core/secret.ts";
import type {
  Answer,
  Attempt,
  ConfigEntry,
  Intent,
  Location,
  Outcome,
  Route,
  Source,
} from "../core/setup.ts";
import { labelOf } from "../core/source-label.ts";
import { isWanted } from "../core/wanted.ts";

/** `git fetch origin`: what a person would type to meet this outcome. */
export function commandOf(route: Route): string {
  if (route.purpose === "url") return route.direction === "fetch" ? "git clone" : "git push";
  if (route.purpose === "lfs") return route.direction === "fetch" ? "git lfs pull" : "git lfs push";
  if (route.purpose === "submodule") return "git submodule update";
  return `git ${route.direction}${route.remote === null ? "" : ` ${route.remote}`}`;
}

export function entryLocation(entry: ConfigEntry | null): Location | null {
  return entry?.file ? { file: entry.file, line: entry.line, scope: entry.scope } : null;
}

/** Where a person would look for the credential: where it is kept, else where its keeper is configured. */
export function locationOf(source: Source | null): Location | null {
  return source?.stored ?? source?.configured ?? null;
}

/** A configuration entry as a source: its file, or the variable or option it came by. */
export function fromEntry(entry: ConfigEntry): EvidenceSource {
  return entry.file === null
    ? { kind: "command", command: "`GIT_CONFIG_…` or `git -c`" }
    : { kind: "config", file: entry.file, line: entry.line, scope: entry.scope };
}

function fromLocation(location: Location | null, fallback: string): EvidenceSource {
  if (location === null) return { kind: "command", command: fallback };
  const { file, line, scope } = location;
  return scope === null ? { kind: "file", file, line } : { kind: "config", file, line, scope };
}

export function statusOf(answer: Answer | undefined | null): number | null {
  return answer?.kind === "http" ? answer.status : null;
}

/** "`git fetch origin` is answered 410". */
export function answerEvidence(outcome: Outcome): Observation[] {
  const { last, route } = outcome;
  if (last === null || last.answer.kind === "none") return [];
  const service = route.direction === "fetch" ? "git-upload-pack" : "git-receive-pack";
  const request = `GET ${route.url.path}/info/refs?service=${service}`;
  const observed: Observation[] = [
    {
      what: `\`${commandOf(route)}\` is answered ${last.answer.status}`,
      source: { kind: "http", request, status: last.answer.status },
    },
  ];
  const text = last.answer.text.split("\n", 1)[0];
  if (text)
    observed.push({
      what: `Bitbucket says: ${text}`,
      source: { kind: "http", request, status: last.answer.status },
    });
  return observed;
}

/** "`store` answers for bitbucket.org as `ana` with an app password ‹6f1c›". */
export function sourceEvidence(attempt: Attempt): Observation[] {
  const { source, user, secret } = attempt;
  if (source === null || secret === null) return [];
  const as = user ? ` as \`${user}\`` : "";
  return [
    {
      what: `${labelOf(source)} gives ${KIND_WORDS[secret.kind]} ${nameOf(secret)}${as}`,
      source: fromLocation(
        locationOf(source),
        source.kind === "helper" ? `git credential-${source.label} get` : "environment",
      ),
    },
  ];
}

/** Both parts together: what was answered, and what was sent. */
export function refusalEvidence(outcomes: readonly Outcome[]): Observation[] {
  const last = outcomes[0]?.last;
  const answers = outcomes.flatMap(answerEvidence);
  const distinct = answers.filter(
    ({ what }, index) => answers.findIndex((one) => one.what === what) === index,
  );
  return [...distinct, ...(last ? sourceEvidence(last) : [])];
}

/** A refusal that nobody minds is a remark: a push, where only fetching is wanted. */
export function severityOf(outcomes: readonly Pick<Outcome, "route">[], intent: Intent): Severity {
  const matters = outcomes.some(({ route }) => isWanted(route, intent));
  return matters ? "error" : "note";
}

/** Outcomes that end on the same credential from the same place, together. */
export function byCredential(outcomes: readonly Outcome[]): Outcome[][] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    const location = locationOf(outcome.used);
    const key = [
      outcome.last?.secret?.ref,
      outcome.used?.kind,
      location?.file,
      location?.line,
      outcome.last?.user,
    ].join("\0");
    groups.set(key, [...(groups.get(key) ?? []), outcome]);
  }
  return [...groups.values()];
}

/** One finding for each credential that ends in such outcomes. */
export function foundPerCredential<A>(
  outcomes: readonly Outcome[],
  intent: Intent,
  confidence: Confidence | ((outcome: Outcome) => Confidence),
  argsOf: (outcome: Outcome, group: readonly Outcome[]) => A,
): Found<A>[] {
  return byCredential(outcomes).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [
      {
        args: argsOf(first, group),
        severity: severityOf(group, intent),
        confidence: typeof confidence === "function" ? confidence(first) : confidence,
        cause: true,
        location: locationOf(first.used),
        evidence: refusalEvidence(group),
      },
    ];
  });
}

/** `acme/site`, or the path as it stands. */
export function repositoryName(route: Route): string {
  const { repository, path } = route.url;
  return repository ? `${repository.workspace}/${repository.repository}` : path.replace(/^\//, "");
}

/** "the remote `origin`", "the submodule `vendor`". */
export function labelOfRoute(route: Route | null): string {
  if (route === null || route.purpose === "url") return "the URL";
  if (route.purpose === "lfs") return "Git LFS";
  if (route.purpose === "submodule") return `the submodule \`${route.remote ?? ""}\``;
  return route.remote === null ? "the URL" : `the remote \`${route.remote}\``;
}
