/** The timers, with stand-ins for what schedules: real files, nothing of this machine's schedule. */
import { afterEach, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, readFileSync } from "node:fs";
import { makeSandbox, type Ran, type Sandbox } from "../sandbox.ts";
import { kept, token } from "./people.ts";

const boxes: Sandbox[] = [];
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.remove();
});

/** Keeps one crontab in a file, as Debian's does: no file, no crontab; what does not end in a line end is refused. */
const CRONTAB = `#!/bin/sh
cd "$HOME" || exit 9
echo "$*" >>called
case $1 in
-l) if test -e tab; then cat tab; else echo "no crontab for ana" >&2; exit 1; fi ;;
-r) rm tab ;;
-) cat >tab.new; if test -s tab.new && test "$(tail -c 1 tab.new | wc -l)" = 0; then echo "premature EOF" >&2; exit 1; fi; mv tab.new tab ;;
*) exit 2 ;;
esac
`;

/** Remembers what is switched on, and refuses a unit whose file is not there. */
const SYSTEMCTL = `#!/bin/sh
cd "$HOME" || exit 9
echo "$*" >>called
shift
case $1 in
show) test ! -e silent ;;
daemon-reload) ;;
is-enabled) if test -e systemd-on; then echo enabled; else echo disabled; exit 1; fi ;;
enable) test -e ".config/systemd/user/$3" || { echo "Unit $3 not found." >&2; exit 1; }; : >systemd-on ;;
disable) rm -f systemd-on ;;
*) exit 2 ;;
esac
`;

const LAUNCHCTL = `#!/bin/sh
cd "$HOME" || exit 9
echo "$*" >>called
case $1 in
version) echo 7 ;;
print) test -e launchd-on ;;
bootstrap) test -e "$3" && : >launchd-on ;;
bootout) rm launchd-on ;;
*) exit 2 ;;
esac
`;

function open(): Sandbox {
  const box = makeSandbox();
  boxes.push(box);
  box.env.PATH = `${box.path("bin")}:${box.env.PATH}`;
  for (const [name, text] of Object.entries({ crontab: CRONTAB, systemctl: SYSTEMCTL, launchctl: LAUNCHCTL }))
    box.write(`bin/${name}`, text, 0o755);
  return box;
}

const expiring = (box: Sandbox, ...argv: string[]): Promise<Ran> =>
  token(box, ["expiring", ...argv], { cwd: "" });

/** Everything but what the stand-ins note for themselves. */
const state = (box: Sandbox) => {
  const { called: _, ...rest } = kept(box);
  return rest;
};

const SERVICE = ".config/systemd/user/git-rekey-expiring.service";
const TIMER = ".config/systemd/user/git-rekey-expiring.timer";
const PLIST = "Library/LaunchAgents/org.git-rekey.expiring.plist";

describe.each(["systemd", "launchd", "cron"])("%s", (scheduler) => {
  test("shown before, installed, undone, done again, removed", async () => {
    const box = open();
    if (scheduler === "cron") box.write("tab", "# mine\n\n0 1 * * *\techo 'a  b'\n");
    const before = state(box);
    const shown = await expiring(box, "--install-timer", scheduler);
    expect(shown.code).toBe(4);
    expect(shown.stdout).toContain("token");
    expect(state(box)).toEqual(before);
    const installed = await expiring(box, "--install-timer", scheduler, "--within", "7d", "--yes");
    expect({ code: installed.code, stderr: installed.stderr }).toEqual({
      code: 0,
      stderr: "\nhint: `git rekey undo 1` takes this back\n",
    });
    const after = state(box);
    expect(after).not.toEqual(before);
    expect(JSON.stringify(after)).toContain("expiring");
    expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
    expect(state(box)).toEqual(before);
    expect((await box.rekey(["undo", "2", "--yes"])).code).toBe(0);
    expect(state(box)).toEqual(after);
    expect((await expiring(box, "--remove-timer")).code).toBe(4);
    expect(state(box)).toEqual(after);
    expect((await expiring(box, "--remove-timer", "--yes")).code).toBe(0);
    expect(Object.keys(state(box)).filter((path) => /expiring|-on$/.test(path))).toEqual([]);
    if (scheduler === "cron") expect(state(box)).toEqual(before);
    expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
    expect(state(box)).toEqual(after);
    expect((await expiring(box, "--remove-timer", "--yes")).code).toBe(0);
    const none = await expiring(box, "--remove-timer", "--yes");
    expect(none).toMatchObject({ code: 0, stdout: "", stderr: "git-rekey: no timer is installed\n" });
  });

  test("installed twice is installed once, with the newer options", async () => {
    const box = open();
    await expiring(box, "--install-timer", scheduler, "--within", "7d", "--yes");
    const second = await expiring(box, "--install-timer", scheduler, "--within", "9d", "--yes");
    expect(second.code).toBe(0);
    const text = JSON.stringify(state(box));
    expect(text).toContain("9d");
    expect(text).not.toContain("7d");
  });
});

