/** Sourcetree beside the command line: what is seen of it, what is said, and the proof through its own git. */
import { describe, expect, test } from "bun:test";
import { carryOut } from "../../src/cli/carry-out.ts";
import { diagnoseTarget } from "../../src/cli/diagnosis.ts";
import { openShell, type Shell } from "../../src/cli/shell.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { Choices, Plan } from "../../src/core/plan.ts";
import { TOOL } from "../../src/core/version.ts";
import { readSelf } from "../../src/world/self.ts";
import { assertValid } from "../contracts/validate.ts";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";
import {
  accountsJson,
  binaryPlist,
  bundleGit,
  bundleHelper,
  DATA,
  hostingServices,
  hostingServicesNew,
  install,
  type Platform,
} from "./sourcetree-files.ts";

const PLATFORMS = ["win32", "darwin"] as const;
const URL = "https://bitbucket.org/acme/site.git";
const API_USER = "x-bitbucket-api-token-auth";

const CHOICES: Choices = {
  with: "remote",
  kind: "api-token",
  store: null,
  email: null,
  expires: null,
  push: false,
  accept: [],
};

/** A repository of the sandbox, and a person whose own git works. */
async function person(): Promise<EmulatedSandbox> {
  const box = await withEmulator();
  await box.git(["init", "-q", "work"]);
  await box.git(["-C", "work", "remote", "add", "origin", URL]);
  box.write(".gitconfig", "[credential]\n\thelper = store\n");
  keep(box, ".git-credentials", API_USER, "api-token");
  return box;
}

function keep(box: EmulatedSandbox, file: string, user: string, label: string): string {
  return box.write(file, `${box.urlWith(user, label).replace(/\/acme.*/, "")}\n`, 0o600);
}

/** The same machine, were it the other one. */
function shellOn(box: EmulatedSandbox, platform: Platform): Shell {
  const self = { ...readSelf(), env: box.env, home: box.home, cwd: box.path("work"), platform };
  return openShell(self);
}

async function look(box: EmulatedSandbox, platform: Platform) {
  const inquiry = { target: ".", offline: false, email: null, runHelpers: false, trustRepository: false };
  return diagnoseTarget(shellOn(box, platform), {
    ...inquiry,
    hasTerminal: false,
    push: false,
    ownHelper: "",
  });
}

async function sourcetreeFindings(box: EmulatedSandbox, platform: Platform): Promise<Finding[]> {
  const { diagnosis } = await look(box, platform);
  return diagnosis.findings.filter(({ id }) => id.startsWith("sourcetree-"));
}

/** An account with a password, and a password that was typed in. */
function addStaleAccount(box: EmulatedSandbox, platform: Platform): void {
  if (platform === "win32") {
    box.write(`${DATA.win32}/accounts.json`, accountsJson([["ana", "password"]]));
    box.write(
      `${DATA.win32}/passwd`,
      "https://ana@bitbucket.org AQAAANCM\r\nhttps://ana@github.com AQAB\r\n",
    );
  } else {
    const list = hostingServicesNew("ana", "STBasicAuthCredential");
    box.write(`${DATA.darwin}/hostingservices_new.plist`, binaryPlist(list));
    box.write(`${DATA.darwin}/ana@STAuth-bitbucket.org`, Buffer.from([1, 2, 3]));
    box.write(`${DATA.darwin}/ana@STAuth-github.com`, Buffer.from([1, 2, 3]));
  }
}

const CLICKS = {
  win32: [/line of `ana@bitbucket\.org` out of `[^`]*passwd`/, /Tools > Options > Authentication/],
  darwin: [/move `[^`]*ana@STAuth-bitbucket\.org` to the Trash/, /Settings > Accounts/],
} as const;

