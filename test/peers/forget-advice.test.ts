/** The words a person is given to remove an entry by hand are run here, as a shell runs them. */
import { expect, test } from "bun:test";
import { forgetAdvice } from "../../src/core/forget-advice.ts";
import { makeSandbox } from "../sandbox.ts";
import { keptBy, plantHelper, type StandIn } from "./stand-ins.ts";

/** What stands in the first backticks. */
function commandIn(advice: string | null): string {
  return /^`([^`]+)`/.exec(advice ?? "")?.[1] ?? "";
}

const HELPERS: readonly StandIn[] = [
  { name: "osxkeychain", fault: "erases-one" },
  { name: "osxkeychain", fault: "compares" },
  { name: "wincred", fault: "dies-of-password" },
  { name: "manager", fault: "erases-one" },
];

test.each(HELPERS)("$name that $fault forgets the user, and nobody else", async (standIn) => {
  await using box = makeSandbox();
  plantHelper(box, standIn, [
    ["ana", "one"],
    ["ben", "two"],
    ["ana", "three", "acme/site.git"],
  ]);
  const command = commandIn(forgetAdvice(standIn.name, "ana", "linux"));
  expect(command).not.toContain("password");
  for (let times = 0; times < 2; times++) await box.run(["sh", "-c", command]);
  expect(keptBy(box)).toEqual(["ben||two"]);
});

test("a helper by its path is called by its name; a shell's words and odd user names are nobody's to repeat", () => {
  const named = (helper: string) => commandIn(forgetAdvice(helper, "ana", "linux")).split(" | ")[1];
  expect(named("/usr/lib/git-core/git-credential-libsecret")).toBe("git credential-libsecret erase");
  expect(named("C:/Program\\ Files/Git/git-credential-wincred.exe")).toBe("git credential-wincred erase");
  expect(named("cache --timeout=60")).toBe("git credential-cache erase");
  expect(forgetAdvice("!f() { :; }; f", "ana", "linux")).toBeNull();
  expect(forgetAdvice("store", "a'; rm -rf ~; '", "linux")).toBeNull();
});

test.each([
  ["osxkeychain", "darwin", "Keychain Access"],
  ["manager", "darwin", "Keychain Access"],
  ["manager", "win32", "`git:https://bitbucket.org`"],
  ["wincred", "win32", "Windows Credentials"],
  ["libsecret", "linux", "Passwords and Keys"],
] as const)("where %s on %s can be looked into", (helper, platform, where) => {
  expect(forgetAdvice(helper, "ana", platform)).toContain(where);
});
