import type { Keychain, ReadFiles, RunProgram } from "../world/ports.ts";

/** What reading accounts and tokens needs of the machine. Much less than a whole `Self`: the helper has no time for it. */
export interface Room {
  files: ReadFiles;
  env: Readonly<Record<string, string | undefined>>;
  /** Null where the system has no numeric users. */
  uid: number | null;
  home: string | null;
  /** Opened only for an account that is in it. */
  keychain(): Promise<Keychain>;
  run: RunProgram;
}
