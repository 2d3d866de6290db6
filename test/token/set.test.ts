/** What is known of a token can be put right without making a new one. */
import { afterEach, describe, expect, test } from "bun:test";
import { plantAccount, plantHelper, plantList } from "../helper/accounts.ts";
import type { EmulatedSandbox } from "../sandbox.ts";
import { addToken, day, kept, listIn, somebody, token } from "./people.ts";

const boxes: EmulatedSandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

/** Somebody whose token was kept without a word about whose it is. */
async function open(): Promise<EmulatedSandbox> {
  const box = await somebody();
  boxes.push(box);
  plantHelper(box);
  expect((await addToken(box, "api-token", "--name", "mine")).code).toBe(0);
  return box;
}

test("its last day, its e-mail and its purpose are noted; the token stays, and undo takes the note back", async () => {
  const box = await open();
  const before = kept(box);
  const [was] = listIn(box).accounts;
  const flags = ["--expires", "40d", "--email", "ana@acme.example", "--username", "ana", "--push"];
  const ran = await token(box, ["set", "mine", "--yes", ...flags]);
  expect(ran).toMatchObject({ code: 0, stderr: "\nhint: `git rekey undo 2` takes this back\n" });
  const [is] = listIn(box).accounts;
  expect(is).toMatchObject({
    name: "mine",
    expires: day(40),
    email: "ana@acme.example",
    username: "ana",
    rights: ["pull", "push"],
    secret: was?.secret,
  });
  // The digest still recognises the token: what becomes of the next answer is noted.
  expect((await box.git(["ls-remote", "origin"], { cwd: "site" })).code).toBe(0);
  const [listed] = JSON.parse((await token(box, ["list", "--json"])).stdout).tokens;
  expect(listed.acceptedAt).not.toBeNull();
  expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
  expect(kept(box)).toEqual(before);
});

test("`check` asks REST once the e-mail is known, and says until then how to give it", async () => {
  const box = await open();
  const words = (await token(box, ["check"])).stdout.replace(/\s+/g, " ");
  const [, typed = ""] = /`git rekey (token set mine --email) ADDRESS` gives it/.exec(words) ?? [];
  const ran = await box.rekey([...typed.split(" "), "ana@acme.example", "--yes"]);
  expect(ran.code).toBe(0);
  expect((await token(box, ["check"])).stdout).toContain("✓ REST as `ana@acme.example` works");
});

test("two people's tokens for the same repositories: once it is known whose the first is", async () => {
  const box = await open();
  const second = ["--name", "bobs", "--username", "bob"];
  expect((await addToken(box, "api-token-bob", ...second)).stderr).toContain("git rekey token set mine");
  expect((await token(box, ["set", "mine", "--username", "ana", "--yes"])).code).toBe(0);
  expect((await addToken(box, "api-token-bob", ...second)).code).toBe(0);
  const clash = await token(box, ["set", "bobs", "--username", "ana", "--yes"]);
  expect(clash).toMatchObject({ code: 4, stdout: "" });
  expect(clash.stderr).toMatch(/nothing would tell it from `mine`.*nothing has been changed/);
});

describe("refused, with nothing changed:", () => {
  test.each([
    [["set"], 2, /say which token/],
    [["set", "nobody", "--expires", "9d"], 2, /no token `nobody`/],
    [["set", "mine"], 2, /say what is to be noted/],
    [["set", "mine", "--expires", "366d"], 2, /365 days at most/],
    [["set", "mine", "--email", "ana"], 2, /no e-mail address/],
    [["set", "mine", "--username", "a@b"], 2, /not an e-mail address/],
    [["set", "mine", "--expires", "9d"], 4, /no terminal/],
    [["set", "lost", "--expires", "9d", "--yes"], 4, /could not be read: `NOWHERE` is not set/],
    [["set", "site", "--email", "a@b", "--yes"], 2, /access token, which is nobody's/],
  ])("%j", async (argv, code, words) => {
    const box = await open();
    const site = { workspace: "acme", repository: "site" };
    plantList(
      box,
      ...listIn(box).accounts,
      plantAccount(box, "site", "x", { kind: "access-token", reach: site }),
      plantAccount(box, "lost", "", { reach: site, secret: { kind: "env", name: "NOWHERE" }, digest: null }),
    );
    const before = kept(box);
    const ran = await token(box, argv);
    expect(ran.code).toBe(code);
    expect(ran.stderr).toMatch(words);
    expect(kept(box)).toEqual(before);
  });
});
