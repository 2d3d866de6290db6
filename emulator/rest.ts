/** REST: finds the endpoint, decides whether the request may use it, adds what every answer tells. */
import {
  baseUrlWrong,
  credentialHeaders,
  endpointRemoved,
  noSuchAddress,
  otherRepository,
  restRefusal,
  restScopeMissing,
} from "./answers.ts";
import { authenticate, type Outcome } from "./authenticate.ts";
import { type Call, type Emulated, viewOf } from "./emulated.ts";
import { identify } from "./identify.ts";
import { ENDPOINTS, type Endpoint } from "./rest-endpoints.ts";
import { neededOf, suffices } from "./scopes.ts";
import { type Credential, covers, ownerOf, type Repository, repositoryNamed } from "./world.ts";

/** Removed by CHANGE-2770. [doc] */
const REMOVED = /^\/(repositories|workspaces|snippets|user\/permissions\/(repositories|workspaces))\/?$/;

type Found = { endpoint: Endpoint; parameters: Record<string, string> };

function endpointFor(method: string, path: string): Found | null {
  const asked = method === "HEAD" ? "GET" : method;
  for (const endpoint of ENDPOINTS) {
    const found = endpoint.method === asked && endpoint.path.exec(path);
    if (found) return { endpoint, parameters: { ...found.groups } };
  }
  return null;
}

/** For what belongs to no repository: whoever is known, with the scopes, and an account where one is needed. */
function admit(of: Emulated, call: Call, endpoint: Endpoint): Outcome {
  const identity = identify(viewOf(of), call.presented, "rest");
  const { credential } = identity;
  if (!identity.accepted) return { granted: false, refusal: identity.refusal, credential };
  const needsAccount = endpoint.about === "account";
  if (!credential && needsAccount) return { granted: false, refusal: "credential-needed", credential };
  if (credential && needsAccount && !ownerOf(of.world, credential))
    return { granted: false, refusal: "account-needed", credential };
  if (credential && !suffices(credential, endpoint.needed))
    return { granted: false, refusal: "scope-missing", credential };
  return { granted: true, credential };
}

function refused(
  of: Emulated,
  endpoint: Endpoint,
  outcome: Extract<Outcome, { granted: false }>,
  repository: Repository | null,
): Response {
  const { refusal, credential } = outcome;
  if (refusal === "scope-missing" && credential)
    return restScopeMissing(neededOf(credential, endpoint.needed), credential.scopes ?? []);
  const foreign = credential?.owner === null && repository && !covers(credential.limit, repository);
  if (refusal === "no-access" && foreign) return otherRepository(of.switches.otherRepositoryRest);
  return restRefusal(refusal, of.switches, endpoint.needed.legacy);
}

/** Refusals that mean the credential itself was not taken: nothing is told about it then. */
const isUnknown = (outcome: Outcome): boolean =>
  !outcome.granted &&
  !["scope-missing", "account-needed", "administrator-needed", "no-access"].includes(outcome.refusal);

function describe(of: Emulated, response: Response, endpoint: Endpoint, credential: Credential): void {
  const headers = credentialHeaders(credential, endpoint.needed.legacy, of.switches);
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  // [doc]: only access tokens are told, and only here.
  if (credential.owner !== null || endpoint.about !== "repository") return;
  response.headers.set("X-RateLimit-Limit", "1000");
  response.headers.set("X-RateLimit-Resource", "api-repositories");
  response.headers.set("X-RateLimit-NearLimit", "false");
}

async function serveEndpoint(of: Emulated, call: Call, found: Found): Promise<Response> {
  const { endpoint, parameters } = found;
  const { workspace = "", slug = "" } = parameters;
  const repository = repositoryNamed(of.world, workspace, slug);
  const outcome =
    endpoint.about === "repository"
      ? authenticate(viewOf(of), call.presented, {
          surface: "rest",
          repository,
          access: endpoint.access ?? "read",
          needed: endpoint.needed,
        })
      : admit(of, call, endpoint);
  const { credential } = outcome;
  const response = outcome.granted
    ? await endpoint.answer({ of, call, credential, repository, parameters })
    : refused(of, endpoint, outcome, repository);
  if (credential && !isUnknown(outcome)) describe(of, response, endpoint, credential);
  return response;
}

/** `path`: of the address, with `/2.0`. */
export async function serveRest(of: Emulated, call: Call, path: string): Promise<Response> {
  if (!/^\/2\.0(\/|$)/.test(path)) return baseUrlWrong();
  const below = path.slice(4);
  if (REMOVED.test(below)) {
    const identity = identify(viewOf(of), call.presented, "rest");
    const asks = of.switches.removedEndpointsNeedAuth;
    if (asks && call.presented.how === "none") return restRefusal("credential-needed", of.switches, []);
    if (asks && !identity.accepted) return restRefusal(identity.refusal, of.switches, []);
    return endpointRemoved();
  }
  const found = endpointFor(call.request.method, below);
  return found ? serveEndpoint(of, call, found) : noSuchAddress();
}
