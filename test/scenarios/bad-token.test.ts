/** A new token that will not do: one sentence, exit 4, and not one byte is changed. */
import { expect, test } from "bun:test";
import { sentBy } from "./causes.ts";
import { type PlaceName, plant } from "./places.ts";
import { type Direction, makeScene, type Scene } from "./scene.ts";

type Bad = readonly [
  name: string,
  direction: Direction,
  place: PlaceName,
  token: (scene: Scene) => string,
  doors: number,
];

const secret = (label: string) => (scene: Scene) => scene.box.emulator.secret(label);

/** `doors`: how often Bitbucket may be asked about it. */
const BAD: readonly Bad[] = [
  ["expired", "fetch", "store", secret("api-token-expired"), 1],
  ["revoked", "fetch", "remote URL", secret("api-token-revoked"), 1],
  ["unscoped", "fetch", "netrc, one line", secret("api-token-unscoped"), 1],
  ["made for Jira", "fetch", "cache", secret("api-token-jira"), 1],
  ["of a stranger", "fetch", "store", secret("api-token-eve"), 1],
  ["that may not read", "fetch", "store", secret("api-token-user-only"), 1],
  ["that may only read, for a push", "push", "store", secret("api-token-read"), 2],
  ["of another repository", "fetch", "store", secret("repository-token-docs"), 2],
  ["that is an app password", "fetch", "store", secret("app-password-bob"), 0],
  ["that is an old app password", "fetch", "store", secret("legacy-app-password"), 0],
  ["that is an account password", "fetch", "store", secret("account-password"), 0],
  ["that is an OAuth token", "fetch", "store", secret("oauth"), 0],
  ["that is of Data Center", "fetch", "store", secret("data-center"), 0],
  ["cut off", "fetch", "store", (scene) => secret("api-token")(scene).slice(0, -9), 0],
  [
    "with a letter lost",
    "push",
    "remote URL",
    (scene) => secret("api-token")(scene).replace(/.(?=.{50}$)/, ""),
    0,
  ],
  ["that is empty", "fetch", "store", () => "", 0],
];

for (const [name, direction, place, tokenOf, doors] of BAD) {
  test(`a new token ${name} · ${place} · ${direction}`, async () => {
    await using scene = await makeScene("plain", sentBy("app password"));
    await plant(scene, place);
    const before = scene.box.snapshot(scene.box.home, (path) => path.startsWith(".cache"));
    const token = tokenOf(scene);
    const push = direction === "push" ? ["--push"] : [];
    const { code, stdout, stderr } = await scene.rekey(["fix", "--yes", ...push], { stdin: `${token}\n` });
    expect(code, stdout + stderr).toBe(4);
    const said = stderr.split("\n").filter((line) => line.startsWith("git-rekey: "));
    expect(said).toHaveLength(1);
    expect(said[0]).toEndWith("nothing has been changed");
    if (token !== "") expect(stdout + stderr).not.toContain(token);
    expect(scene.box.snapshot(scene.box.home, (path) => path.startsWith(".cache"))).toEqual(before);
    const { emulator } = scene.box;
    const label = emulator.world.credentials.find((one) => one.secret === token)?.label;
    expect(scene.arrived().filter((one) => one === label)).toHaveLength(doors);
  });
}
