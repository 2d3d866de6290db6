/** `--with helper`, installed where paths have signs that a shell or Git's configuration would take for something else. */
import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRAM, withEmulator } from "../sandbox.ts";

const FIX = ["fix", "--with", "helper", "--store", "file", "--yes", "--expires", "90d"];

describe("git-rekey in a folder called", () => {
  test.each(["two words", 'it\'s "mine"', "schlüssel 🔑", "a$b;c&d(e)`f`#g%h~", "back\\slash"])(
    "%s",
    async (name) => {
      await using box = await withEmulator();
      const folder = box.path(name);
      mkdirSync(folder);
      for (const program of ["git-rekey", "git-credential-rekey"])
        symlinkSync(join(dirname(PROGRAM), program), join(folder, program));
      await box.git(["init", "--quiet", "site"]);
      await box.git(["-C", "site", "remote", "add", "origin", "https://ana@bitbucket.org/acme/site.git"]);
      const env = { PATH: `${folder}:${box.env.PATH}` };
      const stdin = box.emulator.secret("api-token");
      const fixed = await box.rekey(FIX, { cwd: "site", stdin, env });
      expect(fixed.code, fixed.stderr).toBe(0);
      const asked = await box.git(["config", "--get-all", "credential.https://bitbucket.org.helper"]);
      // The link in that folder was taken, and not what it leads to.
      expect(asked.stdout).toContain("/git-credential-rekey");
      expect(asked.stdout).not.toContain(dirname(PROGRAM));
      box.emulator.clearLog();
      // Git finds it without that folder on PATH.
      expect(await box.git(["ls-remote", "origin", "HEAD"], { cwd: "site" })).toMatchObject({
        code: 0,
        stderr: "",
      });
      expect(box.emulator.sawSecret("api-token")).toBe(true);
      expect(await box.rekey(["doctor"], { cwd: "site" })).toMatchObject({ code: 0 });
    },
  );
});
