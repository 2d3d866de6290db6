/** An item in the operating system's keychain, seen as a place in a helper: kept, asked for and erased like one. */
import { OS_KEYCHAIN } from "../core/plan.ts";
import { KeychainError } from "../world/ports.ts";
import type { HelperPlace } from "./call-helper.ts";
import { Refusal } from "./refusal.ts";
import type { Ports } from "./state-folder.ts";

export function isInKeychain({ helper }: Pick<HelperPlace, "helper">): boolean {
  return helper === OS_KEYCHAIN;
}

async function call<T>(ports: Ports, use: (keychain: Awaited<ReturnType<Ports["keychain"]>>) => Promise<T>) {
  try {
    return await use(await ports.keychain());
  } catch (error) {
    if (error instanceof KeychainError) throw new Refusal("keychain-closed", error.message);
    throw error;
  }
}

export function askKeychain(ports: Ports, { username }: HelperPlace): Promise<string | null> {
  return call(ports, (keychain) => keychain.get(username));
}

export function storeInKeychain(ports: Ports, { username }: HelperPlace, secret: string): Promise<void> {
  return call(ports, async (keychain) => {
    await keychain.set(username, secret);
    if ((await keychain.get(username)) !== secret)
      throw new Refusal("helper-failed", `the keychain did not keep the token \`${username}\``);
  });
}

export function eraseInKeychain(ports: Ports, { username }: HelperPlace): Promise<void> {
  return call(ports, (keychain) => keychain.remove(username));
}
