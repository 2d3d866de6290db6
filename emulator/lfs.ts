/** Git LFS: the batch endpoint, objects, and locks that nobody holds. Who may is decided as for Git. */
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { lfsRefusal } from "./answers.ts";
import { authenticate } from "./authenticate.ts";
import { type Call, type Emulated, viewOf } from "./emulated.ts";
import { fullNameOf, type Repository } from "./world.ts";

const TYPE = { "Content-Type": "application/vnd.git-lfs+json" };

interface Pointer {
  oid: string;
  size: number;
}

function answer(body: unknown, status = 200): Response {
  return Response.json(body, { status, headers: TYPE });
}

const isPointer = (each: unknown): each is Pointer =>
  typeof each === "object" &&
  each !== null &&
  "oid" in each &&
  typeof each.oid === "string" &&
  /^[0-9a-f]{64}$/.test(each.oid) &&
  "size" in each &&
  typeof each.size === "number";

function fileOf({ lfsFolder }: Emulated, repository: Repository, oid: string): string {
  return join(lfsFolder, fullNameOf(repository), oid);
}

function objectAnswer(
  of: Emulated,
  repository: Repository,
  operation: string,
  { oid, size }: Pointer,
): unknown {
  const exists = existsSync(fileOf(of, repository, oid));
  if (operation === "download" && !exists)
    return { oid, size, error: { code: 404, message: "Object does not exist" } };
  if (operation === "upload" && exists) return { oid, size };
  const key = randomUUID();
  of.lfsKeys.set(key, oid);
  const href = `https://bitbucket.org/${fullNameOf(repository)}.git/info/lfs/storage/${oid}?key=${key}`;
  return { oid, size, authenticated: true, actions: { [operation]: { href, expires_in: 3600 } } };
}

async function batch(of: Emulated, call: Call, repository: Repository | null): Promise<Response> {
  const asked: unknown = await call.request.json().catch(() => null);
  const { operation, objects } = (asked ?? {}) as { operation?: unknown; objects?: unknown };
  const known = operation === "download" || operation === "upload";
  const access = operation === "upload" ? "write" : "read";
  const outcome = authenticate(viewOf(of), call.presented, { surface: "git", repository, access });
  if (!outcome.granted) return lfsRefusal(outcome.refusal, of.switches);
  if (!repository || !known || !Array.isArray(objects))
    return answer({ message: "Invalid batch request" }, 422);
  const pointers = objects.filter(isPointer);
  return answer({
    transfer: "basic",
    objects: pointers.map((pointer) => objectAnswer(of, repository, operation, pointer)),
  });
}

/** Objects are reached by the key of their batch answer alone, as with a signed URL. */
async function storage(of: Emulated, call: Call, repository: Repository, oid: string): Promise<Response> {
  if (of.lfsKeys.get(call.url.searchParams.get("key") ?? "") !== oid)
    return answer({ message: "Forbidden" }, 403);
  const file = fileOf(of, repository, oid);
  if (call.request.method !== "PUT") {
    const there = await stat(file).catch(() => null);
    return there ? new Response(Bun.file(file)) : answer({ message: "Not found" }, 404);
  }
  const bytes = new Uint8Array(await call.request.arrayBuffer());
  if (createHash("sha256").update(bytes).digest("hex") !== oid)
    return answer({ message: "Hash differs" }, 422);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return new Response(null, { status: 200 });
}

function locks(of: Emulated, call: Call, repository: Repository | null, verify: boolean): Response {
  const access = verify ? "write" : "read";
  const outcome = authenticate(viewOf(of), call.presented, { surface: "git", repository, access });
  if (!outcome.granted) return lfsRefusal(outcome.refusal, of.switches);
  return answer(verify ? { ours: [], theirs: [], next_cursor: "" } : { locks: [], next_cursor: "" });
}

/** `path`: what follows `info/lfs/`. */
export async function serveLfs(
  of: Emulated,
  call: Call,
  repository: Repository | null,
  path: string,
): Promise<Response> {
  const { method } = call.request;
  if (path === "objects/batch" && method === "POST") return batch(of, call, repository);
  if (path === "locks/verify" && method === "POST") return locks(of, call, repository, true);
  if (path === "locks" && method === "GET") return locks(of, call, repository, false);
  const [, oid] = /^storage\/([0-9a-f]{64})$/.exec(path) ?? [];
  if (oid && repository) return storage(of, call, repository, oid);
  return answer({ message: "Not found" }, 404);
}
