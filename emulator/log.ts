/** What arrived, without the secrets: a credential is named by its label. */
import { mask } from "../src/core/url.ts";
import type { Presented } from "./identify.ts";
import type { World } from "./world.ts";

export type Service = "git-upload-pack" | "git-receive-pack" | "lfs" | "rest" | "archive" | "web";

/** One HTTP request. Safe to print. */
export interface LogEntry {
  readonly time: Date;
  readonly host: string;
  readonly method: string;
  /** With its query; secrets in it are masked. */
  readonly path: string;
  readonly service: Service;
  /** How the credential came. */
  readonly how: "none" | "basic" | "bearer";
  /** The user name sent with Basic; a secret sent as user name is written as its label. */
  readonly user: string | null;
  /** The label of the secret that arrived; `unknown` for a secret nobody issued; null when none was sent. */
  readonly credential: string | null;
  /** Zero until answered. */
  readonly status: number;
}

function labelOf(world: World, secret: string): string {
  return world.credentials.find((each) => each.secret === secret)?.label ?? "unknown";
}

function printableUser(world: World, user: string): string {
  const label = labelOf(world, user);
  return label === "unknown" ? mask(user) : `‹${label}›`;
}

function printablePath(url: URL): string {
  return mask(url.pathname + url.search.replace(/([?&]access_token=)[^&]*/g, "$1‹secret›"));
}

/** Makes the entry for a request. The answer's status is set later, by the server alone. */
export function entryFor(
  world: World,
  request: { host: string; method: string; url: URL; service: Service; presented: Presented },
): LogEntry & { status: number } {
  const { host, method, url, service, presented } = request;
  return {
    time: new Date(),
    host,
    method,
    path: printablePath(url),
    service,
    how: presented.how,
    user: presented.how === "basic" ? printableUser(world, presented.user) : null,
    credential: presented.how === "none" ? null : labelOf(world, presented.secret),
    status: 0,
  };
}