test("cron: others' lines stay byte for byte, whatever encoding they are in", async () => {
  const box = open();
  const others = Buffer.from("0 1 * * *\techo 'Gr\xfc\xdfe \xff'\n", "latin1");
  box.write("tab", others);
  const file = box.path("größe.txt");
  expect((await expiring(box, "--install-timer", "cron", "--output", file, "--yes")).code).toBe(0);
  const installed = readFileSync(box.path("tab"));
  expect(installed.subarray(0, others.length)).toEqual(others);
  expect(installed.subarray(others.length).toString("utf8")).toContain("größe.txt");
  expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
  expect(readFileSync(box.path("tab"))).toEqual(others);
});

test.each(["systemd", "launchd", "cron"])(
  "%s: a folder's name adds no line to the schedule",
  async (scheduler) => {
    const box = open();
    box.write("tab", "# mine\n");
    const folder = "clone\n* * * * * touch ran #";
    box.write(`${folder}/keep`, "");
    const before = state(box);
    const words = ["expiring", "--install-timer", scheduler, "--output", "tokens.prom", "--yes"];
    const told = await token(box, words, { cwd: folder });
    expect(told).toMatchObject({ code: 2, stdout: "" });
    expect(told.stderr).toContain("a path has a line end or another control character in it");
    expect(state(box)).toEqual(before);
  },
);

test("systemd: both files are what systemd itself takes (skipped without systemd-analyze)", async () => {
  if (Bun.which("systemd-analyze") === null) return;
  const box = open();
  const file = box.path('me & 50% "you"/tokens.prom');
  await expiring(box, "--install-timer", "systemd", "--format", "prometheus", "--output", file, "--yes");
  const verified = spawnSync("systemd-analyze", ["--user", "verify", box.path(SERVICE), box.path(TIMER)], {
    env: { ...box.env, SYSTEMD_LOG_LEVEL: "warning" },
    encoding: "utf8",
  });
  expect({ status: verified.status, said: verified.stderr }).toEqual({ status: 0, said: "" });
  expect(box.read(SERVICE)).toContain("SuccessExitStatus=1\n");
  expect(box.read(SERVICE)).toContain('50%% \\"you\\"/tokens.prom"\n');
});

test("systemd that does not answer: the files are there, and what is left to do is said", async () => {
  const box = open();
  box.write("silent", "");
  const ran = await expiring(box, "--install-timer", "systemd", "--yes");
  expect(ran.code).toBe(0);
  expect(ran.stdout.replace(/\s+/g, " ")).toContain(
    "→ systemd does not answer here; where it does, switch the timer on: `systemctl --user enable --now git-rekey-expiring.timer`",
  );
  expect(box.exists(TIMER)).toBe(true);
  expect(box.exists("systemd-on")).toBe(false);
  expect((await expiring(box, "--remove-timer", "--yes")).code).toBe(0);
  expect(box.exists(TIMER)).toBe(false);
});

