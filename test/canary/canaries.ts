/** Secrets in every place at once, and every form in which one of them could turn up. */
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EmulatedSandbox, withEmulator } from "../sandbox.ts";

export interface Canary {
  where: string;
  user: string;
  secret: string;
}

export interface Cage extends AsyncDisposable {
  box: EmulatedSandbox;
  canaries: readonly Canary[];
  /** The environment of every command: secrets in variables, and the recorder first on PATH. */
  env: Record<string, string>;
  /** What our own children were started with since this was last asked: one text a process, argv and environment. */
  recorded(): string[];
}

/**
 * A `git` that notes its argv and environment, then is the real one. What Git starts itself is excluded: it hands the
 * URL of a remote to `git-remote-https` in argv, password included, and that is its own doing and the fault which the
 * doctor reports. Only the first git of a line counts: the marker tells those that a git has started.
 */
function recorder(real: string, folder: string): string {
  return `#!/bin/sh
if [ -z "$REKEY_CANARY_INNER" ]; then
  { printf 'argv:'; printf ' <%s>' "$@"; printf '\\nenv:\\n'; cat /proc/self/environ | tr '\\0' '\\n'; } > '${folder}'/$$
  export REKEY_CANARY_INNER=1
fi
exec '${real}' "$@"
`;
}

/** Opens a cage with a repository in `site` that sends an app password. */
export async function openCage(): Promise<Cage> {
  const box = await withEmulator();
  const { emulator } = box;
  const canaries: Canary[] = [
    { where: "the store", user: "ana", secret: emulator.secret("app-password") },
    { where: "the new token", user: "x-bitbucket-api-token-auth", secret: emulator.secret("api-token") },
    ...["repository-token", "repository-token-docs", "project-token"].map((label) => ({
      where: `the access token ${label}`,
      user: "x-token-auth",
      secret: emulator.secret(label),
    })),
  ];
  const canary = (where: string, secret: string, user = "ana"): string => {
    canaries.push({ where, user, secret });
    return secret;
  };
  const inUrl = (user: string, secret: string, path: string) =>
    `https://${user}:${encodeURIComponent(secret)}@bitbucket.org${path}`;
  const pair = (user: string, secret: string) => Buffer.from(`${user}:${secret}`).toString("base64");
  const mint = emulator.mint;

  await box.git(["init", "--quiet", "--initial-branch=main", "site"]);
  box.write(
    ".gitconfig",
    [
      "[credential]",
      "\thelper = store",
      `[credential "https://other.example"]`,
      `\thelper = "!f() { echo username=ana; echo password=${canary("a shell helper", mint("app-password"))}; }; f"`,
      `[url "${inUrl("bob", canary("insteadOf", mint("api-token"), "bob"), "/other/")}"]`,
      "\tinsteadOf = bbo:",
      `[http "https://bitbucket.org/other"]`,
      `\textraHeader = Authorization: Basic ${pair("ana", canary("a header", mint("app-password")))}`,
      `[http "https://bitbucket.org/third"]`,
      `\textraHeader = Authorization: Bearer ${canary("a bearer header", mint("repository-token"))}`,
      "",
    ].join("\n"),
  );
  const stored = [
    inUrl("ana", emulator.secret("app-password"), ""),
    inUrl("old", canary("another stored entry", mint("account-password"), "old"), ""),
    `https://ana:${encodeURIComponent(canary("a stored entry of another host", mint("account-password")))}@github.com`,
  ];
  box.write(".git-credentials", `${stored.join("\n")}\n`, 0o600);
  box.write(
    ".netrc",
    `machine example.org login ana password ${canary("netrc", mint("account-password"))}\n`,
    0o600,
  );
  box.write(
    "site/.git/config",
    `${box.read("site/.git/config")}[remote "origin"]
\turl = https://ana@bitbucket.org/acme/site.git
\tfetch = +refs/heads/*:refs/remotes/origin/*
[remote "old"]
\turl = ${inUrl("ana", canary("a remote's URL", mint("app-password")), "/acme/docs.git")}
\tpushurl = ${inUrl("ana", canary("a push URL", mint("api-token")), "/acme/docs.git")}
[lfs]
\turl = ${inUrl("ana", canary("an LFS URL", mint("app-password")), "/acme/site.git/info/lfs")}
[submodule "part"]
\turl = ${inUrl("ana", canary("a submodule's URL", mint("app-password")), "/acme/docs.git")}
`,
  );

  const first = join(box.root, "first");
  const folder = join(box.root, "children");
  mkdirSync(first);
  mkdirSync(folder);
  const real = (await box.run(["sh", "-c", "command -v git"])).stdout.trim();
  writeFileSync(join(first, "git"), recorder(real, folder));
  chmodSync(join(first, "git"), 0o755);
  const proxy = new URL(emulator.proxyUrl);
  const proxySecret = canary("the proxy's userinfo", mint("account-password"), "proxyuser");
  const proxyUrl = `http://proxyuser:${encodeURIComponent(proxySecret)}@${proxy.host}`;
  const env = {
    PATH: `${first}:${box.env.PATH}`,
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.https://bitbucket.org/fourth.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${pair("ana", canary("GIT_CONFIG_VALUE_0", mint("app-password")))}`,
    GIT_TRACE_CURL: "1",
    GIT_CURL_VERBOSE: "1",
    GIT_TRACE: "1",
  };
  return {
    box,
    canaries,
    env,
    recorded() {
      const files = readdirSync(folder).map((name) => join(folder, name));
      const texts = files.map((file) => readFileSync(file, "latin1"));
      for (const file of files) rmSync(file);
      return texts;
    },
    [Symbol.asyncDispose]: () => box.remove(),
  };
}

/** Every form of it, and every piece of eight characters of what is random about it. */
function formsOf({ user, secret }: Canary): string[] {
  // Heads are the vendor's and known to everybody; what follows them is not.
  const random = secret.replace(/^(ATATT3xFfGF0|ATCTT3xFfGN0|ATBB|Correct-)/, "").replace(/-battery$/, "");
  const pieces = Array.from({ length: random.length - 7 }, (_, at) => random.slice(at, at + 8));
  const whole = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  const coded = [secret, `${user}:${secret}`, `:${secret}`].flatMap((text) => [
    Buffer.from(text).toString("base64"),
    Buffer.from(text).toString("base64url"),
    Buffer.from(text).toString("hex"),
  ]);
  return [...whole, ...coded, ...pieces];
}

/** Where a canary sings: empty when nothing got out. */
export function leaksIn(text: string, canaries: readonly Canary[]): string[] {
  return canaries.flatMap((canary) =>
    formsOf(canary).some((form) => text.includes(form)) ? [canary.where] : [],
  );
}
