import type { Git, Http, ReadFiles, Self, Vault } from "../world/ports.ts";

/** What a probe may use: it reads the world and never writes it. */
export interface Eyes {
  files: ReadFiles;
  git: Git;
  http: Http;
  vault: Vault;
  self: Self;
}
