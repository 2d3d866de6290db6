/** What ssh has, does and hears on the way to Bitbucket. Nothing of ssh is run where no URL leads over it. */
import { GIT_HOST, type HostKey, SSH_ALT_HOST, SSH_ALT_PORT, SSH_USER } from "../core/bitbucket.ts";
import type { Route } from "../core/setup.ts";
import { destinationOf, isShut, type SshDestination, type SshOutcome, type SshView } from "../core/ssh.ts";
import type { RawEntry } from "./config.ts";
import { isOurs, type RawRoute } from "./routes.ts";
import type { Target } from "./ssh-ask.ts";
import { type Ground, SshAsker } from "./ssh-asker.ts";
import { findClient, type SshProgram, whyForbidden } from "./ssh-client.ts";
import { isSameTarget, resolveTarget, targetOf } from "./ssh-destinations.ts";
import { type Door, openDoor, pinnedDoor } from "./ssh-door.ts";
import { SshFollower } from "./ssh-outcomes.ts";
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

/** Of Git LFS, which asks over SSH for a way over HTTPS, nothing is known. */
const isFollowed = ({ purpose, url }: Route) => purpose !== "lfs" && url.transport === "ssh";

function targetsOf(routes: readonly Route[], wanted: boolean): Target[] {
  const named = routes.filter(isFollowed).flatMap(({ url }) => targetOf(url) ?? []);
  const all = wanted ? [...named, MAIN] : named;
  return all.filter((one, at) => all.findIndex((other) => isSameTarget(one, other)) === at);
}

const at = (doors: readonly Door[], target: Target): Door | undefined =>
  doors.find(({ destination }) => isSameTarget(destination, target));

/** Port 443 is tried where the usual one is shut. */
async function openAll(targets: readonly Target[], open: (target: Target) => Promise<Door>): Promise<Door[]> {
  const doors = await Promise.all(targets.map(open));
  const isNew = isShut(at(doors, MAIN)?.attempt?.saying) && at(doors, ALTERNATIVE) === undefined;
  return isNew ? [...doors, await open(ALTERNATIVE)] : doors;
}

/** The door for a repository that is reached over HTTPS today. */
function doorInstead(doors: readonly Door[]): Door | undefined {
  const [main, alternative] = [at(doors, MAIN), at(doors, ALTERNATIVE)];
  const door = isShut(main?.attempt?.saying) && alternative ? alternative : main;
  return door && pinnedDoor(door);
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

function followAll(
  { routes, ssh }: SshInquiry,
  doors: readonly Door[],
  follower: SshFollower,
): Promise<SshOutcome[]> {
  const destinations = doors.map(({ destination }) => destination);
  const instead = ssh === "wanted" ? doorInstead(doors) : undefined;
  const all = routes.flatMap((raw) => {
    const { route } = raw;
    const its = isFollowed(route) ? destinationOf({ destinations }, route) : null;
    const door = isOurs(raw) ? instead : doors.find(({ destination }) => destination === its);
    return door?.destination.isBitbucket ? [follower.follow(route, door)] : [];
  });
  return Promise.all(all);
}

const NO_AGENT: SshView["agent"] = { state: "none", keys: [] };

/** Where there is nothing to look at, and so no program is started. */
const NOTHING: SshView = {
  client: null,
  forbidden: null,
  home: null,
  agent: NO_AGENT,
  destinations: [],
  outcomes: [],
};

/** Looks at SSH, as far as routes lead over it or it is asked for. */
export async function readSsh(eyes: Eyes, inquiry: SshInquiry): Promise<SshView> {
  const { config, cwd, offline, published } = inquiry;
  const wanted = inquiry.ssh === "wanted";
  const targets = targetsOf(
    inquiry.routes.map(({ route }) => route),
    wanted,
  );
  if (targets.length === 0) return NOTHING;
  const forbidden = whyForbidden(eyes, config);
  const trusted = inquiry.trustRepository;
  const program = forbidden === null ? await findClient(eyes, config, { cwd, trusted }) : null;
  const ground: Ground = { cwd, published, mayAsk: inquiry.hasTerminal };
  const asker = program?.argv ? new SshAsker(eyes, program, ground) : null;
  const doors = await openAll(targets, async (target) => {
    const raw = await resolveTarget(eyes, program, target, ground);
    return openDoor(offline ? null : asker, raw, wanted);
  });
  const destinations: SshDestination[] = doors.map(({ destination }) => destination);
  const its = destinations.find(({ isBitbucket }) => isBitbucket);
  const [outcomes, agent] = await Promise.all([
    followAll(inquiry, doors, new SshFollower(asker, whyNot(program, forbidden, offline))),
    its && asker ? asker.agent(its.resolved.agent) : NO_AGENT,
  ]);
  const home = eyes.self.sshHome();
  return { client: program?.client ?? null, forbidden, home, agent, destinations, outcomes };
}
