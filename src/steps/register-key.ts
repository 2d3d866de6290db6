/** Adds a public key to a repository at Bitbucket, journaled so that whatever happens it is known to be there. */
import { accessKeysPage, GIT_HOST, REST_HOST, type RepositoryName } from "../core/bitbucket.ts";
import type { RegisterStep } from "../core/plan.ts";
import { describeStep, type HelperChange } from "../core/receipt.ts";
import { isKeyTaken, whyNotReached, whyNotRegistered } from "../core/register-says.ts";
import type { Http, HttpQuestion, HttpReply } from "../world/ports.ts";
import type { Journal, JournalRecord, RegisterIntent } from "./journal.ts";
import { Refusal } from "./refusal.ts";

/** By which way, and as whom, Bitbucket's REST is spoken to. */
export interface Rest extends Pick<HttpQuestion, "proxy" | "ca"> {
  http: Http;
  credential: NonNullable<HttpQuestion["credential"]>;
}

/** Milliseconds for one answer. */
const PATIENCE = 15_000;

/** Type and base64, and nothing that a person wrote behind them. Whatever else a file holds is sent nowhere. */
const PUBLIC_KEY =
  /^((?:ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)) [A-Za-z0-9+/]{32,16384}={0,2})(?: [^\r\n]*)?\r?\n?$/;

function readPublicKey({ ports }: Journal, file: string): string {
  const text = Buffer.from(ports.files.read(file) ?? []).toString("utf8");
  const [, key] = PUBLIC_KEY.exec(text) ?? [];
  if (key === undefined)
    throw new Refusal("not-registered", `\`${file}\` holds no public key that Bitbucket could take`);
  return key;
}

function keysUrl({ workspace, repository }: RepositoryName): string {
  const path = [workspace, repository].map(encodeURIComponent).join("/");
  return `https://${REST_HOST}/2.0/repositories/${path}/deploy-keys`;
}

function idIn(value: unknown): string | null {
  const id = typeof value === "object" && value !== null && "id" in value ? value.id : null;
  return typeof id === "number" || typeof id === "string" ? String(id) : null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** Pages looked through; each has ten keys, so that none is cut short. */
const MOST_PAGES = 50;

/** The number under which a repository has a key; null where it has not, undefined where that cannot be told. */
async function findKey(rest: Rest, of: RepositoryName, key: string): Promise<string | null | undefined> {
  const { http, ...how } = rest;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const url = `${keysUrl(of)}?pagelen=10&fields=values.id,values.key,next&page=${page}`;
    const reply = await http.get({ ...how, url, timeout: PATIENCE });
    const list = reply.kind === "answer" && reply.status === 200 ? parse(reply.body) : null;
    if (typeof list !== "object" || list === null || !("values" in list) || !Array.isArray(list.values))
      return undefined;
    const found = list.values.find((one: { key?: unknown } | null) => {
      return typeof one?.key === "string" && (one.key === key || one.key.startsWith(`${key} `));
    });
    if (found !== undefined) return idIn(found) ?? undefined;
    if (!("next" in list)) return null;
  }
  return undefined;
}

/** What REST answered to the request, where it did not add the key. */
function refuse(journal: Journal, step: number, of: RepositoryName, reply: HttpReply): never {
  if (reply.kind === "failure") throw new Refusal("not-registered", whyNotReached(of, reply.code));
  // Only an answer that says no is a no; of a server that failed nobody knows what it did before.
  if (reply.status < 500) journal.add({ k: "cancelled", step });
  throw new Refusal("not-registered", whyNotRegistered(of, reply.status, reply.body));
}

/** Adds the key; one that the repository has already is enough, and is not ours to take away. */
export async function registerKey(journal: Journal, rest: Rest, step: RegisterStep): Promise<HelperChange> {
  const { repository, label } = step;
  const key = readPublicKey(journal, step.publicKey);
  const change: HelperChange = { helper: GIT_HOST, what: describeStep(step), state: "stored", reason: null };
  const number = journal.nextStep();
  journal.add({ k: "register", step: number, repository, label, key });
  const { http, ...how } = rest;
  const json = { label, key };
  const reply = await http.send({
    ...how,
    method: "POST",
    url: keysUrl(repository),
    json,
    timeout: PATIENCE,
  });
  const isAdded = reply.kind === "answer" && (reply.status === 200 || reply.status === 201);
  const id = isAdded ? idIn(parse(reply.body)) : null;
  if (id !== null) {
    journal.add({ k: "registered", step: number, id });
    return change;
  }
  const isTaken = reply.kind === "answer" && isKeyTaken(reply.status, reply.body);
  if (isTaken && (await findKey(rest, repository, key))) {
    journal.add({ k: "cancelled", step: number });
    return { ...change, reason: "it was there already" };
  }
  return refuse(journal, number, repository, reply);
}

/** A key that Bitbucket was told of, or may have been. */
export interface Registration {
  intent: RegisterIntent;
  /** Null where the answer was never heard. */
  id: string | null;
}

export function registrations(records: readonly JournalRecord[]): Registration[] {
  const cancelled = new Set(records.flatMap((one) => (one.k === "cancelled" ? [one.step] : [])));
  const ids = new Map(
    records.flatMap((one) => (one.k === "registered" ? [[one.step, one.id] as const] : [])),
  );
  return records.flatMap((one) =>
    one.k === "register" && !cancelled.has(one.step) ? [{ intent: one, id: ids.get(one.step) ?? null }] : [],
  );
}

async function remove(rest: Rest, { intent, id }: Registration): Promise<boolean> {
  const found = id ?? (await findKey(rest, intent.repository, intent.key));
  if (found === null) return true;
  if (found === undefined) return false;
  const { http, ...how } = rest;
  const url = `${keysUrl(intent.repository)}/${encodeURIComponent(found)}`;
  const reply = await http.send({ ...how, method: "DELETE", url, timeout: PATIENCE });
  return reply.kind === "answer" && (reply.status === 404 || (reply.status >= 200 && reply.status < 300));
}

/** Takes a key from the repository again. Without `rest` nobody is asked, and it is said where a person can do it. */
export async function unregisterKey(rest: Rest | null, registration: Registration): Promise<HelperChange> {
  const { repository, label } = registration.intent;
  const what = `the access key \`${label}\` of \`${repository.workspace}/${repository.repository}\``;
  const about = { helper: GIT_HOST, what };
  if (rest !== null && (await remove(rest, registration)))
    return { ...about, state: "restored", reason: null };
  const page = accessKeysPage(repository.workspace, repository.repository);
  const perhaps = registration.id === null ? "; whether it was added is not known" : "";
  return { ...about, state: "not-restored", reason: `it is taken away at ${page}${perhaps}` };
}
