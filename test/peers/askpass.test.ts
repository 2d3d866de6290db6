/** Editors that put a program of their own in front of the terminal, and what is left of it when they are gone. */
import { describe, expect, test } from "bun:test";
import type { PublishedFinding, Report } from "../../src/core/report.ts";
import { assertValid } from "../contracts/validate.ts";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";

type Env = Readonly<Record<string, string>>;

async function machine(): Promise<EmulatedSandbox> {
  const box = await withEmulator();
  await box.git(["init", "-q", "work"]);
  await box.git(["-C", "work", "remote", "add", "origin", "https://bitbucket.org/acme/site.git"]);
  return box;
}

async function find(box: EmulatedSandbox, id: string, env: Env): Promise<PublishedFinding | undefined> {
  const { stdout } = await box.rekey(["doctor", "--json"], { cwd: "work", env });
  assertValid("report", stdout);
  return (JSON.parse(stdout) as Report).findings.find((one) => one.id === id);
}

const JETBRAINS = ".cache/JetBrains/IntelliJIdea2026.1/tmp/intellij-git-askpass-local.sh";

/** As the IDE writes it: its own Java, which fails when no IDE told it whom to ask. */
function jetbrainsScript(box: EmulatedSandbox, java = "idea/jbr/bin/java"): Env {
  const program = box.write(
    JETBRAINS,
    `#!/bin/sh\n"${box.path(java)}" -cp "${box.path("idea/lib/externalProcess-rt.jar")}" git4idea.http.GitAskPassApp "$@"\n`,
    0o700,
  );
  box.write(
    "idea/jbr/bin/java",
    '#!/bin/sh\ntest -n "$INTELLIJ_GIT_ASKPASS_HANDLER" || exit 1\necho x\n',
    0o755,
  );
  return { GIT_ASKPASS: program };
}

const fetch = (box: EmulatedSandbox, env: Env) => box.git(["fetch", "-q", "origin"], { cwd: "work", env });

describe("JetBrains", () => {
  test("its script in a shell of its own: git cannot read from it, and the finding says why and what to click", async () => {
    await using box = await machine();
    const env = jetbrainsScript(box);
    expect((await fetch(box, env)).stderr).toContain("unable to read askpass response from");
    const finding = await find(box, "askpass-broken", env);
    expect(finding).toMatchObject({ severity: "error", confidence: "certain" });
    expect(finding?.what).toContain("answers only the Git commands it runs itself");
    expect(finding?.next).toContain("`unset GIT_ASKPASS`");
    expect(finding?.next).toContain("`Settings > Version Control > Git > Use credential helper`");
  });

  test("a Java that an update took away", async () => {
    await using box = await machine();
    const finding = await find(box, "askpass-broken", {
      ...jetbrainsScript(box, "idea-2025.3/jbr/bin/java"),
      INTELLIJ_GIT_ASKPASS_HANDLER: "7",
    });
    expect(finding?.what).toContain("idea-2025.3/jbr/bin/java` does not exist");
  });

  test("a command that the IDE itself runs is answered", async () => {
    await using box = await machine();
    const env = { ...jetbrainsScript(box), INTELLIJ_GIT_ASKPASS_HANDLER: "7" };
    expect((await fetch(box, env)).stderr).not.toContain("unable to read askpass response");
    expect(await find(box, "askpass-broken", env)).toBeUndefined();
  });

  test("in its terminal, and behind its script, its own store of passwords is remarked on; elsewhere not", async () => {
    await using box = await machine();
    const here = await find(box, "ide-keeps-password", { TERMINAL_EMULATOR: "JetBrains-JediTerm" });
    expect(here).toMatchObject({ severity: "note", confidence: "possible" });
    expect(here?.what).toContain("`-c credential.helper=`");
    expect(here?.why).toContain("410");
    expect(here?.next).toContain("`Settings > Appearance & Behavior > System Settings > Passwords`");
    expect(here?.next).toContain("`IntelliJ Platform Git HTTP — http://USER@bitbucket.org`");
    expect(await find(box, "ide-keeps-password", jetbrainsScript(box))).toBeDefined();
    expect(await find(box, "ide-keeps-password", { TERMINAL_EMULATOR: "xterm" })).toBeUndefined();
  });
});

describe("VS Code", () => {
  const SCRIPT = ".vscode-server/extensions/git/dist/askpass.sh";

  function vscodeScript(box: EmulatedSandbox): Env {
    const program = box.write(
      SCRIPT,
      "#!/bin/sh\necho 'Missing or invalid credentials.' >&2\nexit 1\n",
      0o755,
    );
    return { GIT_ASKPASS: program, VSCODE_GIT_IPC_HANDLE: box.path("vscode-git-1.sock") };
  }

  test("a socket without an editor behind it: the shell is mended, and both settings are named", async () => {
    await using box = await machine();
    const env = vscodeScript(box);
    expect((await fetch(box, env)).code).not.toBe(0);
    const finding = await find(box, "askpass-broken", env);
    expect(finding?.what).toContain("vscode-git-1.sock` does not exist");
    for (const words of ["`unset GIT_ASKPASS`", "`git.useIntegratedAskPass`", "`git.terminalAuthentication`"])
      expect(finding?.next).toContain(words);
  });

  test("with its socket there nothing is wrong; somebody's own askpass.sh is not VS Code's", async () => {
    await using box = await machine();
    const env = vscodeScript(box);
    box.write("vscode-git-1.sock", "");
    expect(await find(box, "askpass-broken", env)).toBeUndefined();
    const own = { ...env, GIT_ASKPASS: box.write("own/askpass.sh", "#!/bin/sh\n", 0o644) };
    const finding = await find(box, "askpass-broken", own);
    expect(finding?.what).toContain("it may not be executed");
    expect(finding?.next).not.toContain("VS Code");
  });
});
