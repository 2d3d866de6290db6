/** One HTTPS request: taken apart, logged, spoiled if a fault fits, answered by the part that knows. */
import { GIT_HOST, REST_HOST, type RepositoryName, repositoryOf } from "../src/core/bitbucket.ts";
import { challengeFor, gitRefusal, rateLimited, wrongRestHost } from "./answers.ts";
import { authenticate } from "./authenticate.ts";
import { plainHost, redirectHome, WWW_HOST } from "./detours.ts";
import { type Call, type Emulated, presentedIn, viewOf } from "./emulated.ts";
import { type RequestFault, requestFault } from "./faults.ts";
import { serveGit } from "./git.ts";
import { serveLfs } from "./lfs.ts";
import { entryFor, type LogEntry, type Service } from "./log.ts";
import { serveRest } from "./rest.ts";
import { serveArchive, servePage } from "./website.ts";
import { type Repository, repositoryNamed } from "./world.ts";

/** What the address asks for. */
interface Place {
  service: Service;
  name: RepositoryName | null;
  /** What follows the part that told the service: a Git action, an LFS path, an archive's name. */
  rest: string;
}

const PLACES: readonly [RegExp, (url: URL) => Service][] = [
  [/^\/[^/]+\/[^/]+\/info\/lfs\/(.+)$/, () => "lfs"],
  [/^\/[^/]+\/[^/]+(\/git-upload-pack)$/, () => "git-upload-pack"],
  [/^\/[^/]+\/[^/]+(\/git-receive-pack)$/, () => "git-receive-pack"],
  [
    /^\/[^/]+\/[^/]+(\/info\/refs)$/,
    (url) =>
      url.searchParams.get("service") === "git-receive-pack" ? "git-receive-pack" : "git-upload-pack",
  ],
  [/^\/[^/]+\/[^/]+\/get\/(.+)$/, () => "archive"],
];

/** Addresses that once led to REST on the Git host. [doc CHANGE-3052] */
const REST_ON_GIT_HOST = /^\/!?api(?=\/)/;

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function placeOf(host: string, url: URL): Place {
  const path = decoded(url.pathname);
  if (host === REST_HOST) {
    const inside = /^\/2\.0\/repositories(\/[^/]+\/[^/]+)/.exec(path)?.[1];
    return { service: "rest", name: inside ? repositoryOf(inside) : null, rest: path };
  }
  if (REST_ON_GIT_HOST.test(path)) return { service: "rest", name: null, rest: path };
  for (const [pattern, service] of PLACES) {
    const found = pattern.exec(path);
    if (found) return { service: service(url), name: repositoryOf(path), rest: found[1] ?? "" };
  }
  return { service: "web", name: repositoryOf(path), rest: path };
}

function gitAnswer(
  of: Emulated,
  call: Call,
  place: Place,
  repository: Repository | null,
): Promise<Response> | Response {
  const access = place.service === "git-receive-pack" ? "write" : "read";
  const outcome = authenticate(viewOf(of), call.presented, { surface: "git", repository, access });
  if (!outcome.granted) return gitRefusal(outcome.refusal, of.switches);
  if (!repository) return gitRefusal("no-access", of.switches);
  const query = call.url.search.slice(1);
  const { request } = call;
  return serveGit(
    { request, repository, action: place.rest, query, credential: outcome.credential },
    of.storage,
    of.children,
    of.switches.advertisementServiceLineLf,
  );
}

function answer(of: Emulated, host: string, call: Call, place: Place): Promise<Response> | Response {
  const { name, rest, service } = place;
  if (host === WWW_HOST) return redirectHome(call.url);
  const repository = name && repositoryNamed(of.world, name.workspace, name.repository);
  switch (service) {
    case "rest":
      if (host === REST_HOST) return serveRest(of, call, rest);
      if (call.presented.how !== "none") return wrongRestHost(of.switches.restOnGitHost);
      return serveRest(of, call, rest.replace(REST_ON_GIT_HOST, ""));
    case "lfs":
      return serveLfs(of, call, repository, rest);
    case "archive":
      return serveArchive(of, call, repository, rest);
    case "web":
      return servePage(of, call.url, repository);
    default:
      return gitAnswer(of, call, place, repository);
  }
}

const UNAVAILABLE =
  "<!DOCTYPE html><html><head><title>Bitbucket</title></head><body>Unavailable</body></html>\n";

function spoiled(fault: RequestFault | null, service: Service): Response | null {
  if (fault?.kind === "rate-limited") return rateLimited(service === "rest", fault.retryAfterSeconds);
  if (fault?.kind !== "status") return null;
  const { status, type = "text/html; charset=utf-8", body = UNAVAILABLE } = fault;
  return new Response(body, { status, headers: { "Content-Type": type, ...challengeFor(status) } });
}

function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (Number.isFinite(milliseconds)) setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}

/** Sends half of the body, if there is one, then closes the connection. */
async function halved(response: Response, cut: () => void): Promise<Response> {
  const whole = new Uint8Array(await response.arrayBuffer());
  if (whole.length === 0) cut();
  const body = new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(whole.subarray(0, Math.max(1, whole.length >> 1)));
      // Long enough for the first half to be on its way.
      await Bun.sleep(30);
      cut();
    },
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

/** A mistake of the emulator's own must not pass for one of Bitbucket's. */
function mishap(error: unknown): Response {
  const text = `The emulator failed: ${error instanceof Error ? error.message : String(error)}`;
  return new Response(text, { status: 500, headers: { "Content-Type": "text/plain" } });
}

async function answerOrMishap(of: Emulated, host: string, call: Call, place: Place): Promise<Response> {
  try {
    return await answer(of, host, call, place);
  } catch (error) {
    return mishap(error);
  }
}

function hostOf({ hostname }: URL): string {
  const host = plainHost(hostname);
  return host === REST_HOST || host === WWW_HOST ? host : GIT_HOST;
}

/** What `serve` needs of the connection. */
export interface Wire {
  log: (entry: LogEntry) => void;
  /** Closes the connection of this request. */
  cut: (request: Request) => void;
}

/** Answers one request. */
export async function serve(of: Emulated, wire: Wire, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const host = hostOf(url);
  const presented = presentedIn(request.headers);
  const place = placeOf(host, url);
  const entry = entryFor(of.world, { host, method: request.method, url, service: place.service, presented });
  wire.log(entry);
  const fault = requestFault(of.switches.faults, { host, service: place.service, repository: place.name });
  if (fault?.kind === "slow") await delay(fault.milliseconds, request.signal);
  const response =
    spoiled(fault, place.service) ?? (await answerOrMishap(of, host, { request, url, presented }, place));
  entry.status = response.status;
  const skew = fault?.kind === "clock-skew" ? fault.seconds * 1000 : 0;
  response.headers.set("Date", new Date(Date.now() + skew).toUTCString());
  response.headers.set("Server", "AtlassianEdge");
  // A pooled connection of the program under test would escape the faults of the next tunnel. Git pools nothing.
  if (!request.headers.get("user-agent")?.startsWith("git/")) response.headers.set("Connection", "close");
  return fault?.kind === "cut" && response.ok ? halved(response, () => wire.cut(request)) : response;
}
