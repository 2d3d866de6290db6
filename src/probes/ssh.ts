/** What ssh has, does and hears on the way to Bitbucket. Nothing of ssh is run where no URL leads over it. */
import { GIT_HOST, type HostKey, SSH_ALT_HOST, SSH_ALT_PORT, SSH_USER } from "../core/bitbucket.ts";
import type { Route } from "../core/setup.ts";
import type { SshAttempt, SshDestination, SshOutcome, SshView } from "../core/ssh.ts";
import type { RawEntry } from "./config.ts";
import { isOurs, type RawRoute } from "./routes.ts";
import { readAgent } from "./ssh-agent.ts";
import type { Target } from "./ssh-ask.ts";
import { type Ground, SshAsker } from "./ssh-asker.ts";
import { findClient, type SshProgram, whyForbidden } from "./ssh-client.ts";
import { isSameTarget, type RawDestination, resolveTarget, targetOf } from "./ssh-destinations.ts";
import { type Door, SshFollower } from "./ssh-outcomes.ts";
import type { Eyes } from "./world.ts";

/** What is wanted of SSH. */
export interface SshInquiry {
  routes: readonly RawRoute[];
  config: readonly RawEntry[];
  cwd: string;
  offline: boolean;
  trustRepository: boolean;
  hasTerminal: boolean;
  /** `wanted`: also how it would be if the remotes led over SSH. */
  ssh: "routes" | "wanted";
  published: readonly HostKey[];
}

const MAIN: Target = { name: GIT_HOST, user: SSH_USER, port: null };
const ALTERNATIVE: Target = { name: SSH_ALT_HOST, user: SSH_USER, port: SSH_ALT_PORT };

/** Ways over SSH. Of Git LFS, which asks there for a way over HTTPS, nothing is known. */
function waysOverSsh(routes: readonly RawRoute[]): { route: Route; target: Target }[] {
  return routes.flatMap(({ route }) => {
    const target = route.purpose === "lfs" ? null : targetOf(route.url);
    return target === null ? [] : [{ route, target }];
  });
}

function distinct(targets: readonly Target[]): Target[] {
  return targets.filter((one, at) => targets.findIndex((other) => isSameTarget(one, other)) === at);
}

/** Whether ssh would let the host in without a word, so that Git is not stopped by a key nobody knows. */
function isLetIn({ lets, destination }: RawDestination): boolean {
  if (destination.knownHosts.some(({ marker }) => marker === "revoked")) return false;
  return lets === "all" || (lets === "new" && destination.knownHosts.length === 0);
}

/** Whether today's keys would mend it: Bitbucket showed one of them, and ssh did not know it. */
function lacksOnlyTheKey(attempt: SshAttempt | null): boolean {
  const isAboutKey = attempt?.saying === "host-key-unknown" || attempt?.saying === "host-key-changed";
  return isAboutKey && attempt.serverKey?.is === "current";
}

/** Asks to sign in; where `wanted`, also past a host key that is only not known here yet. */
async function open(asker: SshAsker, raw: RawDestination, wanted: boolean): Promise<SshDestination> {
  const { destination } = raw;
  if (!destination.isBitbucket) return destination;
  const attempt = await asker.signIn(destination, isLetIn(raw));
  if (!wanted || !lacksOnlyTheKey(attempt)) return { ...destination, attempt };
  const pinned = await asker.signIn(destination, true);
  // Who answered this time is known only now.
  return { ...destination, attempt, pinned: pinned?.serverKey?.is === "current" ? pinned : null };
}

const SHUT: readonly (string | null | undefined)[] = ["port-blocked", "cut-off"];

/** The door for a repository that is reached over HTTPS today. */
function doorInstead(destinations: readonly SshDestination[]): Door | null {
  const at = (target: Target) => destinations.find((one) => isSameTarget(one, target));
  const [main, alternative] = [at(MAIN), at(ALTERNATIVE)];
  const destination = alternative?.attempt && SHUT.includes(main?.attempt?.saying) ? alternative : main;
  if (destination === undefined) return null;
  const { attempt, pinned } = destination;
  return pinned === null
    ? { destination, attempt, letIn: false }
    : { destination, attempt: pinned, letIn: true };
}

/** Why nobody was asked, and what Git would meet. */
function whyNot(
  program: SshProgram | null,
  forbidden: string | null,
  offline: boolean,
): Pick<SshOutcome, "state" | "saying" | "text"> {
  const refused = (text: string) => ({ state: "refused", saying: null, text }) as const;
  if (forbidden !== null) return refused(`Git may not use SSH here: ${forbidden}`);
  if (program === null) return refused("there is no ssh here that Git could run");
  const text = program.why ?? (offline ? "`--offline` looks at this machine only" : "ssh could not be run");
  return { state: "unknown", saying: null, text };
}

function nothing(eyes: Eyes): SshView {
  return {
    client: null,
    forbidden: null,
    home: eyes.self.sshHome,
    agent: { state: "none", keys: [] },
    destinations: [],
    outcomes: [],
  };
}

/** Looks at SSH, as far as the routes lead over it or it is asked for. */
export async function readSsh(eyes: Eyes, inquiry: SshInquiry): Promise<SshView> {
  const { routes, config, cwd, offline, published } = inquiry;
  const wanted = inquiry.ssh === "wanted";
  const ways = waysOverSsh(routes);
  const targets = distinct([...ways.map(({ target }) => target), ...(wanted ? [MAIN] : [])]);
  if (targets.length === 0) return nothing(eyes);
  const forbidden = whyForbidden(eyes, config);
  const trusted = inquiry.trustRepository;
  const program = forbidden === null ? await findClient(eyes, config, { cwd, trusted }) : null;
  const ground: Ground = { cwd, published, mayAsk: inquiry.hasTerminal };
  const asker = program?.argv ? new SshAsker(eyes, program, ground) : null;
  const opened = async (target: Target) => {
    const raw = await resolveTarget(eyes, program, target, ground);
    const lets = isLetIn(raw);
    const destination = asker === null || offline ? raw.destination : await open(asker, raw, wanted);
    return { destination, letIn: lets };
  };
  const doors = await Promise.all(targets.map(opened));
  const isShut = doors.some(
    ({ destination }) => isSameTarget(destination, MAIN) && SHUT.includes(destination.attempt?.saying),
  );
  if (wanted && isShut && !targets.some((one) => isSameTarget(one, ALTERNATIVE)))
    doors.push(await opened(ALTERNATIVE));
  const destinations = doors.map(({ destination }) => destination);
  const follower = new SshFollower(asker, whyNot(program, forbidden, offline));
  const present = ways.flatMap(({ route, target }) => {
    const door = doors.find(({ destination }) => isSameTarget(destination, target));
    if (!door?.destination.isBitbucket) return [];
    return [follower.follow(route, { ...door, attempt: door.destination.attempt })];
  });
  const instead = wanted ? doorInstead(destinations) : null;
  const possible =
    instead === null ? [] : routes.filter(isOurs).map(({ route }) => follower.follow(route, instead));
  const its = destinations.find(({ isBitbucket }) => isBitbucket);
  const socket = its ? its.resolved.agent : (eyes.self.env.SSH_AUTH_SOCK ?? null);
  const [outcomes, agent] = await Promise.all([
    Promise.all([...present, ...possible]),
    its === undefined || forbidden !== null
      ? nothing(eyes).agent
      : (asker?.agent(socket) ?? readAgent(eyes, socket)),
  ]);
  return { ...nothing(eyes), client: program?.client ?? null, forbidden, agent, destinations, outcomes };
}