test("systemd that refuses: all is put back", async () => {
  const box = open();
  box.write(
    "bin/systemctl",
    SYSTEMCTL.replace("enable) ", "enable) echo 'Access denied' >&2; exit 1; "),
    0o755,
  );
  const before = state(box);
  const ran = await expiring(box, "--install-timer", "systemd", "--yes");
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/`systemctl --user enable` failed: Access denied; everything was put back/);
  expect(state(box)).toEqual(before);
});

test("what cron runs is this program, with these options, and finds the list", async () => {
  const box = open();
  box.env.XDG_CONFIG_HOME = box.path("else where");
  await expiring(
    box,
    "--install-timer",
    "cron",
    "--within",
    "7d",
    "--format",
    "json",
    "--output",
    "o%ut",
    "--yes",
  );
  const line = box.read("tab").split("\n")[1] ?? "";
  const command = line.replace(/^17 9 \* \* \* /, "").replaceAll("\\%", "%");
  expect(command).toContain(`XDG_CONFIG_HOME='${box.path("else where")}' `);
  const ran = await box.run(["sh", "-c", command], { env: { XDG_CONFIG_HOME: undefined } });
  expect(ran).toMatchObject({ code: 0, stdout: "", stderr: "" });
  expect(JSON.parse(box.read("o%ut"))).toMatchObject({ schema: "git-rekey/tokens@1" });
});

describe("a crontab that cannot be read is never taken for an empty one:", () => {
  test.each([
    ["not allowed", 'echo "You (ana) are not allowed to use this program" >&2; exit 1'],
    ["a failure without a word", "exit 1"],
    ["half a crontab and a failure", "echo '0 1 * * * x'; exit 1"],
  ])("%s", async (_, body) => {
    const box = open();
    box.write("tab", "# mine\n");
    box.write("bin/crontab", CRONTAB.replace("-l) ", `-l) ${body}; `), 0o755);
    const ran = await expiring(box, "--install-timer", "cron", "--yes");
    expect(ran).toMatchObject({ code: 2, stdout: "" });
    expect(ran.stderr).toMatch(/`crontab` is not there, or does not answer/);
    expect(box.read("tab")).toBe("# mine\n");
  });
});

test("no crontab before: none after the timer is removed", async () => {
  const box = open();
  await expiring(box, "--install-timer", "cron", "--yes");
  expect(box.read("tab")).toMatch(/^# git-rekey-expiring: .*\n17 9 /);
  await box.rekey(["undo", "--yes"]);
  expect(box.exists("tab")).toBe(false);
});

test("lines that were added to the crontab since stay when it is undone", async () => {
  const box = open();
  box.write("tab", "# mine\n");
  await expiring(box, "--install-timer", "cron", "--yes");
  box.write("tab", `${box.read("tab")}0 0 * * * later\n`);
  expect((await box.rekey(["undo", "--yes"])).code).toBe(0);
  expect(box.read("tab")).toBe("# mine\n0 0 * * * later\n");
});

test("a timer whose file somebody changed is left alone by undo", async () => {
  const box = open();
  await expiring(box, "--install-timer", "systemd", "--yes");
  box.write(TIMER, `${box.read(TIMER)}# mine\n`);
  const ran = await box.rekey(["undo", "--yes"]);
  expect(ran.code).toBe(1);
  expect(box.read(TIMER)).toEndWith("# mine\n");
  expect(box.exists(SERVICE)).toBe(false);
});

test("misuse", async () => {
  const box = open();
  for (const argv of [
    ["--install-timer", "anacron"],
    ["--install-timer", "cron", "--remove-timer"],
    ["--install-timer", "cron", "--within", "soon", "--yes"],
  ]) {
    const ran = await expiring(box, ...argv);
    expect({ argv, code: ran.code }).toEqual({ argv, code: 2 });
  }
  chmodSync(box.path("bin/launchctl"), 0o644);
  const ran = await expiring(box, "--install-timer", "launchd", "--yes");
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining("`launchctl` is not there") });
  expect(box.exists(PLIST)).toBe(false);
});
