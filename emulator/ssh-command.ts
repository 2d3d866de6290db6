/** One command over SSH: Git's own by the real git, the others by a sentence. */
import { once } from "node:events";
import type { ServerChannel } from "ssh2";
import type { Emulated } from "./emulated.ts";
import { hookEnvironment } from "./git.ts";
import { issue } from "./issue.ts";
import { accessKeyWelcome, hostKeyInfo, NO_SUCH_COMMAND, sshRefusal, WELCOME } from "./ssh-answers.ts";
import { type Holder, refusalFor } from "./ssh-holders.ts";
import type { HostKey } from "./ssh-host-keys.ts";
import { fullNameOf, type Repository, repositoryNamed, type World } from "./world.ts";

/** One command of somebody who is signed in. */
export interface SshCall {
  holder: Holder;
  /** Null: a shell is asked for. */
  command: string | null;
  env: Readonly<Record<string, string>>;
  /** The key by which the client knows this server. */
  hostKey: HostKey | null;
}

type Service = "upload-pack" | "receive-pack";

/** `git-upload-pack '/workspace/slug.git'`, quoted or not, with and without the slash and the `.git`. */
const GIT_COMMAND = /^git[ -](upload-pack|receive-pack) (.+)$/;
const LFS_COMMAND = /^git-lfs-authenticate (\S+) (download|upload)\b/;

function repositoryAt(world: World, argument: string): Repository | null {
  const path = argument.replace(/['"\\]/g, "").trim();
  const [, workspace = "", slug = ""] = /^\/*([^/]+)\/([^/]+?)(?:\.git)?\/*$/.exec(path) ?? [];
  return repositoryNamed(world, workspace, slug);
}

function say(channel: ServerChannel, text: string, code: number): number {
  (code === 0 ? channel : channel.stderr).write(text);
  return code;
}

async function feed(channel: ServerChannel, stdin: Bun.FileSink): Promise<void> {
  try {
    // The end of what the client says is not the end of the channel.
    for await (const chunk of channel.iterator({ destroyOnReturn: false })) {
      stdin.write(chunk);
      await stdin.flush();
    }
  } finally {
    await stdin.end();
  }
}

async function relay(from: ReadableStream<Uint8Array>, to: NodeJS.WritableStream): Promise<void> {
  for await (const chunk of from) if (!to.write(chunk)) await once(to, "drain");
}

async function serveGit(
  of: Emulated,
  call: SshCall,
  channel: ServerChannel,
  asked: { service: Service; repository: Repository },
): Promise<number> {
  const { service, repository } = asked;
  const owner = call.holder.kind === "account" ? call.holder.account.username : null;
  const env = { GIT_PROTOCOL: call.env.GIT_PROTOCOL ?? "", ...hookEnvironment(repository, owner) };
  const child = of.children.git([service, await of.storage.folderOf(repository)], env);
  // A client that leaves takes its git along.
  channel.once("close", () => child.kill());
  feed(channel, child.stdin).catch(() => child.kill());
  await Promise.all([relay(child.stdout, channel), relay(child.stderr, channel.stderr)]);
  return child.exited;
}

/** Sends Git LFS to HTTPS, with a token for this one repository. Its kind is [inferred]; the form is LFS's own. */
function sendToLfs(of: Emulated, holder: Holder, repository: Repository, write: boolean): string {
  const limit = { workspace: repository.workspace, repository: repository.slug };
  const scopes = [write ? "repository:write" : "repository"];
  const { secret } = issue(
    of.world,
    holder.kind === "account"
      ? { label: "lfs-over-ssh", kind: "oauth", owner: holder.account.username, scopes, limit }
      : { label: "lfs-over-ssh", kind: "repository-token", scopes, limit, expiresInDays: 1 },
    of.now(),
  );
  const href = `https://bitbucket.org/${fullNameOf(repository)}.git/info/lfs`;
  return JSON.stringify({ href, header: { Authorization: `Bearer ${secret}` }, expires_in: 3600 });
}

function welcome(holder: Holder): string {
  return holder.kind === "account" ? WELCOME : accessKeyWelcome(holder.of);
}

/** Answers on the channel and leaves it open; the exit code. */
export async function runCommand(of: Emulated, call: SshCall, channel: ServerChannel): Promise<number> {
  const { holder, command } = call;
  if (command === null) {
    channel.write(welcome(holder));
    return of.switches.sshWelcomeExit;
  }
  if (command.trim() === "host_key_info" && call.hostKey) return say(channel, hostKeyInfo(call.hostKey), 0);
  const [, service, path] = GIT_COMMAND.exec(command) ?? [];
  const [, lfsPath, operation] = LFS_COMMAND.exec(command) ?? [];
  const argument = path ?? lfsPath;
  if (argument === undefined) return say(channel, NO_SUCH_COMMAND, 1);
  const repository = repositoryAt(of.world, argument);
  const write = service === "receive-pack" || operation === "upload";
  const refusal = refusalFor(of.world, holder, repository, write ? "write" : "read");
  if (refusal) return say(channel, sshRefusal(refusal, of.switches), 1);
  if (!repository) throw new Error("what does not exist was not refused");
  if (operation) return say(channel, sendToLfs(of, holder, repository, write), 0);
  return serveGit(of, call, channel, { service: write ? "receive-pack" : "upload-pack", repository });
}
