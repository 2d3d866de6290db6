// Needs: openssh-client, libnss-wrapper, low-ports
/** Two checkouts of one home go over SSH: the first fix is not taken back from under the second. */
import { expect, test } from "bun:test";
import { ACCESS_KEY, Checkout } from "./ssh-checkout.ts";

const undo = ({ room }: Checkout, ...id: string[]) => room.rekey(["undo", "--yes", ...id]);

test("the shared host keys stay while a later fix relies on them", async () => {
  await using checkout = await Checkout.open();
  const { room } = checkout;
  await room.git(["init", "--quiet", "--initial-branch=main", "lib"]);
  await room.git(["-C", "lib", "remote", "add", "origin", room.urlWith("ana", "app-password", "acme/docs")]);
  const before = checkout.files();
  const stdin = room.emulator.secret("api-token-keys");
  const email = ["--email", "ana@acme.example"];
  expect((await checkout.fix(email, { stdin })).code).toBe(0);
  const between = checkout.files();
  const second = await checkout.fix(email, { stdin, cwd: "lib" });
  expect(second.code, second.stderr).toBe(0);

  const refused = await undo(checkout, "1");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("receipt 2 relies on what receipt 1 wrote into");
  expect(refused.stderr).toContain("`git rekey undo 2` comes first; nothing was changed");
  await checkout.expectPull("lib");

  // What stays at Bitbucket is left over, and said.
  expect((await undo(checkout, "2")).code).toBe(1);
  expect(checkout.files()).toEqual(between);
  await checkout.expectPull();
  expect((await undo(checkout, "1")).code).toBe(1);
  expect(checkout.files()).toEqual(before);
});

test("the key that a first run made stays while the second run's fix goes by it", async () => {
  await using checkout = await Checkout.open();
  const before = checkout.files();
  expect((await checkout.fix()).code).toBe(4);
  checkout.room.addAccessKey("acme/site", checkout.keyAt(ACCESS_KEY));
  expect((await checkout.fix()).code).toBe(0);
  expect((await undo(checkout, "1")).stderr).toContain("receipt 2 relies on what receipt 1 wrote into");
  await checkout.expectPull();
  await checkout.undoAll(2);
  expect(checkout.files()).toEqual(before);
});
