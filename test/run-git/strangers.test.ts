/** Hooks, and whoever finds the socket, ask for the token and get nothing. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { EmulatedSandbox } from "../sandbox.ts";
import { cloneSite, commit, credentialsSeen, plantHook, run, withAccount } from "./scene.ts";

const REQUEST = "protocol=https\\nhost=bitbucket.org\\npath=acme/site.git\\n\\n";

/** The value of the last `credential.helper`: what a hook finds out about the run. */
const HELPER = "$(git config --get-all credential.https://bitbucket.org.helper | tail -n 1)";

/** What a hook could do to get hold of the token. Each writes what it got into `~/loot`. */
const TRICKS: Readonly<Record<string, string>> = {
  "asks git for the credential": `printf '${REQUEST}' | git credential fill`,
  "becomes the git that asks": `printf '${REQUEST}' > "$HOME/request"; exec git credential fill < "$HOME/request" > "$HOME/loot"`,
  "asks the helper": `printf '${REQUEST}' | sh -c "${HELPER} get"`,
  "becomes the helper": `printf '${REQUEST}' > "$HOME/request"; exec ${HELPER} get < "$HOME/request" > "$HOME/loot"`,
  "speaks through LFS": `printf '${REQUEST}' | git -c alias.ask='!git credential fill' ask`,
  "fetches with a trace": "GIT_TRACE_CURL=1 GIT_TRACE_REDACT=0 git fetch origin",
  "becomes a fetch with a trace": 'GIT_TRACE_CURL="$HOME/loot" GIT_TRACE_REDACT=0 exec git fetch origin',
  "becomes a fetch by another way":
    "exec git -c http.proxy= -c http.curloptResolve=bitbucket.org:443:127.0.0.1 -c http.sslVerify=false fetch origin",
  "becomes a fetch that is told so by a variable": `export GIT_CONFIG_PARAMETERS="'http.sslVerify=false'"; exec git fetch origin`,
  "fetches another repository": "git fetch https://bitbucket.org/other/tools.git",
  "becomes a fetch of another repository": "exec git fetch https://bitbucket.org/other/tools.git",
  "calls a program that is named like LFS's": `mkdir -p "$HOME/bin"; printf '#!/bin/sh\\nprintf "${REQUEST}" | git credential fill' > "$HOME/bin/git-lfs"; chmod +x "$HOME/bin/git-lfs"; PATH="$HOME/bin:$PATH" git lfs version`,
  "reads what git's children are given":
    'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline 2>/dev/null | tr "\\\\0" "\\\\n"',
  "reads the folder of the run":
    'cat $(dirname "$(git config --get-all include.path | tail -n 1)")/* 2>/dev/null',
};

async function loot(box: EmulatedSandbox): Promise<string> {
  return box.exists("loot") ? box.read("loot") : "";
}

/** Everywhere that a hook's doing could have put it, whatever form it has there. */
function holdsToken(box: EmulatedSandbox, ...texts: string[]): boolean {
  const secret = box.emulator.secret("api-token");
  const pair = Buffer.from(`x-bitbucket-api-token-auth:${secret}`).toString("base64");
  return texts.some((text) => text.includes(secret) || text.includes(pair));
}

/** A trick that works would be seen: asked in the right way, at the right place, there is a token to be had. */
async function play(hook: "pre-push" | "post-checkout", trick: string) {
  const box = await withAccount();
  await cloneSite(box);
  const body =
    trick.startsWith("exec") || trick.includes("; exec") || trick.includes(" exec git")
      ? trick
      : `{ ${trick}; } > "$HOME/loot" 2>&1`;
  plantHook(box, hook, `export GIT_TERMINAL_PROMPT=0\n${body}`);
  await commit(box);
  const words = hook === "pre-push" ? ["push", "origin", "HEAD"] : ["checkout", "-q", "-b", "topic"];
  const ran = await run(box, words, { cwd: "site" });
  return { box, ran, loot: await loot(box) };
}

describe.each(Object.entries(TRICKS))("a hook that %s", (_, trick) => {
  test.each(["pre-push", "post-checkout"] as const)("as %s", async (hook) => {
    const { box, ran, loot: found } = await play(hook, trick);
    await using _box = box;
    expect(ran.signal).toBeNull();
    expect(holdsToken(box, found, ran.stdout, ran.stderr)).toBe(false);
    const others = box.emulator.log.filter(({ path }) => path.includes("/other/"));
    expect(others.flatMap(({ credential }) => credential ?? [])).toEqual([]);
  });
});

