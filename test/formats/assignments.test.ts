/** Names that tell what their value is. */
import { expect, test } from "bun:test";
import { mintLegacyAppPassword } from "../../emulator/tokens.ts";
import { assignmentsIn } from "../../src/formats/shapes/assignments.ts";

const secrets = (text: string) => assignmentsIn(text).flatMap(({ secret }) => secret ?? []);

test("a blank sets a value only where that can be a secret", () => {
  const legacy = mintLegacyAppPassword();
  expect(secrets(`ENV BITBUCKET_PASSWORD ${legacy}\n`)).toEqual([legacy]);
  expect(secrets("Set the BITBUCKET_TOKEN environment variable\n")).toEqual([]);
  expect(secrets(`<env name="BITBUCKET_PASSWORD" value="${legacy}" />\n`)).toEqual([]);
  expect(secrets("BITBUCKET_PASSWORD=correct-horse\n")).toEqual(["correct-horse"]);
});
