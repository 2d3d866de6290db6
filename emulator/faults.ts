/** What can go wrong on the way to Bitbucket and in it. Faults are data in `switches.faults`. */
import type { RepositoryName } from "../src/core/bitbucket.ts";
import type { Service } from "./log.ts";

/** Which requests suffer a fault; what is absent fits all. */
interface Scope {
  host?: string;
  service?: Service;
  /** `workspace/slug` */
  repository?: string;
  /** How many requests suffer it; for ever if absent. Counts down. */
  times?: number;
}

/** Suffered before TLS: by the CONNECT itself. `service`, `repository` do not apply to these. */
export type TunnelFault =
  | { kind: "connect-refused"; status: 403 | 407 | 502 }
  | { kind: "unreachable" }
  | { kind: "tls"; problem: "untrusted" | "wrong-host" | "expired" };

/** Suffered by one HTTP request. */
export type RequestFault =
  | { kind: "rate-limited"; retryAfterSeconds: number }
  | { kind: "status"; status: number; type?: string; body?: string }
  /** `Infinity`: no answer ever comes. */
  | { kind: "slow"; milliseconds: number }
  /** The connection closes in the middle of the body of a good answer. */
  | { kind: "cut" }
  /** The `Date` header is wrong by so much. */
  | { kind: "clock-skew"; seconds: number };

export type Fault = (TunnelFault | RequestFault) & Scope;

const TUNNEL_KINDS: readonly string[] = ["connect-refused", "unreachable", "tls"];

/** A repository with such a name, as in Git LFS's test server, always suffers: no switch needed. */
const BY_NAME: Readonly<Record<string, RequestFault>> = {
  "fault-rate-limited": { kind: "rate-limited", retryAfterSeconds: 30 },
  "fault-unavailable": { kind: "status", status: 503 },
  "fault-cut": { kind: "cut" },
  "fault-slow": { kind: "slow", milliseconds: 1000 },
};

function isTunnelFault(fault: Fault): fault is TunnelFault & Scope {
  return TUNNEL_KINDS.includes(fault.kind);
}

function take<F extends Fault>(fault: F | undefined): F | null {
  if (fault?.times !== undefined) fault.times -= 1;
  return fault ?? null;
}

const isLeft = (fault: Fault): boolean => fault.times === undefined || fault.times > 0;

/** The fault that a CONNECT to this host suffers, used up by one. */
export function tunnelFault(faults: readonly Fault[], host: string): TunnelFault | null {
  const fitting = faults.filter(isTunnelFault);
  return take(fitting.find((fault) => isLeft(fault) && (fault.host ?? host) === host));
}

/** The fault that an HTTP request suffers, used up by one. */
export function requestFault(
  faults: readonly Fault[],
  request: { host: string; service: Service; repository: RepositoryName | null },
): RequestFault | null {
  const { host, service, repository } = request;
  const fullName = repository && `${repository.workspace}/${repository.repository}`;
  const found = faults.find(
    (fault) =>
      !isTunnelFault(fault) &&
      isLeft(fault) &&
      (fault.host ?? host) === host &&
      (fault.service ?? service) === service &&
      (fault.repository ?? fullName) === fullName,
  );
  const taken = take(found);
  if (taken && !isTunnelFault(taken)) return taken;
  return (repository && BY_NAME[repository.repository]) ?? null;
}
