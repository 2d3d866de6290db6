/** What the tables of SSH plans are written in: set-ups by a word or two, plans by a line for each step. */
import * as example from "../../src/checks/example.ts";
import * as sshExample from "../../src/checks/example-ssh.ts";
import { readPlan } from "../../src/contracts/plan.ts";
import type { Plan, PlannedStep } from "../../src/core/plan.ts";
import { readRemoteUrl } from "../../src/core/remote-url.ts";
import type { ConfigEntry, RemoteUrl, Route } from "../../src/core/setup.ts";
import type { IdentityFile, KnownHost, SshAttempt, SshDestination, SshView } from "../../src/core/ssh.ts";
import type { SshPlan, SshPlanInput } from "../../src/core/ssh-plan.ts";
import type { NoSsh } from "../../src/core/ssh-way.ts";

export const HOME = "/home/ana";
const CONFIG = "/srv/site/.git/config";

const urlOf = (text: string): RemoteUrl => readRemoteUrl(text, () => example.secret("app-password"));

/** A route by the key of its entry; pushes by `push`. */
export function way(
  key: string,
  url: string,
  more: Partial<Route> & { push?: boolean; file?: string | null; scope?: ConfigEntry["scope"] } = {},
): Route {
  const { push = false, file = CONFIG, scope = "local", ...rest } = more;
  const entry = example.configEntry(key, url, { file, scope, fromRepository: true });
  const purpose = /^submodule\./.test(key) ? "submodule" : /lfs/.test(key) ? "lfs" : "remote";
  return example.route({
    purpose,
    remote: entry.subsection,
    direction: push ? "push" : "fetch",
    url: urlOf(url),
    entry,
    ...rest,
  });
}

/** Fetch and push of a remote with one URL. */
export function both(key: string, url: string): Route[] {
  return [way(key, url), way(key, url, { push: true })];
}

export const ORIGIN = "https://bitbucket.org/acme/site.git";

export const refused: SshAttempt = sshExample.sshAttempt({
  state: "refused",
  saying: "key-refused",
  accepted: null,
  as: null,
  offered: [],
});

export const said = (saying: SshAttempt["saying"]): SshAttempt => ({ ...refused, saying });

/** Keys that ssh looks for by itself; `there` by name. */
export function identities(...there: string[]): IdentityFile[] {
  return ["id_rsa", "id_ecdsa", "id_ed25519"].map((name) => ({
    file: `${HOME}/.ssh/${name}`,
    state: there.includes(name) ? "there" : "missing",
    mode: there.includes(name) ? 0o600 : null,
    own: there.includes(name) ? true : null,
    key: null,
    locked: null,
  }));
}

/** `git@bitbucket.org` with nothing of ssh's set up. */
export function bare(more: Partial<SshDestination> = {}): SshDestination {
  return sshExample.sshDestination({
    identities: identities(),
    knownHosts: [],
    attempt: said("host-key-unknown"),
    ...more,
  });
}

export function alt(attempt: SshAttempt | null): SshDestination {
  const main = bare({ attempt });
  const { resolved } = main;
  return {
    ...main,
    name: "altssh.bitbucket.org",
    port: 443,
    resolved: { ...resolved, hostname: "altssh.bitbucket.org", port: 443 },
  };
}

export function known(is: KnownHost["is"], more: Partial<KnownHost> = {}): KnownHost {
  const key = { type: "ssh-rsa", fingerprint: `SHA256:${is}`, comment: null };
  return { file: `${HOME}/.ssh/known_hosts`, line: 1, hashed: false, marker: null, key, is, ...more };
}

export interface Scene extends Partial<Omit<SshPlanInput, "view" | "wish" | "ground" | "choices">> {
  view?: Partial<SshView>;
  wish?: Partial<SshPlanInput["wish"]>;
  ground?: Partial<SshPlanInput["ground"]>;
  accept?: SshPlanInput["choices"]["accept"];
}

/** A checkout whose one remote leads over HTTPS, on a machine without any key. */
export function inputFor(scene: Scene): SshPlanInput {
  const { view, wish, ground, accept = [], ...rest } = scene;
  const push = wish?.push ?? false;
  return {
    view: sshExample.ssh({ destinations: [bare()], outcomes: [], ...view }),
    routes: both("remote.origin.url", ORIGIN),
    config: [],
    findings: [],
    ground: {
      names: [],
      isOpen: false,
      isTaken: () => false,
      isOwn: (file) => file.startsWith(HOME),
      ...ground,
    },
    wish: { key: "person", isNamed: false, push, attended: true, type: "ed25519", ...wish },
    rest: false,
    label: "ana at server",
    choices: { accept, push },
    ...rest,
  };
}

const short = (text: string) => text.replaceAll(HOME, "~").replaceAll("/srv/site/", "");

function stepLine({ step, phase, safety }: PlannedStep): string {
  const mark = safety === "ask" ? " (asked)" : "";
  switch (step.kind) {
    case "put-ssh-key":
      return `${step.half} ${step.file}`;
    case "drop-known-host":
      return `drop ${step.entry.fingerprint} ${step.entry.occurrence} of ${step.entry.host} in ${step.file}`;
    case "add-known-hosts":
      return `pin ${step.host} in ${step.file}`;
    case "add-ssh-host": {
      const { host, ...values } = step.block;
      const said = Object.entries(values).flatMap(([name, value]) =>
        value === null ? [] : [`${name}=${value}`],
      );
      return `block ${host}: ${said.join(" ")}`;
    }
    case "register-key":
      return `register ${step.publicKey} with ${step.repository.workspace}/${step.repository.repository}`;
    case "set-config":
      return `${phase === "cleanUp" ? "" : `${phase}: `}${step.file} ${step.entry.key} = ${step.to}${mark}`;
    case "unset-config":
      return `${phase === "cleanUp" ? "" : `${phase}: `}${step.file} without ${step.entry.key}${mark}`;
    case "prove":
    case "verify": {
      const by = step.source?.kind === "ssh" ? ` by ${step.source.key ?? "what ssh has"}` : "";
      return `${step.kind} ${step.direction} ${step.url}${by}`;
    }
    case "person":
      return `person: ${step.what}`;
    default:
      return step.kind;
  }
}

/** Whoever writes a plan to a file must be able to read it again, with all that such a file may not say. */
function mustBeReadable({ steps, choice }: SshPlan): void {
  const choices = { with: "ssh", kind: "api-token", store: null, email: null, expires: null } as const;
  const plan: Plan = {
    schema: "git-rekey/plan@1",
    tool: { name: "git-rekey", version: "0.0.0" },
    uid: 1000,
    target: { kind: "repository", path: "/srv/site" },
    choices: { ...choices, push: false, accept: [], ssh: choice },
    needsToken: false,
    steps,
  };
  const read = readPlan(JSON.stringify(plan));
  if (!read.ok) throw new Error(`a plan file with this ${read.reason}`);
}

/** The plan, a line for each step; or why there is none. */
export function linesOf(made: SshPlan | NoSsh): string[] {
  if (!("noSsh" in made)) mustBeReadable(made);
  return "noSsh" in made ? [`no: ${short(made.noSsh)}`] : made.steps.map((one) => short(stepLine(one)));
}
