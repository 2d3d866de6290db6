/** Real git must print what users of the real Bitbucket saw, to the letter. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { startEmulator } from "../../emulator/index.ts";
import { makePerson } from "./person.ts";

const emulator = await startEmulator();
const ana = makePerson(emulator);

afterAll(async () => {
  await ana.leave();
  await emulator.stop();
});

beforeEach(() => {
  emulator.clearLog();
  emulator.switches.forbiddenGitText = "401-text";
});

const NO_ACCESS = `remote: You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.
fatal: Authentication failed for 'https://bitbucket.org/acme/site.git/'
`;

const failing = (status: number): string =>
  `fatal: unable to access 'https://bitbucket.org/acme/site.git/': The requested URL returned error: ${status}\n`;

test("an app password", async () => {
  const told = await ana.git("ls-remote", ana.url("ana", "app-password"));
  expect(told.stderr).toBe(`remote: CHANGE-3222 - Functionality has been deprecated
remote: App passwords are deprecated and must be replaced with API tokens.
remote: https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222
${failing(410)}`);
  expect(told.code).toBe(128);
  expect(emulator.sawSecret("app-password")).toBe(true);
  expect(emulator.log.map(({ user, credential, status }) => [user, credential, status])).toEqual([
    [null, null, 401],
    ["ana", "app-password", 410],
  ]);
});

test.each([
  ["ana@acme.example", "api-token"],
  ["x-token-auth", "api-token"],
  ["ana", "api-token-unscoped"],
  ["ana", "api-token-expired"],
  ["x-bitbucket-api-token-auth", "repository-token"],
  ["x-token-auth", "repository-token-docs"],
])("the sentence for everything: %s with %s", async (user, label) => {
  const told = await ana.git("ls-remote", ana.url(user, label));
  expect(told).toEqual({ code: 128, stdout: "", stderr: NO_ACCESS });
});

test("a scope is missing", async () => {
  const told = await ana.git("ls-remote", ana.url("ana", "api-token-write-only"));
  expect(told.stderr).toBe(
    `remote: Your credentials lack one or more required privilege scopes.\n${failing(403)}`,
  );
});

describe("the knowledge base's 403s", () => {
  test("address", async () => {
    const acme = emulator.world.workspaces.get("acme");
    if (acme) acme.allowedAddresses = ["203.0.113.1"];
    const told = await ana.git("ls-remote", ana.url("ana", "api-token"));
    if (acme) acme.allowedAddresses = null;
    expect(told.stderr).toBe(
      `remote: To access this repository, an admin must whitelist your IP.\n${failing(403)}`,
    );
  });

  test("two-step verification", async () => {
    const acme = emulator.world.workspaces.get("acme");
    if (acme) acme.requiresTwoStep = true;
    const told = await ana.git("ls-remote", ana.url("bob", "api-token-bob"));
    if (acme) acme.requiresTwoStep = false;
    expect(told.stderr).toBe(
      `remote: To access this repository, enable two-step authentication.\n${failing(403)}`,
    );
  });

  test("no permission", async () => {
    emulator.switches.forbiddenGitText = "403-text";
    const told = await ana.git("ls-remote", ana.url("eve", "api-token-eve"));
    expect(told.stderr).toBe(
      `remote: The requested repository either does not exist or you do not have access. If you believe this repository exists and you have access, make sure you're authenticated.\n${failing(403)}`,
    );
  });
});

test("an account password", async () => {
  const told = await ana.git("ls-remote", ana.url("ana", "account-password"));
  expect(
    told.stderr,
  ).toBe(`remote: Bitbucket Cloud recently stopped supporting account passwords for Git authentication.
remote: See our community post for more details: https://atlassian.community/t5/x/x/ba-p/1948231
remote: App passwords are recommended for most use cases and can be created in your Personal settings:
remote: https://bitbucket.org/account/settings/app-passwords/
fatal: Authentication failed for 'https://bitbucket.org/acme/site.git/'
`);
});

test.each(["acme/site", "acme/missing"])("nothing sent to %s", async (repository) => {
  const told = await ana.git("ls-remote", `https://bitbucket.org/${repository}.git`);
  expect(told.stderr).toBe(
    "fatal: could not read Username for 'https://bitbucket.org': terminal prompts disabled\n",
  );
});

test("a restricted branch", async () => {
  await ana.git("clone", "--quiet", ana.url("ana", "api-token", "acme/guarded"), "guarded");
  await ana.git("-C", "guarded", "commit", "--quiet", "--allow-empty", "--message", "x");
  const told = await ana.git("-C", "guarded", "push", "origin", "main");
  expect(told.code).toBe(1);
  // Git pads what a server says with eight blanks.
  expect(told.stderr.replaceAll("        \n", "\n")).toBe(`remote: Permission denied to update branch main.
To https://bitbucket.org/acme/guarded.git
 ! [remote rejected] main -> main (pre-receive hook declined)
error: failed to push some refs to 'https://bitbucket.org/acme/guarded.git'
`);
});

test("a new branch", async () => {
  await ana.git("clone", "--quiet", ana.url("x-token-auth", "repository-token"), "site");
  await ana.git("-C", "site", "switch", "--quiet", "--create", "topic/one");
  await ana.git("-C", "site", "commit", "--quiet", "--allow-empty", "--message", "x");
  const told = await ana.git("-C", "site", "push", "origin", "topic/one");
  expect(told.code).toBe(0);
  expect(told.stderr.replaceAll("        \n", "\n")).toBe(`remote: 
remote: Create pull request for topic/one:
remote:   https://bitbucket.org/acme/site/pull-requests/new?source=topic/one&t=1
remote: 
To https://bitbucket.org/acme/site.git
 * [new branch]      topic/one -> topic/one
`);
});
