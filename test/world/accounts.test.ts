/** Users of this machine, by name and by number. */
import { expect, test } from "bun:test";
import { findAccount, nameOfUid } from "../../src/world/accounts.ts";

test("root is there, with its home", () => {
  expect(findAccount("root")).toEqual({ name: "root", uid: 0, gid: 0, home: "/root" });
  expect(nameOfUid(0)).toBe("root");
});

test("nobody else is guessed", () => {
  const names = [
    "",
    "no-such-user-here",
    "-s",
    "--service=files",
    "root:",
    "roo",
    "root root",
    "../root",
    "root\nx",
    "#0",
    "*",
  ];
  for (const name of names) expect(findAccount(name)).toBeNull();
  expect(nameOfUid(4_000_000_001)).toBeNull();
});
