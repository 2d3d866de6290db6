/** What shapes must not take for credentials, and what they must see through. */
import { expect, test } from "bun:test";
import { mintApiToken, mintLegacyAppPassword } from "../../emulator/tokens.ts";
import { sightingsIn } from "../../src/formats/recognise/text.ts";

const secretsIn = (text: string): (string | null)[] => sightingsIn(text).map(({ secret }) => secret);

test("a name with nothing but a blank before the next word is set only by what sets names", () => {
  expect(secretsIn("the BITBUCKET_TOKEN environment of bitbucket.org")).toEqual([]);
  expect(secretsIn("ENV BITBUCKET_TOKEN Str0ng-and-long")).toEqual(["Str0ng-and-long"]);
  expect(secretsIn("set -x BITBUCKET_TOKEN Str0ng-and-long")).toEqual(["Str0ng-and-long"]);
});

test("a word of a program is no secret, what an environment file holds is", () => {
  expect(secretsIn("bitbucketPassword: string")).toEqual([]);
  expect(secretsIn("bitbucketPassword = readPassword(")).toEqual([]);
  expect(secretsIn("BITBUCKET_PASSWORD=correcthorse")).toEqual(["correcthorse"]);
});

test("the password that a call is given behind its user is one", () => {
  const secret = `${mintLegacyAppPassword().slice(0, 17)}Aa7`;
  expect(secretsIn(`makeCredential("bitbucket", "ana", "${secret}")`)).toContain(secret);
  expect(secretsIn(`makePoint("bitbucket", "ana", "${secret}")`)).toEqual([]);
});

test("the beginning of a token is no old app password", () => {
  const whole = mintApiToken();
  const token = `${whole.slice(0, 20)}-${whole.slice(21)}`;
  expect(secretsIn(`bitbucket password: ${token}`)).toEqual([token]);
});
