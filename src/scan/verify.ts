/** Asks Bitbucket which of the credentials that were seen are alive: each once, one after the other, nobody else. */
import type { SecretShape } from "../core/secret.ts";
import type { Answer } from "../core/setup.ts";
import type { Alive, Seen } from "../core/spot.ts";
import { FileError, type HttpQuestion, type ReadFiles } from "../world/ports.ts";
import { keepShapes, lookAtText } from "./look.ts";
import { isRateLimited, isUnanswered, judge, type Plan, planFor, type Question } from "./question.ts";

/** What is asked with. */
export interface Asking {
  files: ReadFiles;
  /** Of the scan that saw the places. */
  salt: Uint8Array;
  /** The vault's: what it gives back stands for the secret in `ask`. */
  keep(secret: string): SecretShape;
  /** The way to Bitbucket that the person has set up. */
  ask(url: string, credential: HttpQuestion["credential"]): Promise<Answer>;
  cancelled: AbortSignal;
  /** Between two requests, in milliseconds. */
  pause?: number;
}

export interface Verified {
  /** By `secret.ref`; of every credential that was seen. */
  alive: ReadonlyMap<string, Alive>;
  /** How many requests were made. */
  asked: number;
  /** Why the rest was not asked about; null where nothing is left. */
  stopped: "rate-limited" | "no-answer" | "cancelled" | null;
}

/** Bitbucket allows about a thousand requests an hour; a person waits for these. */
const PAUSE = 250;

/** One answer may get lost; after so many in a row there is no way to Bitbucket. */
const MOST_UNANSWERED = 2;

/** A longer file is not read again for this. In bytes. */
const MOST = 64 * 2 ** 20;

function readAgain(files: ReadFiles, path: string): Uint8Array | null {
  try {
    const facts = files.facts(path);
    return facts?.kind === "file" && facts.size <= MOST ? files.read(path) : null;
  } catch (error) {
    if (error instanceof FileError) return null;
    throw error;
  }
}

/** Finds secrets again where they were seen: a scan keeps none. */
class Finder {
  /** By file what stands in it, by `ref`. */
  readonly #looked = new Map<string, ReadonlyMap<string, SecretShape>>();
  constructor(private readonly asking: Asking) {}

  /** Null where it is not there any more. An archive is not opened again. */
  find(ref: string, places: readonly Seen[]): SecretShape | null {
    for (const { file, member } of places) {
      const found = member === null ? this.#secretsIn(file).get(ref) : undefined;
      if (found !== undefined) return found;
    }
    return null;
  }

  #secretsIn(path: string): ReadonlyMap<string, SecretShape> {
    const known = this.#looked.get(path);
    if (known !== undefined) return known;
    const { files, salt, keep } = this.asking;
    const found = new Map<string, SecretShape>();
    const shapeOf = keepShapes(salt);
    lookAtText(readAgain(files, path) ?? new Uint8Array(), path, (secret) => {
      const shape = shapeOf(secret);
      found.set(shape.ref, keep(secret));
      return shape;
    });
    this.#looked.set(path, found);
    return found;
  }
}

/** The places of each credential, by its `ref`. */
function byCredential(seen: readonly Seen[]): Map<string, Seen[]> {
  const credentials = new Map<string, Seen[]>();
  for (const one of seen) {
    if (one.secret === null) continue;
    const places = credentials.get(one.secret.ref);
    if (places === undefined) credentials.set(one.secret.ref, [one]);
    else places.push(one);
  }
  return credentials;
}

/** Resolves early where it is cancelled. */
function wait(milliseconds: number, cancelled: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      cancelled.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    cancelled.addEventListener("abort", done);
  });
}

/** Asks one question after the other, until there is a reason not to. */
class Round {
  asked = 0;
  stopped: Verified["stopped"] = null;
  #unanswered = 0;
  constructor(private readonly asking: Asking) {}

  async put(question: Question, secret: SecretShape): Promise<Alive> {
    const { ask, pause = PAUSE, cancelled } = this.asking;
    if (this.asked > 0) await wait(pause, cancelled);
    if (cancelled.aborted) {
      this.stopped = "cancelled";
      return "unknown";
    }
    this.asked++;
    const { url, scheme, user } = question;
    const answer = await ask(url, { scheme, user, secret });
    this.#unanswered = isUnanswered(answer) ? this.#unanswered + 1 : 0;
    if (this.#unanswered >= MOST_UNANSWERED) this.stopped = "no-answer";
    if (isRateLimited(answer)) this.stopped = "rate-limited";
    return judge(question, answer);
  }
}

/**
 * Tells of each credential whether it is alive. Secrets are read again from where they were seen, and are sent to
 * Bitbucket only, each with the user name that its kind wants.
 */
export async function verify(seen: readonly Seen[], asking: Asking): Promise<Verified> {
  const alive = new Map<string, Alive>();
  const round = new Round(asking);
  const finder = new Finder(asking);
  const answerTo = async (ref: string, places: readonly Seen[], plan: Plan): Promise<Alive> => {
    if ("alive" in plan) return plan.alive;
    if (round.stopped !== null) return "unknown";
    const secret = finder.find(ref, places);
    return secret === null ? "unknown" : round.put(plan.question, secret);
  };
  for (const [ref, places] of byCredential(seen))
    alive.set(ref, await answerTo(ref, places, planFor(places)));
  return { alive, asked: round.asked, stopped: round.stopped };
}
