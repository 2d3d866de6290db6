/** What a worker does with each file it meets: read it, look at it, and say what it could not do. */

import type { Seen } from "../core/spot.ts";
import { type Disk, type RawPath, shownPath } from "../world/disk.ts";
import { COUNT } from "./board.ts";
import { lookLong } from "./look-long.ts";
import type { FileRead, Reader } from "./read.ts";
import type { Reason } from "./unread.ts";

export interface LookHeard {
  spots(spots: readonly Seen[]): void;
  unread(why: Reason, path: RawPath): void;
  /** Of a file that is no text, only the beginning was looked at. */
  binary(): void;
}

/** Says nothing twice: where two windows overlap, the same spot is met in both. */
function onlyNew(spots: readonly Seen[], seen: Set<string>): Seen[] {
  return spots.filter((spot) => {
    const key = JSON.stringify(spot);
    return !seen.has(key) && seen.add(key);
  });
}

/** Gives `Walk` its `file`. */
export function lookAtFiles(
  disk: Disk,
  reader: Reader,
  counts: Float64Array,
  lookAt: (bytes: Uint8Array, path: string) => readonly Seen[],
  isStopped: () => boolean,
  heard: LookHeard,
): (opened: number, path: () => RawPath, always: boolean) => void {
  let pathOf: () => RawPath = () => "";

  function look(bytes: Uint8Array): readonly Seen[] {
    const path = pathOf();
    try {
      return lookAt(bytes, shownPath(path));
    } catch {
      // Whatever is in a file, it must not end the scan of all the others.
      heard.unread("look-failed", path);
      return [];
    }
  }

  function hand(bytes: Uint8Array): void {
    const spots = look(bytes);
    if (spots.length > 0) heard.spots(spots);
  }

  function again(opened: number, { bytes, spans }: FileRead): boolean {
    const seen = new Set<string>();
    return lookLong(disk.readAt, opened, spans ?? [], bytes, isStopped, (window, linesBefore) => {
      const spots = look(window).map((spot) => ({
        ...spot,
        line: spot.line === null ? null : spot.line + linesBefore,
      }));
      const found = onlyNew(spots, seen);
      if (found.length > 0) heard.spots(found);
    });
  }

  return (opened, path, always) => {
    pathOf = path;
    if (opened < 0) {
      heard.unread(disk.why(path()), path());
      return;
    }
    const result = reader.read(opened, always, hand);
    counts[COUNT.bytes] = (counts[COUNT.bytes] ?? 0) + result.bytes;
    const isReadAgain = result.spans === null || again(opened, result);
    if (result.state === "binary") heard.binary();
    if (result.state === "cut") heard.unread("too-big", path());
    if (result.state === "failed" || (!isReadAgain && !isStopped())) heard.unread(disk.why(path()), path());
  };
}
