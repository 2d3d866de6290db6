/** What fetches and pushes over SSH would meet: nothing is asked twice, and nothing of a server that lets nobody in. */
import type { Route } from "../core/setup.ts";
import type { SshOutcome } from "../core/ssh.ts";
import type { Question } from "./ssh-ask.ts";
import type { Answered, SshAsker } from "./ssh-asker.ts";
import type { Door } from "./ssh-door.ts";
import { sshSays } from "./ssh-says.ts";

type Verdict = Pick<SshOutcome, "state" | "saying" | "text">;

/** A list of refs, or of what the server can do, begins with the length of its first line. */
const LISTED = /^[0-9a-f]{4}/;

/** What a server answered that was asked about a repository. */
function verdictOn({ result, heard }: Answered): Verdict {
  if (LISTED.test(result.stdout)) return { state: "ok", saying: null, text: "" };
  const { state, saying, text, account } = heard;
  if (state !== "signed-in") return { state, saying, text };
  const said = sshSays(`${account.words}\n${result.stdout}`);
  // Words nobody knows are a refusal all the same: Git would end there.
  return { state: said === null && result.timedOut ? "unknown" : "refused", saying: said, text };
}

/** The path without the slash that only one of the two forms of URL writes. */
function pathIn({ url }: Route): string {
  if (url.transport === "ssh" || url.repository === null) return url.path.replace(/^\/+/, "");
  return `${url.repository.workspace}/${url.repository.repository}.git`;
}

/** Follows routes through doors. */
export class SshFollower {
  private readonly asked = new Map<string, Promise<Verdict>>();

  /** `whyNot`: for doors that nobody was sent to. */
  constructor(
    private readonly asker: SshAsker | null,
    private readonly whyNot: Verdict,
  ) {}

  async follow(route: Route, door: Door): Promise<SshOutcome> {
    return { route, destination: door.destination.name, ...(await this.verdict(route, door)) };
  }

  private async verdict(route: Route, door: Door): Promise<Verdict> {
    const { attempt } = door;
    if (attempt === null || this.asker === null) return this.whyNot;
    if (attempt.state !== "signed-in") {
      const { state, saying, text } = attempt;
      return { state, saying, text };
    }
    const about = { path: pathIn(route), direction: route.direction };
    const { name, user, port } = door.destination;
    const key = JSON.stringify([name, user, port, door.letIn, about]);
    const verdict = this.asked.get(key) ?? this.ask(this.asker, door, about);
    this.asked.set(key, verdict);
    return verdict;
  }

  private async ask(asker: SshAsker, door: Door, about: Question["about"]): Promise<Verdict> {
    const answered = await asker.ask(door.destination, about, door.letIn);
    return answered === null ? this.whyNot : verdictOn(answered);
  }
}
