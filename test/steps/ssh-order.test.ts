/** Several set-ups of SSH in one home, undone in any order while ssh and a person write as well. */
import { expect, test } from "bun:test";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { SSH_RETIRED_HOST_KEY } from "../../src/core/bitbucket.ts";
import type { FileStep } from "../../src/core/plan.ts";
import { Refusal } from "../../src/steps/refusal.ts";
import { openTransaction } from "../../src/steps/transaction.ts";
import { listReceipts, undo } from "../../src/steps/undo.ts";
import { openRoom, picture, type Room } from "./room.ts";
import { ABOUT, SSH } from "./scenarios.ts";

const SEED = { seed: 20260728 };
const HOST = "bitbucket.org";
const RETIRED = `ssh-rsa ${SSH_RETIRED_HOST_KEY.key}`;
const KNOWN = `a ssh-rsa AAAA\n${HOST},1.2.3.4 ${RETIRED}\nz ssh-rsa AAAA\n`;
const CONFIG = "Compression yes\nHost a\n\tUser b\n";

function stepsFor(room: Room, name: string): FileStep[] {
  const at = (file: string) => join(room.home, ".ssh", file);
  const isThere = readFileSync(at("known_hosts"), "latin1").includes(`${HOST},1.2.3.4`);
  const entry = { host: HOST, fingerprint: SSH_RETIRED_HOST_KEY.fingerprint, occurrence: 0 };
  return [
    { kind: "put-ssh-key", file: at(name), half: "private" },
    { kind: "put-ssh-key", file: at(`${name}.pub`), half: "public" },
    ...(isThere ? [{ kind: "drop-known-host", file: at("known_hosts"), entry } as const] : []),
    { kind: "add-known-hosts", file: at("known_hosts"), host: HOST },
    {
      kind: "add-ssh-host",
      file: at("config"),
      block: {
        host: `${HOST}-${name}`,
        hostname: HOST,
        port: null,
        user: "git",
        identityFile: `/home/ana/.ssh/${name}`,
        hostKeyAlias: HOST,
      },
    },
  ];
}

/** `false`: it was refused, and put back. */
async function setUp(room: Room, name: string): Promise<boolean> {
  const tx = openTransaction(room, ABOUT);
  try {
    for (const [file, steps] of Map.groupBy(stepsFor(room, name), (step) => step.file))
      await tx.changeFile(file, steps, null, SSH);
    tx.close();
    return true;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    await tx.rollBack();
    return false;
  }
}

const sorted = (text: string) => text.split("\n").filter(Boolean).toSorted();

const act = fc.oneof(
  fc.tuple(fc.constant("set up" as const), fc.constantFrom("one", "two", "three")),
  fc.tuple(fc.constant("undo" as const), fc.nat(3)),
  fc.tuple(fc.constant("ssh" as const), fc.nat(9)),
  fc.tuple(fc.constant("person" as const), fc.nat(9)),
);

test("when all is undone, only what others wrote is left beside what was there", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 9 }), fc.infiniteStream(fc.nat(7)), async (acts, picks) => {
      using room = openRoom();
      const [known, config] = [room.write(".ssh/known_hosts", KNOWN), room.write(".ssh/config", CONFIG)];
      const others = { known: "", config: "" };
      const undoOne = async (pick: number) => {
        const standing = listReceipts(room).filter(
          ({ action, state }) => action === "fix" && state === "applied",
        );
        const one = standing[pick % Math.max(standing.length, 1)];
        if (one?.id != null) await undo(room, one.id, "0.0.0");
        return standing.length > 1;
      };
      for (const [kind, word] of acts) {
        if (kind === "set up") {
          const isNew = !existsSync(join(room.home, ".ssh", word));
          expect(await setUp(room, word)).toBe(isNew);
        } else if (kind === "undo") await undoOne(word);
        else if (kind === "ssh") {
          const line = `n${word} ssh-rsa AAAA\n`;
          others.known += line;
          appendFileSync(known, line);
        } else {
          const line = `Host mine${word}\n`;
          others.config += line;
          writeFileSync(config, readFileSync(config, "latin1") + line);
        }
      }
      while (await undoOne(picks.next().value));
      expect(Object.keys(picture(room.home))).toEqual([".ssh", ".ssh/config", ".ssh/known_hosts"]);
      expect(room.read(".ssh/config")).toBe(CONFIG + others.config);
      expect(sorted(room.read(".ssh/known_hosts"))).toEqual(sorted(KNOWN + others.known));
    }),
    { ...SEED, numRuns: 60 },
  );
});
