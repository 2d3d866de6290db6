/** What a scan and its workers say to each other. */

import type { Seen } from "../core/spot.ts";
import type { RawPath } from "../world/disk.ts";
import type { MountVerdict } from "./mounts.ts";
import type { Unread } from "./unread.ts";

/** Told to a worker once. */
export interface Work {
  board: SharedArrayBuffer;
  workers: number;
  /** Which of them this one is, from 0. */
  worker: number;
  roots: readonly RawPath[];
  mounts: readonly (readonly [RawPath, MountVerdict])[];
  archives: boolean;
  salt: Uint8Array;
  /** Bytes of one file that are read. */
  most: number;
}

/** Told by a worker. */
export type Told =
  | { tells: "spots"; spots: Seen[] }
  | { tells: "repository"; path: string }
  | { tells: "done"; unread: Unread[]; binary: number; allowed: number };
