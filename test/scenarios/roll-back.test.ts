/** Bitbucket fails in the middle of a fix: everything is put back, byte for byte. */
import { expect, test } from "bun:test";
import type { Receipt } from "../../src/core/receipt.ts";
import { assertValid } from "../contracts/validate.ts";
import { sentBy } from "./causes.ts";
import { type PlaceName, plant } from "./places.ts";
import { makeScene, type Scene } from "./scene.ts";

/** From the moment the new token has arrived so often, Git is answered 503. */
function failAfter({ box: { emulator } }: Scene, label: string, arrivals: number): void {
  const outage = [{ kind: "status", status: 503, service: "git-upload-pack" }] as const;
  const arrived = () => emulator.log.filter(({ credential }) => credential === label).length;
  Object.defineProperty(emulator.switches, "faults", {
    get: () => (arrived() >= arrivals ? outage : []),
  });
}

/** The rights are checked by one request; `prove` and `verify` bring one more each. */
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

for (const [moment, arrivals] of Object.entries(MOMENTS)) {
  for (const [place, flags] of PLACES) {
    test(`Bitbucket fails ${moment} · ${place}`, async () => {
      await using scene = await makeScene("plain", sentBy("app password"));
      await plant(scene, place);
      const before = scene.files();
      failAfter(scene, "api-token", arrivals);
      const token = scene.box.emulator.secret("api-token");
      const args = ["fix", "--yes", "--json", ...flags];
      const { code, stdout, stderr } = await scene.rekey(args, { stdin: token });
      expect(code, stdout + stderr).toBe(1);
      assertValid("receipt", stdout);
      const receipt = JSON.parse(stdout) as Receipt;
      expect(receipt.state).toBe("rolled-back");
      expect(receipt.proven.at(-1)?.result).toBe("failed");
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
