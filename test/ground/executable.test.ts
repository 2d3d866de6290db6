/** Slow: builds the executable. What a stranger's folder holds is obeyed by neither form of the tool. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import { buildExecutable } from "../../build/executable.ts";
import { VERSION } from "../../src/core/version.ts";
import { CHECKOUT, makeSandbox, type Sandbox } from "../sandbox.ts";

const MARK = "obeyed-a-stranger";

const box: Sandbox = makeSandbox();
let built = "";

beforeAll(() => {
  built = buildExecutable(box.path("built"));
}, 60_000);
afterAll(() => box.remove());

/** Everything that Bun is known to read from the folder it is started in. */
function makeHostile(folder: string): void {
  const shout = `require("node:fs").writeSync(2, "${MARK}");\n`;
  box.write(`${folder}/evil.js`, shout);
  for (const name of ["bunfig.toml", ".bunfig.toml"]) {
    const lines = ['preload = ["./evil.js"]', "[run]", "bun = true", "[define]", '"process.argv" = "[]"'];
    box.write(`${folder}/${name}`, `${lines.join("\n")}\n`);
  }
  for (const name of [".env", ".env.local", ".env.production", ".env.development"])
    box.write(
      `${folder}/${name}`,
      `FORCE_COLOR=3\nBUN_OPTIONS=--preload=./evil.js\nGIT_TRACE=1\nHOME=/nowhere\n`,
    );
  const paths = { "*": ["./evil.js"] };
  box.write(
    `${folder}/package.json`,
    JSON.stringify({ imports: { "#*": "./evil.js" }, main: "evil.js", type: "commonjs" }),
  );
  box.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions: { baseUrl: ".", paths } }));
  box.write(`${folder}/node_modules/@stricli/core/index.js`, shout);
  box.write(`${folder}/node_modules/@stricli/core/package.json`, JSON.stringify({ main: "index.js" }));
}

const FORMS: readonly [string, () => string][] = [
  ["bin/git-rekey", () => join(CHECKOUT, "bin/git-rekey")],
  ["the executable", () => built],
];

for (const [name, program] of FORMS) {
  describe(name, () => {
    test("says its version", async () => {
      const told = { code: 0, signal: null, stdout: `git-rekey ${VERSION}\n`, stderr: "" };
      expect(await box.run([program(), "--version"])).toEqual(told);
    });

    test("obeys nothing in the folder it is started in", async () => {
      makeHostile("hostile");
      for (const words of [
        ["--version"],
        ["--help"],
        ["doctor", "--help"],
        ["explain", "app-password-sent"],
      ]) {
        const [there, here] = await Promise.all([
          box.run([program(), ...words], { cwd: "hostile" }),
          box.run([program(), ...words]),
        ]);
        expect(there.stdout + there.stderr).not.toContain(MARK);
        expect(there).toEqual(here);
        expect(there.code).toBe(0);
      }
    });
  });
}

test("the helper is the same program under another name", async () => {
  const helper = join(built, "../git-credential-rekey");
  const stdin = "protocol=https\nhost=bitbucket.org\n\n";
  const silent = { code: 0, signal: null, stdout: "", stderr: "" };
  expect(await box.run([helper, "get"], { stdin })).toEqual(silent);
});
