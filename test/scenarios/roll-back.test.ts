/** Bitbucket fails in the middle of a fix: everything is put back, byte for byte. */
import { expect, test } from "bun:test";
import type { Receipt } from "../../src/core/receipt.ts";
import { assertValid } from "../contracts/validate.ts";
import { sentBy } from "./causes.ts";
import { type PlaceName, plant } from "./places.ts";
import { makeScene, type Scene } from "./scene.ts";

/** Once the new token has been let in so often, whoever knocks anew is answered 503. */
function failAfter({ box: { emulator } }: Scene, label: string, times: number): void {
  const outage = [{ kind: "status", status: 503, service: "git-upload-pack" }] as const;
  const isFailing = () => {
    const knocks = emulator.log.filter(({ path }) => path.includes("/info/refs"));
    const letIn = knocks.filter(({ credential, status }) => credential === label && status === 200);
    return letIn.length >= times && knocks.at(-1) === emulator.log.at(-1);
  };
  Object.defineProperty(emulator.switches, "faults", { get: () => (isFailing() ? outage : []) });
}

/** The token's rights are asked for once; `prove` and `verify` knock once more each. */
const MOMENTS = { "while proving": 1, "while verifying": 2 } as const;

const PLACES: readonly (readonly [PlaceName, readonly string[]])[] = [
  ["store", []],
  ["store, another user in the URL", []],
  ["store, two files, both stale", []],
  ["cache", []],
  ["remote URL", []],
  ["netrc, several lines", []],
  ["header among others", ["--store", "git-store"]],
  ["insteadOf", ["--store", "git-store"]],
];

for (const [moment, times] of Object.entries(MOMENTS)) {
  for (const [place, flags] of PLACES) {
    test(`Bitbucket fails ${moment} · ${place}`, async () => {
      await using scene = await makeScene("plain", sentBy("app password"));
      await plant(scene, place);
      const before = scene.files();
      failAfter(scene, "api-token", times);
      const token = scene.box.emulator.secret("api-token");
      const args = ["fix", "--yes", "--json", ...flags];
      const { code, stdout, stderr } = await scene.rekey(args, { stdin: token });
      expect(code, stdout + stderr).toBe(1);
      assertValid("receipt", stdout);
      const receipt = JSON.parse(stdout) as Receipt;
      expect(receipt.state).toBe("rolled-back");
      const how = moment === "while proving" ? "prove" : "verify";
      expect(receipt.proven.at(-1)).toMatchObject({ how, result: "failed" });
      expect(stderr).toContain("everything was put back as it was");
      expect(scene.files()).toEqual(before);

      Object.defineProperty(scene.box.emulator.switches, "faults", { value: [] });
      scene.box.emulator.clearLog();
      expect((await scene.act("fetch")).code).not.toBe(0);
      expect(scene.arrived()).toContain("app-password");
      expect(scene.arrived()).not.toContain("api-token");
    });
  }
}