describe.each(PLATFORMS)("%s", (platform) => {
  const [enough, old] = platform === "win32" ? ["3.4.24", "3.4.23"] : ["4.2.13", "4.2.12"];

  test("an account with a password is named, with the exact clicks", async () => {
    await using box = await person();
    install(box, platform, enough);
    addStaleAccount(box, platform);
    const before = box.snapshot();
    const [finding, ...others] = await sourcetreeFindings(box, platform);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id: "sourcetree-account-stale", severity: "warning", cause: false });
    expect(finding?.what).toContain("account `ana`");
    for (const click of CLICKS[platform]) expect(finding?.next).toMatch(click);
    expect(finding?.next).not.toContain("github.com");
    expect(finding?.next).toContain("`read:user:bitbucket`");
    expect(box.snapshot()).toEqual(before);
  });

  test("an old one is told apart from one that is new enough", async () => {
    await using box = await person();
    install(box, platform, old);
    const [finding] = await sourcetreeFindings(box, platform);
    expect(finding).toMatchObject({ id: "sourcetree-too-old", severity: "note" });
    expect(finding?.what).toContain(old);
    expect(finding?.what).toContain(enough);
    addStaleAccount(box, platform);
    const ids = (await sourcetreeFindings(box, platform)).map(({ id, severity }) => [id, severity]);
    expect(ids.sort()).toEqual([
      ["sourcetree-account-stale", "warning"],
      ["sourcetree-too-old", "warning"],
    ]);
    install(box, platform, enough);
    expect((await sourcetreeFindings(box, platform)).map(({ id }) => id)).toEqual([
      "sourcetree-account-stale",
    ]);
  });

  test("an account of another kind or another host is nobody's fault", async () => {
    await using box = await person();
    install(box, platform, enough);
    if (platform === "win32") {
      box.write(
        `${DATA.win32}/accounts.json`,
        accountsJson([
          ["ana", "oauth"],
          ["ana@acme.example", "api-token"],
          ["ana", "password", "https://github.com/"],
        ]),
      );
      box.write(`${DATA.win32}/passwd`, `https://${API_USER}@bitbucket.org AQAAANCM\r\n`);
    } else {
      box.write(
        `${DATA.darwin}/hostingservices.plist`,
        binaryPlist(hostingServices("ana", "https://github.com")),
      );
      box.write(`${DATA.darwin}/${API_USER}@STAuth-bitbucket.org`, "");
    }
    const { diagnosis } = await look(box, platform);
    expect(diagnosis.ruledOut).toContain("sourcetree-account-stale");
    expect(diagnosis.ruledOut).toContain("sourcetree-too-old");
  });

  test("a list that is not understood is said to be not looked at", async () => {
    await using box = await person();
    install(box, platform, enough);
    const name = platform === "win32" ? "accounts.json" : "hostingservices.plist";
    box.write(`${DATA[platform]}/${name}`, "bplist00 and no more");
    const { diagnosis } = await look(box, platform);
    const reason = diagnosis.notLooked.find(({ id }) => id === "sourcetree-account-stale")?.reason;
    expect(reason).toContain(name);
  });

  test("a version that nothing tells is not guessed", async () => {
    await using box = await person();
    addStaleAccount(box, platform);
    const { diagnosis } = await look(box, platform);
    expect(diagnosis.notLooked.map(({ id }) => id)).toContain("sourcetree-too-old");
    if (platform === "win32") {
      // Installed for the whole machine: the settings of the version that ran last are all there is.
      box.write("AppData/Local/Atlassian/SourceTree.exe_Url_abc/3.4.9.0/user.config", "<configuration/>");
      box.write("AppData/Local/Atlassian/SourceTree.exe_Url_abc/3.4.23.1/user.config", "<configuration/>");
      const found = await sourcetreeFindings(box, platform);
      expect(found.find(({ id }) => id === "sourcetree-too-old")?.what).toContain("3.4.23");
    }
  });

  test("its own git: the chain, what it would send and the answer; nothing is told to a helper", async () => {
    await using box = await person();
    install(box, platform, enough);
    const stale = keep(box, "sourcetree-credentials", "ana", "app-password");
    bundleGit(box, platform, `[credential]\n\thelper = store --file '${stale}'\n`);
    const before = box.snapshot();
    const [finding] = await sourcetreeFindings(box, platform);
    expect(finding).toMatchObject({ id: "sourcetree-account-stale", confidence: "certain" });
    expect(finding?.what).toContain("(410)");
    const seen = finding?.evidence.map(({ what }) => what).join("\n") ?? "";
    // Its system configuration comes before the person's own.
    expect(seen).toMatch(/own git asks `store --file [^`]*`, `store` for bitbucket\.org/);
    expect(seen).toContain("answered 410");
    expect(box.snapshot()).toEqual(before);
  });

  test("a fix verifies through its own git: works once the first helper is good, is left and said before", async () => {
    await using box = await person();
    install(box, platform, enough);
    addStaleAccount(box, platform);
    const stale = keep(box, "sourcetree-credentials", "ana", "app-password");
    bundleGit(box, platform, `[credential]\n\thelper = store --file '${stale}'\n`);
    const [finding] = await sourcetreeFindings(box, platform);
    const steps = finding?.remedy?.steps(CHOICES) ?? [];
    const plan: Plan = {
      schema: "git-rekey/plan@1",
      tool: TOOL,
      uid: null,
      target: { kind: "repository", path: box.path("work") },
      choices: CHOICES,
      needsToken: false,
      steps,
    };
    assertValid("plan", JSON.stringify(plan));
    const shell = shellOn(box, platform);
    const means = { cwd: box.path("work"), token: null, action: "fix", progress: () => {} } as const;
    const before = box.snapshot(".", (path) => path.startsWith(".local"));

    const first = await carryOut(shell, plan, means);
    assertValid("receipt", JSON.stringify(first.receipt));
    expect(first.failed).toBeNull();
    expect(first.receipt.proven).toMatchObject([{ through: "sourcetree", result: "failed" }]);
    expect(first.receipt.left.map(({ what }) => what)).toEqual(["Sourcetree's own git"]);
    expect(first.receipt.todo.map(({ what }) => what).join("\n")).toMatch(CLICKS[platform][1]);
    // A refused helper was told nothing.
    expect(box.snapshot(".", (path) => path.startsWith(".local"))).toEqual(before);

    keep(box, "sourcetree-credentials", API_USER, "api-token");
    box.emulator.clearLog();
    const second = await carryOut(shell, plan, means);
    expect(second.receipt.proven).toMatchObject([{ through: "sourcetree", result: "succeeded" }]);
    expect(second.receipt.left).toEqual([]);
    expect(box.emulator.log.some(({ credential }) => credential === "api-token")).toBe(true);
  });
});

test("on macOS its git finds the helper that stands beside it, and only `get` reaches that", async () => {
  await using box = await person();
  install(box, "darwin", "4.2.14");
  addStaleAccount(box, "darwin");
  box.write("answer", `username=${API_USER}\npassword=${box.emulator.secret("api-token")}\n`, 0o600);
  bundleHelper(
    box,
    "sourcetree",
    `cat >/dev/null; echo "$1" >>"$HOME/calls"; test "$1" = get && cat "$HOME/answer"; true`,
  );
  bundleGit(box, "darwin", "[credential]\n\thelper = sourcetree\n");
  // It may ask a person in the app, so that looking alone does not call it.
  const [finding] = await sourcetreeFindings(box, "darwin");
  expect(box.exists("calls")).toBe(false);
  const plan = {
    schema: "git-rekey/plan@1",
    tool: TOOL,
    uid: null,
    target: { kind: "repository", path: box.path("work") },
    choices: CHOICES,
    needsToken: false,
    steps: finding?.remedy?.steps(CHOICES) ?? [],
  } satisfies Plan;
  const means = { cwd: box.path("work"), token: null, action: "fix", progress: () => {} } as const;
  const { receipt } = await carryOut(shellOn(box, "darwin"), plan, means);
  expect(receipt.proven).toMatchObject([{ through: "sourcetree", result: "succeeded" }]);
  expect(box.read("calls")).toBe("get\n");
});

test("a machine without Sourcetree has none", async () => {
  await using box = await person();
  const { survey } = await look(box, "win32");
  expect(survey.gathered.sourcetree).toBeNull();
  const elsewhere = await diagnoseTarget(
    openShell({ ...readSelf(), env: box.env, home: box.home, cwd: box.path("work") }),
    {
      target: ".",
      ownHelper: "",
      offline: true,
      email: null,
      runHelpers: false,
      trustRepository: false,
      hasTerminal: false,
      push: false,
    },
  );
  expect(elsewhere.survey.gathered.sourcetree).toBeNull();
});
