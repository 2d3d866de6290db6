import { expect, test } from "bun:test";
import { keepAccount, type OwnFiles, type WantedAccount } from "../../src/core/account-steps.ts";

const OWN: OwnFiles = { accounts: "/c/accounts.json", tokens: "/t", taken: [] };

const wanted = (name: string): WantedAccount => ({
  name,
  kind: "access-token",
  reach: { workspace: "acme", repository: "site" },
  username: null,
  email: null,
  rights: ["pull"],
  expires: null,
});

const place = (name: string, taken: readonly string[] = []) =>
  keepAccount(wanted(name), { kind: "file" }, null, { ...OWN, taken }).account.secret;

test("no two tokens have one place, however alike the names of their accounts are", () => {
  expect(place("acme/site")).toEqual({ kind: "file", name: "acme-site-1" });
  expect(place("acme-site", ["acme-site-1"])).toEqual({ kind: "file", name: "acme-site-2" });
  expect(place("acme site", ["acme-site-1", "acme-site-2"])).toEqual({ kind: "file", name: "acme-site-3" });
});

test("a name that leads elsewhere is no file's name", () => {
  for (const name of ["../../.ssh/id", "/etc/passwd", ".hidden", "a\nb", "☃"])
    expect(place(name)).toMatchObject({ name: expect.stringMatching(/^[A-Za-z0-9][\w.@-]*-1$/) });
});
