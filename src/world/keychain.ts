import { existsSync } from "node:fs";
import type { Keychain, Self } from "./ports.ts";
import { KeychainError } from "./ports.ts";

/** Under this name people find the items in their keychain. */
const SERVICE = "git-rekey";

/** Milliseconds. A locked keychain waits for a person, and Git would wait with it. */
const PATIENCE = 3000;

const SLOW = "the keychain did not answer within 3 seconds; it may be locked and waiting for its password";

/** Linux keeps keychains behind D-Bus. Without a session of it there is none, and looking for one could start a daemon. */
function hasSession({ platform, env }: Pick<Self, "platform" | "env">): boolean {
  if (platform !== "linux" && platform !== "freebsd") return true;
  if (env.DBUS_SESSION_BUS_ADDRESS) return true;
  return Boolean(env.XDG_RUNTIME_DIR) && existsSync(`${env.XDG_RUNTIME_DIR}/bus`);
}

/** What became of a call, in words for a person. The library's own message is not passed on: it could repeat a secret. */
function sentenceFor(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (code === "ERR_SECRETS_PLATFORM_ERROR")
    return "no keychain answers here, or it is locked and wants a person to unlock it";
  if (code === "ERR_SECRETS_ACCESS_DENIED") return "the keychain denies access";
  if (code === "ERR_SECRETS_USER_CANCELED") return "unlocking the keychain was cancelled";
  if (code === "ERR_SECRETS_INTERACTION_REQUIRED")
    return "the keychain is locked and wants a person to unlock it";
  return `the keychain failed (${typeof code === "string" ? code : "no reason given"})`;
}

async function within<T>(call: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slow = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new KeychainError(SLOW)), PATIENCE);
  });
  try {
    return await Promise.race([call, slow]);
  } catch (error) {
    throw error instanceof KeychainError ? error : new KeychainError(sentenceFor(error));
  } finally {
    clearTimeout(timer);
  }
}

/** macOS Keychain, Windows Credential Manager, or what answers for libsecret. Every failure is a `KeychainError`. */
export function realKeychain(self: Pick<Self, "platform" | "env">): Keychain {
  const open = () => {
    if (!hasSession(self)) throw new KeychainError("there is no keychain here: no D-Bus session is running");
    return Bun.secrets;
  };
  return {
    get: async (name) => within(open().get({ service: SERVICE, name })),
    set: async (name, value) => within(open().set({ service: SERVICE, name, value })),
    remove: async (name) => void (await within(open().delete({ service: SERVICE, name }))),
  };
}
