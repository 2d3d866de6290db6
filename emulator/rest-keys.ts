/** SSH keys: access keys of repositories, and people's own. */
import { restError } from "./answers.ts";
import { page } from "./paging.ts";
import type { Granted } from "./rest-endpoints.ts";
import { type Account, ownerOf, type SshKey } from "./world.ts";

let lastId = 1000;

/** A key may not be registered twice. The first text is [seen], the rest [inferred]. */
const DEPLOY_KEY_TAKEN = "Someone has already registered this as a deploy key.";
const SSH_KEY_TAKEN = "Someone has already registered that SSH key.";

const SSH_KEY = /^(ssh-(ed25519|rsa|dss)|ecdsa-sha2-\S+) [A-Za-z0-9+/=]+( .*)?$/;

async function addTo(
  list: SshKey[],
  others: readonly SshKey[],
  granted: Granted,
  taken: string,
): Promise<SshKey | Response> {
  const body = (await granted.call.request.json().catch(() => null)) as {
    key?: unknown;
    label?: unknown;
  } | null;
  const { key, label } = body ?? {};
  if (typeof key !== "string" || !SSH_KEY.test(key.trim()))
    return restError(400, { message: "Invalid SSH key" });
  const [type, blob, ...comment] = key.trim().split(" ");
  const bare = `${type} ${blob}`;
  if (others.some((each) => each.key === bare)) return restError(400, { message: taken });
  lastId += 1;
  const named = { label: typeof label === "string" ? label : "", comment: comment.join(" ") };
  const added: SshKey = { id: lastId, key: bare, ...named };
  list.push(added);
  return added;
}

function removeFrom(list: SshKey[], id: string): Response {
  const index = list.findIndex((each) => String(each.id) === id);
  if (index < 0) return restError(404, { message: "Not found" });
  list.splice(index, 1);
  return new Response(null, { status: 204 });
}

const deployKeyBody = (each: SshKey): Record<string, unknown> => ({ type: "deploy_key", ...each });

function sshKeyBody({ id, key, label, comment = "" }: SshKey): Record<string, unknown> {
  return { type: "ssh_key", uuid: `{${id}}`, key, label, comment };
}

function deployKeysOf({ repository }: Granted): SshKey[] {
  if (!repository) throw new Error("a repository was needed");
  return repository.deployKeys;
}

const everyUserKey = ({ of }: Granted): SshKey[] =>
  [...of.world.accounts.values()].flatMap((each) => each.sshKeys);

export function listDeployKeys(granted: Granted): Response {
  return page(deployKeysOf(granted).map(deployKeyBody), granted.call.url);
}

/** A key may be an access key of many repositories, but not a person's key as well. [doc] */
export async function addDeployKey(granted: Granted): Promise<Response> {
  const list = deployKeysOf(granted);
  const added = await addTo(list, [...list, ...everyUserKey(granted)], granted, DEPLOY_KEY_TAKEN);
  return added instanceof Response ? added : Response.json(deployKeyBody(added));
}

export function removeDeployKey(granted: Granted): Response {
  return removeFrom(deployKeysOf(granted), granted.parameters.key ?? "");
}

/** `selected_user`: a UUID, an account id or a user name; only one's own keys can be seen. [inferred] */
function selected({ of, credential, parameters }: Granted): Account | null {
  const account = ownerOf(of.world, credential);
  const names = [account?.uuid, account?.accountId, account?.username];
  return names.includes(parameters.user) ? account : null;
}

const NOT_YOURS = (): Response => restError(403, { message: "Forbidden" });

export function listSshKeys(granted: Granted): Response {
  const account = selected(granted);
  return account ? page(account.sshKeys.map(sshKeyBody), granted.call.url) : NOT_YOURS();
}

export async function addSshKey(granted: Granted): Promise<Response> {
  const account = selected(granted);
  if (!account) return NOT_YOURS();
  const deployKeys = [...granted.of.world.repositories.values()].flatMap((each) => each.deployKeys);
  const added = await addTo(
    account.sshKeys,
    [...everyUserKey(granted), ...deployKeys],
    granted,
    SSH_KEY_TAKEN,
  );
  return added instanceof Response ? added : Response.json(sshKeyBody(added), { status: 201 });
}

export function removeSshKey(granted: Granted): Response {
  const account = selected(granted);
  const id = (granted.parameters.key ?? "").replace(/^\{(.*)\}$/, "$1");
  return account ? removeFrom(account.sshKeys, id) : NOT_YOURS();
}
