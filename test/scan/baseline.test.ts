import { expect, test } from "bun:test";
import { mintAppPassword, mintPassword } from "../../emulator/tokens.ts";
import { baselineOf, baselineText, dropKnown, readBaseline, saltOf } from "../../src/scan/baseline.ts";
import { at, finding } from "../report/scan-example.ts";

const SALT = new Uint8Array(16).fill(7);

const password = (line: number, fingerprint: string) =>
  finding({
    ...at("/r/.netrc", line),
    id: "password-in-file",
    credential: { kind: "unknown", length: mintPassword().length, fingerprint },
  });

test("what is known is left out and counted, wherever its line went and the folder was moved", () => {
  const read = readBaseline(baselineText(baselineOf([finding(), password(1, "aaaa")], "/r", SALT)));
  if (read === null) throw new Error("it cannot be read");
  expect(saltOf(read)).toEqual(SALT);
  expect(dropKnown([finding(at("/r/deploy.sh", 99)), password(4, "aaaa")], read, "/r")).toEqual({
    findings: [],
    known: 2,
  });
  expect(dropKnown([finding(at("/moved/deploy.sh"))], read, "/moved").known).toBe(1);
});

test("another token, another file and one more of the same are new", () => {
  const known = baselineOf([finding()], "/r", SALT);
  const other = finding({ credential: { kind: "api-token", length: 192, fingerprint: "0000" } });
  const fresh = [other, finding(at("/r/other.sh")), finding(at("/r/deploy.sh", 70))];
  expect(dropKnown([finding(), ...fresh], known, "/r")).toEqual({ findings: fresh, known: 1 });
});

test("of a password no fingerprint is kept", () => {
  expect(baselineOf([password(1, "aaaa")], "/r", SALT).entries[0]?.fingerprint).toBeNull();
  expect(baselineText(baselineOf([password(1, "aaaa")], "/r", SALT))).not.toContain("aaaa");
});

test("nor of what is called a token and is as short as a password", () => {
  const short = finding({ credential: { kind: "app-password", length: 9, fingerprint: "bbbb" } });
  expect(baselineOf([short], "/r", SALT).entries[0]?.fingerprint).toBeNull();
  expect(baselineOf([finding()], "/r", SALT).entries[0]?.fingerprint).toBe("6f1c");
});

test("a token in a file's name is not kept, and the file is known again all the same", () => {
  const token = mintAppPassword();
  const named = finding(at(`/r/of-${token}/deploy.sh`));
  const known = baselineOf([named], "/r", SALT);
  expect(baselineText(known)).not.toContain(token.slice(6));
  expect(dropKnown([named], known, "/r").known).toBe(1);
});

test("the order of the findings does not matter", () => {
  const two = [finding(), finding(at("/r/a"))];
  expect(baselineText(baselineOf(two, "/r", SALT))).toBe(
    baselineText(baselineOf(two.toReversed(), "/r", SALT)),
  );
});

test("half a baseline is none", () => {
  const whole = baselineText(baselineOf([finding()], "/r", SALT));
  expect(readBaseline(whole)).not.toBeNull();
  for (const text of [
    "",
    "[]",
    "null",
    whole.slice(0, -9),
    whole.replace("@1", "@2"),
    whole.replace('"count": 1', '"count": 0'),
    whole.replace("0707", "zz07"),
    whole.replace("token-in-file", "no-such"),
  ])
    expect(readBaseline(text)).toBeNull();
});
