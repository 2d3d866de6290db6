/** What `ssh -G` prints, read. */
import { expect, test } from "bun:test";
import { sshResolved } from "../../src/checks/example-ssh.ts";
import { readSettings } from "../../src/probes/ssh-config.ts";
import { readSelf } from "../../src/world/self.ts";

const SELF = {
  ...readSelf(),
  env: { SSH_AUTH_SOCK: "/run/agent", KEYS: "/srv/keys" },
  home: "/elsewhere",
  sshHome: () => "/home/ana",
  user: "ana",
  host: "laptop",
  uid: 1000,
};

const BASE = "host bitbucket.org\nuser git\nhostname bitbucket.org\nport 22\n";

const variable = (name: string) => `\${${name}}`;

const read = (more = "", base = BASE) => readSettings(base + more, SELF);

test("a plain one", () => {
  expect(read("stricthostkeychecking ask\nidentitiesonly no\n")).toEqual({
    resolved: sshResolved({ agent: "/run/agent", knownHostsFiles: [] }),
    identityFiles: [],
    lets: "none",
  });
});

test("home is the password database's, and letters stand for what ssh puts there", () => {
  const files = [
    "~/.ssh/id_rsa",
    "%d/k",
    "/k/%h-%r-%p",
    `${variable("KEYS")}/%u`,
    "/k/100%%",
    "none",
    `/k/${variable("NONE")}`,
  ];
  expect(read(files.map((file) => `identityfile ${file}\n`).join(""))?.identityFiles).toEqual([
    "/home/ana/.ssh/id_rsa",
    "/home/ana/k",
    "/k/bitbucket.org-git-22",
    "/srv/keys/ana",
    "/k/100%",
    `/k/${variable("NONE")}`,
  ]);
});

test("known_hosts files of the user come before the system's", () => {
  const lines = "globalknownhostsfile /etc/ssh/ssh_known_hosts\nuserknownhostsfile ~/.ssh/known_hosts /b\n";
  expect(read(lines)?.resolved.knownHostsFiles).toEqual([
    "/home/ana/.ssh/known_hosts",
    "/b",
    "/etc/ssh/ssh_known_hosts",
  ]);
});

test("the agent it asks", () => {
  const agent = (line: string) => read(line)?.resolved.agent;
  expect(agent("identityagent none\n")).toBeNull();
  expect(agent("identityagent SSH_AUTH_SOCK\n")).toBe("/run/agent");
  expect(agent("identityagent $KEYS\n")).toBe("/srv/keys");
  expect(agent("identityagent ~/.1password/agent.sock\n")).toBe("/home/ana/.1password/agent.sock");
});

test("the way there, its secrets masked", () => {
  const via = (line: string) => read(line)?.resolved.via;
  expect(via("proxycommand nc -X connect -x proxy:3128 %h %p\n")).toEqual({
    kind: "proxy-command",
    text: "nc -X connect -x proxy:3128 %h %p",
  });
  expect(via("proxyjump jump.acme.example\n")).toEqual({ kind: "proxy-jump", text: "jump.acme.example" });
  expect(via("proxycommand none\n")).toBeNull();
  expect(via("proxycommand corkscrew http://ana:hunter2hunter2@proxy %h %p\n")?.text).not.toContain(
    "hunter2",
  );
});

test("an alias, on another port, with a name of its own in known_hosts", () => {
  const text =
    "user git\nhostname ALTSSH.bitbucket.org\nport 443\nhostkeyalias bitbucket.org\nidentitiesonly yes\n";
  expect(read("", text)?.resolved).toMatchObject({
    hostname: "altssh.bitbucket.org",
    port: 443,
    hostKeyAlias: "bitbucket.org",
    identitiesOnly: true,
  });
});

test("whom it lets in by itself", () => {
  const lets = (value: string) => read(`stricthostkeychecking ${value}\n`)?.lets;
  expect(["ask", "true", "yes", "accept-new", "false", "no", "off"].map(lets)).toEqual([
    "none",
    "none",
    "none",
    "new",
    "all",
    "all",
    "all",
  ]);
});

test("what is no configuration is none", () => {
  expect(readSettings("unknown option -- G\n", SELF)).toBeNull();
  expect(readSettings("", SELF)).toBeNull();
});
