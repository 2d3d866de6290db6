/** The helper as a process. It has no account yet, so whatever it is asked, it stays silent and lets Git go on. */
import { expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { CHECKOUT, makeSandbox, withEmulator } from "../sandbox.ts";

const MAIN = join(CHECKOUT, "src/helper/main.ts");
const SILENT = { code: 0, signal: null, stdout: "", stderr: "" };
const REQUEST = "protocol=https\nhost=bitbucket.org\n\n";

test("answers nothing to any operation", async () => {
  await using box = makeSandbox();
  const program = `await (await import(${JSON.stringify(MAIN)})).helper(process.argv.slice(1))`;
  const ask = (stdin: string, ...words: string[]) =>
    box.run([process.execPath, "--no-env-file", "-e", program, ...words], { stdin });
  const all = await Promise.all([
    ...["get", "store", "erase", "capability", "approve"].map((operation) => ask(REQUEST, operation)),
    ask(REQUEST, "--some", "option", "get"),
    ask("protocol=https\nhost=gitlab.example\n\n", "get"),
    ask("nonsense\n", "get"),
    ask("", "get"),
    ask(`${REQUEST}${"x".repeat(500_000)}`, "get"),
    ask(REQUEST),
  ]);
  for (const one of all) expect(one).toEqual(SILENT);
});

test("Git goes on to the next helper", async () => {
  await using box = await withEmulator();
  const [user, secret] = ["x-bitbucket-api-token-auth", encodeURIComponent(box.emulator.secret("api-token"))];
  box.write(".git-credentials", `https://${user}:${secret}@bitbucket.org\n`, 0o600);
  box.write(".gitconfig", "[credential]\n\thelper = rekey\n\thelper = store\n");
  const told = await box.git(["ls-remote", "https://bitbucket.org/acme/site.git", "HEAD"]);
  expect(told).toMatchObject({ code: 0, stderr: "" });
  expect(box.emulator.sawSecret("api-token")).toBe(true);
});

test("it is found through a link and from any folder", async () => {
  await using box = makeSandbox();
  box.write("bin/keep", "");
  symlinkSync(join(CHECKOUT, "bin/git-credential-rekey"), box.path("bin/git-credential-mine"));
  expect(await box.run([box.path("bin/git-credential-mine"), "get"], { stdin: REQUEST, cwd: "bin" })).toEqual(
    SILENT,
  );
});