test("the push itself has the token, whatever its hook tried", async () => {
  const { box, ran } = await play("pre-push", `${TRICKS["asks git for the credential"]} || true`);
  await using _box = box;
  expect(ran.code).toBe(0);
  expect(credentialsSeen(box)).toEqual(["api-token"]);
});

test("the variable that holds an account's token is not handed on", async () => {
  await using box = await withAccount();
  await cloneSite(box);
  const list = JSON.parse(box.read(".config/git-rekey/accounts.json"));
  list.accounts[0].secret = { kind: "env", name: "BITBUCKET_TOKEN" };
  list.accounts[0].digest = null;
  box.write(".config/git-rekey/accounts.json", JSON.stringify(list), 0o600);
  plantHook(box, "pre-push", 'env > "$HOME/loot"');
  await commit(box);
  const env = { BITBUCKET_TOKEN: box.emulator.secret("api-token") };
  expect(await run(box, ["push", "origin", "HEAD"], { cwd: "site", env })).toMatchObject({ code: 0 });
  expect(box.read("loot")).toContain("HOME=");
  expect(holdsToken(box, box.read("loot"))).toBe(false);
  expect(credentialsSeen(box)).toEqual(["api-token"]);
});

/** Argv and environment of every process that belongs to the sandbox. */
function processTexts(box: EmulatedSandbox): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const text =
          readFileSync(`/proc/${pid}/environ`, "latin1") + readFileSync(`/proc/${pid}/cmdline`, "latin1");
        return text.includes(box.root) ? [text] : [];
      } catch {
        // It has ended, or is not ours.
        return [];
      }
    });
}

test("while git shows the token to Bitbucket, no process has it in its words or its environment", async () => {
  await using box = await withAccount();
  await cloneSite(box);
  box.emulator.switches.faults = [
    { kind: "slow", milliseconds: 0, times: 1 },
    { kind: "slow", milliseconds: Number.POSITIVE_INFINITY },
  ];
  const pidFile = box.path("pid");
  const script = `echo $$ > ${pidFile}; exec git-rekey run -- git fetch`;
  const running = box.run(["sh", "-c", script], { cwd: "site" });
  while (!box.emulator.sawSecret("api-token")) await Bun.sleep(10);
  const texts = processTexts(box);
  process.kill(Number(box.read("pid")), "SIGTERM");
  await running;
  expect(texts.length).toBeGreaterThan(3);
  expect(texts.some((text) => text.includes("remote-https"))).toBe(true);
  expect(holdsToken(box, ...texts)).toBe(false);
});

test("a process outside that finds the socket gets nothing, while git itself does", async () => {
  await using box = await withAccount();
  await cloneSite(box);
  plantHook(box, "pre-push", 'touch "$HOME/there"; while [ ! -e "$HOME/done" ]; do sleep 0.02; done');
  await commit(box);
  const running = run(box, ["push", "origin", "HEAD"], { cwd: "site" });
  while (!box.exists("there")) await Bun.sleep(10);
  const [folder = ""] = readdirSync(box.env.TMPDIR ?? "").filter((name) => name.startsWith("git-rekey-run-"));
  const socket = join(box.env.TMPDIR ?? "", folder, "socket");
  const stdin = "protocol=https\nhost=bitbucket.org\npath=acme/site.git\n\n";
  const asked = await box.run(["git-credential-rekey", "--socket", socket, "get"], { stdin });
  box.write("done", "");
  expect(folder).not.toBe("");
  expect(asked).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
  expect(await running).toMatchObject({ code: 0 });
});

test("garbage at the socket is answered with nothing and ends nothing", async () => {
  await using box = await withAccount();
  await cloneSite(box);
  plantHook(box, "pre-push", 'touch "$HOME/there"; while [ ! -e "$HOME/done" ]; do sleep 0.02; done');
  await commit(box);
  const running = run(box, ["push", "origin", "HEAD"], { cwd: "site" });
  while (!box.exists("there")) await Bun.sleep(10);
  const [folder = ""] = readdirSync(box.env.TMPDIR ?? "").filter((name) => name.startsWith("git-rekey-run-"));
  for (const text of ["", "\n", "null\n", '{"path":7}\n', "{".repeat(200_000)]) {
    const heard: string[] = [];
    await new Promise<void>((done) => {
      void Bun.connect({
        unix: join(box.env.TMPDIR ?? "", folder, "socket"),
        socket: {
          open: (one) => {
            one.write(text);
            if (text === "") one.end();
          },
          data: (_one, bytes) => void heard.push(bytes.toString()),
          close: () => done(),
          error: () => done(),
        },
      });
    });
    expect(heard).toEqual([]);
  }
  box.write("done", "");
  expect(await running).toMatchObject({ code: 0 });
});
