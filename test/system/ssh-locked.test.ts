// Needs: openssh-client, libnss-wrapper, low-ports
/** A key with a passphrase is proved where a person works: ssh itself asks, and nobody hears the answer. */
import { expect, test } from "bun:test";
import { CHECKOUT } from "../sandbox.ts";
import { ENTER, Session } from "../terminal/session.ts";
import { SITE, withKey } from "./ssh-scene.ts";

/** Proves one key, and prints what came of it. */
const PROGRAM = `
  const [key, mayAsk] = process.argv.slice(1);
  const at = (file) => import(${JSON.stringify(CHECKOUT)} + "/src/" + file);
  const { openShell } = await at("cli/shell.ts");
  const { runProof } = await at("steps/prove.ts");
  const { git, vault, self } = openShell();
  const ssh = { mayAsk: mayAsk === "yes", trustsRepository: false };
  const room = { git, vault, cwd: self.cwd, token: null, ssh };
  const source = { kind: "ssh", key };
  const step = { kind: "prove", direction: "fetch", remote: null, url: ${JSON.stringify(SITE)}, source };
  console.log(JSON.stringify(await runProof(room, step)));`;

const argv = (key: string, mayAsk: "yes" | "no") => [
  process.execPath,
  "--no-env-file",
  "-e",
  PROGRAM,
  key,
  mayAsk,
];

test("at a terminal ssh asks for the passphrase; with --yes nobody is asked", async () => {
  await using scene = await withKey();
  const { room } = scene;
  const passphrase = ["a", "passphrase", "under", "test"].join(" ");
  const locked = await room.makeKey(".ssh/locked", { passphrase });
  room.addAccountKey("ana", locked);
  const person = new Session(room, argv(locked.file, "yes"), { cwd: "." });
  await person.answer("Enter passphrase for key", `${passphrase}${ENTER}`);
  const { screen, restored } = await person.ended();
  expect(screen).toContain('"result":"succeeded"');
  expect(screen).not.toContain(passphrase);
  expect(restored).toBe(true);
  const alone = await new Session(room, argv(locked.file, "no"), { cwd: "." }).ended();
  expect(alone.screen).toContain('"result":"failed"');
  expect(alone.screen).not.toContain("Enter passphrase");
});
