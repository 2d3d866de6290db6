/** One connection to the SSH host: who is it, and then command after command. */
import ssh2, { type AuthContext, type Connection, type PublicKeyAuthContext, type ServerChannel } from "ssh2";
import type { Emulated } from "./emulated.ts";
import { MOST_REFUSED_KEYS, TOO_MANY_KEYS } from "./ssh-answers.ts";
import { runCommand } from "./ssh-command.ts";
import { disconnect } from "./ssh-disconnect.ts";
import { type Holder, holderOf, nameOfHolder } from "./ssh-holders.ts";
import { fingerprintOf, type HostKey, typeOfAlgorithm } from "./ssh-host-keys.ts";
import type { OpenEntry } from "./ssh-log.ts";

/** The only user there is. [doc] */
const USER = "git";

/** Whether the client has the private half. What has no signature only asks if the key is worth one. */
function isSigned({ key, signature, blob, hashAlgo }: PublicKeyAuthContext): boolean {
  if (!signature || !blob) return false;
  const parsed = ssh2.utils.parseKey(`${typeOfAlgorithm(key.algo)} ${key.data.toString("base64")}`);
  return !(parsed instanceof Error) && parsed.verify(blob, signature, hashAlgo) === true;
}

/** Serves the connection until it ends, and writes down what happens. */
export function serveConnection(
  of: Emulated,
  hostKeys: readonly HostKey[],
  connection: Connection,
  entry: OpenEntry,
): void {
  let holder: Holder | null = null;
  let refused = 0;

  function refuse(context: AuthContext): void {
    refused += 1;
    if (refused >= MOST_REFUSED_KEYS) disconnect(connection, TOO_MANY_KEYS);
    else context.reject(["publickey"]);
  }

  function offer(context: PublicKeyAuthContext): void {
    const fingerprint = fingerprintOf(context.key.data);
    if (!entry.offered.includes(fingerprint)) entry.offered.push(fingerprint);
    const found = context.username === USER ? holderOf(of.world, context.key.data.toString("base64")) : null;
    const signed = context.signature !== undefined;
    if (!found || (signed && !isSigned(context))) {
      refuse(context);
      return;
    }
    if (signed) {
      holder = found;
      entry.accepted = fingerprint;
      entry.holder = nameOfHolder(found);
    }
    context.accept();
  }

  async function run(
    command: string | null,
    env: Record<string, string>,
    channel: ServerChannel,
  ): Promise<void> {
    if (!holder) throw new Error("a command came before a key");
    const logged = { command, env, code: null as number | null };
    entry.commands.push(logged);
    const hostKey = hostKeys.find(({ type }) => type === entry.hostKey) ?? null;
    channel.on("error", () => {});
    logged.code = await runCommand(of, { holder, command, env, hostKey }, channel);
    channel.exit(logged.code);
    channel.end();
  }

  connection.on("handshake", ({ serverHostKey }) => {
    entry.hostKey = typeOfAlgorithm(serverHostKey);
  });
  connection.on("authentication", (context) => {
    entry.user = context.username;
    if (context.method === "publickey") offer(context);
    // A client begins with `none`, to learn what there is. OpenSSH's server does not count that.
    else context.reject(["publickey"]);
  });
  connection.on("session", (accept) => {
    const session = accept();
    const env: Record<string, string> = {};
    session.on("env", (agree, _refuse, { key, val }) => {
      env[key] = val;
      // Null where the client wants no answer, as OpenSSH does not.
      agree?.();
    });
    session.on("pty", (agree) => agree?.());
    const start = (channel: ServerChannel, command: string | null): void => {
      run(command, env, channel).catch(() => channel.close());
    };
    session.on("exec", (agree, _refuse, { command }) => start(agree(), command));
    session.on("shell", (agree) => start(agree(), null));
  });
  connection.on("error", () => connection.end());
}
