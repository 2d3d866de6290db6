import { afterAll, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import { startEmulator } from "../../emulator/index.ts";
import { ask, basic } from "./person.ts";

const emulator = await startEmulator();
afterAll(() => emulator.stop());

const LFS = "https://bitbucket.org/acme/site.git/info/lfs";
const CONTENT = "a large file, as such files go";
const OID = createHash("sha256").update(CONTENT).digest("hex");

interface Batch {
  objects: { actions?: Record<string, { href: string }>; error?: { code: number } }[];
}

async function batch(operation: "upload" | "download", label: string): Promise<Batch> {
  const authorization = basic(emulator, "x-bitbucket-api-token-auth", label);
  const body = { operation, transfers: ["basic"], objects: [{ oid: OID, size: CONTENT.length }] };
  const response = await ask(emulator, `${LFS}/objects/batch`, { method: "POST", authorization, body });
  expect(response.headers.get("content-type")).toBe("application/vnd.git-lfs+json");
  expect(response.status).toBe(200);
  return (await response.json()) as Batch;
}

test("an object goes up and comes down", async () => {
  expect((await batch("download", "api-token")).objects[0]?.error?.code).toBe(404);
  const up = (await batch("upload", "api-token")).objects[0]?.actions?.upload?.href ?? "";
  expect((await ask(emulator, up, { method: "PUT", body: "something else" })).status).toBe(422);
  expect((await ask(emulator, up, { method: "PUT", body: CONTENT })).status).toBe(200);
  expect((await batch("upload", "api-token")).objects[0]?.actions).toBeUndefined();
  const down = (await batch("download", "api-token-bob")).objects[0]?.actions?.download?.href ?? "";
  expect(await (await ask(emulator, down)).text()).toBe(CONTENT);
  expect((await ask(emulator, down.replace(/key=.*/, "key=guessed"))).status).toBe(403);
});

test.each([
  ["ana", "app-password", "download", 410],
  ["ana", "api-token", "download", 200],
  ["ana", "api-token-read", "upload", 403],
  ["ana@acme.example", "api-token", "download", 401],
  ["bob", "api-token-bob", "upload", 401],
])("%s with %s: %s is answered %d", async (user, label, operation, status) => {
  const authorization = basic(emulator, user, label);
  const body = { operation, objects: [] };
  const response = await ask(emulator, `${LFS}/objects/batch`, { method: "POST", authorization, body });
  expect(response.status).toBe(status);
  expect(emulator.log.at(-1)).toMatchObject({ service: "lfs", credential: label, status });
});

test("to nobody: a challenge, or by switch the 403 of old", async () => {
  const send = () =>
    ask(emulator, `${LFS}/objects/batch`, { method: "POST", body: { operation: "download" } });
  const challenged = await send();
  expect(challenged.status).toBe(401);
  expect(challenged.headers.get("lfs-authenticate")).toBe('Basic realm="Bitbucket.org HTTP"');
  emulator.switches.lfsAnonymous = 403;
  expect((await send()).status).toBe(403);
  emulator.switches.lfsAnonymous = 401;
});

test("nobody holds a lock", async () => {
  const authorization = basic(emulator, "ana", "api-token");
  const verified = await ask(emulator, `${LFS}/locks/verify`, { method: "POST", authorization, body: {} });
  expect(await verified.json()).toEqual({ ours: [], theirs: [], next_cursor: "" });
  const listed = await ask(emulator, `${LFS}/locks`, { authorization });
  expect(await listed.json()).toEqual({ locks: [], next_cursor: "" });
});
