import type { Disk } from "./disk.ts";
import { linuxDisk } from "./disk-linux.ts";
import { nodeDisk } from "./disk-node.ts";

/** The disk by the fastest means there are. It reads files into this memory, which must stay where it is. */
export function openDisk(memory: Uint8Array): Disk {
  return linuxDisk(memory) ?? nodeDisk(memory);
}
