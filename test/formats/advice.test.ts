/** What a format adds to what any text may hold: advice, and which places are somebody else's. */
import { expect, test } from "bun:test";
import { mintApiToken, mintAppPassword, mintLegacyAppPassword } from "../../emulator/tokens.ts";
import { shapeOfToken } from "../../src/core/token.ts";
import { lookAtText } from "../../src/scan/look.ts";

function look(text: string, path: string) {
  const keep = (secret: string) => ({ ref: "0000", ...shapeOfToken(secret) });
  return lookAtText(new TextEncoder().encode(text), path, keep).seen;
}

test("what is somebody else's is seen only where its form is Bitbucket's", () => {
  const [api, legacy] = [mintApiToken(), mintLegacyAppPassword()];
  const others = (secret: string) =>
    `# for bitbucket see below\nmachine example.com login ana password ${secret}\n`;
  expect(look(others(legacy), "/home/ana/.netrc")).toEqual([]);
  expect(look(others(legacy), "/home/ana/notes").map(({ kind }) => kind)).toEqual(["legacy-app-password"]);
  expect(look(others(api), "/home/ana/.netrc").map(({ kind }) => kind)).toEqual(["api-token"]);
});

test("a store's own advice is not given for a token that belongs there", () => {
  const entry = (secret: string) => `https://ana:${secret.replace("=", "%3d")}@bitbucket.org\n`;
  const [good] = look(entry(mintApiToken()), "/home/ana/.git-credentials");
  const [dead] = look(entry(mintAppPassword()), "/home/ana/.git-credentials");
  expect(good?.advice).toBeNull();
  expect(dead?.advice).toContain("git rekey fix");
});

test("what any text may hold gets the advice of its file, and a mere name gets none", () => {
  const url = (secret: string) => `git clone https://ana:${secret}@bitbucket.org/acme/widgets.git\n`;
  const [literal] = look(url(mintAppPassword()), "/home/ana/.bash_history");
  expect(literal).toMatchObject({ format: "shell-history" });
  expect(literal?.advice).toContain("`history -d N`");
  const [fish] = look(url(mintAppPassword()), "/home/ana/.local/share/fish/fish_history");
  expect(fish?.advice).toContain("`history delete");
  const [variable] = look(url("$SECRET"), "/srv/deploy/release.sh");
  expect(variable).toMatchObject({ format: "shell", certainty: "variable-named", advice: null });
});

test("a token in a commit's subject gets the advice of the reflog that repeats it", () => {
  const line = `${"0".repeat(40)} ${"1".repeat(40)} Ana <ana@acme.test> 1750000000 +0000\tcommit: try ${mintApiToken()}\n`;
  const [seen] = look(line, "/home/ana/widgets/.git/logs/HEAD");
  expect(seen).toMatchObject({ format: "git-traces", kind: "api-token" });
  expect(seen?.advice).toContain("git reflog expire");
});

test("a section of a settings file does not speak of the next one's password", () => {
  const [ours, theirs] = [mintLegacyAppPassword(), mintLegacyAppPassword()];
  const other = `[github]\nuser = ana\npassword = ${theirs}\n`;
  const text = `${other}[bitbucket]\nuser = ana\npassword = ${ours}\n${other}`;
  expect(look(text, "/srv/app/settings.ini").map(({ line }) => line)).toEqual([6]);
});
