/** Who asks Bitbucket over SSH, for all destinations of one set-up. */
import type { HostKey } from "../core/bitbucket.ts";
import type { SshAgent, SshAttempt, SshDestination, SshKey } from "../core/ssh.ts";
import type { SshResult } from "../world/ports.ts";
import { readAgent } from "./ssh-agent.ts";
import { askOverSsh, type Question, type Target } from "./ssh-ask.ts";
import { type Around, attemptOf, type Heard, hear } from "./ssh-attempt.ts";
import type { SshProgram } from "./ssh-client.ts";
import { Turns } from "./turns.ts";
import type { Eyes } from "./world.ts";

/** What is the same for all questions. */
export interface Ground {
  cwd: string;
  published: readonly HostKey[];
  /** A person works here, whom ssh would ask for a passphrase. */
  mayAsk: boolean;
}

/** At once: a server that has many who have not signed in yet turns others away. */
const AT_ONCE = 3;

/** An answer, as it came and as it is understood. */
export interface Answered {
  result: SshResult;
  heard: Heard;
  around: Around;
}

export class SshAsker {
  private readonly turns = new Turns(AT_ONCE);
  private readonly agents = new Map<string | null, Promise<SshAgent>>();

  constructor(
    private readonly eyes: Eyes,
    private readonly program: SshProgram,
    private readonly ground: Ground,
  ) {}

  /** Each agent is asked once. */
  agent(socket: string | null): Promise<SshAgent> {
    const known = this.agents.get(socket) ?? readAgent(this.eyes, socket);
    this.agents.set(socket, known);
    return known;
  }

  /** Null where the program cannot be run. */
  async ask(destination: SshDestination, about: Question["about"], letIn: boolean): Promise<Answered | null> {
    const { eyes, program, ground } = this;
    const to: Target = { name: destination.name, user: destination.user, port: destination.port };
    const [result, agent] = await Promise.all([
      this.turns.take(() => askOverSsh(eyes, program, { to, about, letIn }, ground.cwd)),
      this.agent(destination.resolved.agent),
    ]);
    if (result === null) return null;
    const { resolved, identities } = destination;
    const keys = [...agent.keys, ...identities.flatMap(({ key }) => key ?? [])];
    const byFingerprint = new Map<string, SshKey>(keys.map((key) => [key.fingerprint, key]));
    const around: Around = { resolved, identities, keys: byFingerprint, ...ground };
    return { result, heard: hear(eyes, result, around), around };
  }

  async signIn(destination: SshDestination, letIn: boolean): Promise<SshAttempt | null> {
    const answered = await this.ask(destination, null, letIn);
    return answered && attemptOf(answered.heard, answered.result.stdout, answered.around);
  }
}
