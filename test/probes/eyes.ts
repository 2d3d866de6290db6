/** Real eyes for somebody who is not the one running the tests. */
import type { Eyes } from "../../src/probes/world.ts";
import { realFiles } from "../../src/world/files.ts";
import { realGit } from "../../src/world/git.ts";
import { realHttp } from "../../src/world/http.ts";
import { realKeychain } from "../../src/world/keychain.ts";
import { runProgram } from "../../src/world/program.ts";
import { readSelf } from "../../src/world/self.ts";
import { runSsh } from "../../src/world/ssh.ts";
import { openVault } from "../../src/world/vault.ts";

/** `env`: all variables there are. */
export function eyesOf(env: Readonly<Record<string, string>>, cwd = "/"): Eyes {
  const vault = openVault();
  const self = { ...readSelf(), env, home: env.HOME ?? null, cwd };
  const ports = { files: realFiles(), git: realGit(self), http: realHttp(vault), run: runProgram };
  return {
    self,
    vault,
    ...ports,
    keychain: async () => realKeychain(self),
    ssh: (call) => runSsh(self, call),
  };
}
