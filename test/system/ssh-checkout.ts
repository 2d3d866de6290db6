/** A checkout over HTTPS whose app password Bitbucket refuses by now, in a room where ssh could reach it. */
import { expect } from "bun:test";
import { fingerprintOf } from "../../emulator/ssh.ts";
import type { Ran, RunOptions, Snapshot } from "../sandbox.ts";
import { type KeyPair, type SshRoom, withSsh } from "./ssh-room.ts";

export const ALIAS = "git@bitbucket.org-acme-site:acme/site.git";
export const ACCESS_KEY = ".ssh/bitbucket_acme_site";
export const PAGE = "https://bitbucket.org/acme/site/admin/access-keys/";

/** What no fix is about: receipts, and what a fetch brings. */
const BESIDE =
  /^\.local|^\.cache|^[\w.-]+\/(?:\.git\/(?:modules\/\w+\/)?)?(?:objects|refs|logs|FETCH_HEAD|packed-refs|ORIG_HEAD)/;

export class Checkout implements AsyncDisposable {
  private constructor(readonly room: SshRoom) {}

  /** `push`: with a commit, which there must be for a push to be tried. */
  static async open(): Promise<Checkout> {
    const room = await withSsh();
    const checkout = new Checkout(room);
    checkout.publish();
    await room.git(["init", "--quiet", "--initial-branch=main", "site"]);
    await checkout.git("remote", "add", "origin", room.urlWith("ana", "app-password"));
    await checkout.git("commit", "--quiet", "--allow-empty", "--message", "One");
    return checkout;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.room.remove();
  }

  /** The keys that the server has now are Bitbucket's, as far as git-rekey knows. */
  publish(): void {
    const lines = this.room.ssh.hostKeys.map(({ type, base64 }) => `bitbucket.org ${type} ${base64}\n`);
    this.room.env.GIT_REKEY_SSH_HOST_KEYS = this.room.write("../published", lines.join(""));
  }

  git(...args: string[]): Promise<Ran> {
    return this.room.git(["-C", "site", ...args]);
  }

  /** Nobody is there. */
  fix(args: readonly string[] = [], options: RunOptions = {}): Promise<Ran> {
    return this.room.rekey(["fix", "--with", "ssh", "--yes", ...args], { cwd: "site", ...options });
  }

  async url(key = "remote.origin.url"): Promise<string> {
    return (await this.git("config", "--get", key)).stdout.trim();
  }

  files(): Snapshot {
    return this.room.snapshot(".", (path) => BESIDE.test(path));
  }

  /** The public half of a key that git-rekey made, as a person copies it. */
  keyAt(file: string): KeyPair {
    const publicKey = this.room.read(`${file}.pub`).trim();
    const blob = Buffer.from(publicKey.split(" ")[1] ?? "", "base64");
    return { file: this.room.path(file), publicKey, fingerprint: fingerprintOf(blob) };
  }

  /** Names of keys at Bitbucket. */
  accessKeys(repository = "acme/site"): string[] {
    return (this.room.emulator.world.repositories.get(repository)?.deployKeys ?? []).map(
      ({ label }) => label,
    );
  }

  async expectPull(folder = "site"): Promise<void> {
    const ran = await this.room.git(["-C", folder, "fetch", "--quiet", "origin"]);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
  }

  /** All fixes, the newest first. */
  async undoAll(count: number): Promise<string> {
    let said = "";
    for (let left = count; left > 0; left--) said += (await this.room.rekey(["undo", "--yes"])).stdout;
    return said;
  }
}
