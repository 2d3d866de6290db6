/** Which mounts are entered, by what the system says of them. */
import { describe, expect, test } from "bun:test";
import {
  isMachinery,
  judgeMounts,
  type Mount,
  parseMountInfo,
  parseMountOutput,
} from "../../src/scan/mounts.ts";

const LINUX = parseMountInfo(
  [
    "22 27 0:21 / /proc rw,relatime - proc proc rw",
    "24 27 0:6 / /dev rw shared:2 - devtmpfs devtmpfs rw,size=12334460k",
    "25 24 0:23 / /dev/shm rw - tmpfs tmpfs rw",
    "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
    "30 27 254:1 / /home rw - ext4 /dev/vdb rw",
    "31 30 254:1 /ana/work /srv/work rw - ext4 /dev/vdb rw",
    "32 27 0:40 / /home/ana/far rw - nfs4 server:/far rw,vers=4.2",
    "33 27 0:41 / /home/ana/ssh\\040fs rw master:1 - fuse.sshfs ana@far: rw",
    "34 27 0:42 / /home/ana/usb rw - fuseblk /dev/sdb1 rw",
    "35 27 0:43 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw,lowerdir=l/A:l/B,upperdir=/var/lib/docker/overlay2/x/diff,workdir=w",
    "36 27 254:0 /etc /mnt/etc rw - ext4 /dev/vda rw",
    "37 27 0:44 / /mnt/a rw - btrfs /dev/vdc rw,subvol=/",
    "38 27 0:44 / /mnt/b rw - btrfs /dev/vdc rw,subvol=/",
    "39 27 0:45 / /covered rw - nfs server:/x rw",
    "40 39 0:46 / /covered rw - tmpfs tmpfs rw",
    "",
  ].join("\n"),
);

function judged(
  mounts: readonly Mount[],
  roots: string[],
  otherMounts = true,
  networkMounts = false,
): object {
  return Object.fromEntries(judgeMounts(mounts, roots, { otherMounts, networkMounts }));
}

describe("on Linux", () => {
  test("of a whole machine each disk is entered once, and nothing that is none", () => {
    expect(judged(LINUX, ["/"])).toEqual({
      "/proc": "machinery",
      "/dev": "machinery",
      "/srv/work": "again",
      "/home/ana/far": "network-mount",
      "/home/ana/ssh fs": "network-mount",
      "/var/lib/docker/overlay2/x/merged": "again",
      "/mnt/etc": "again",
      "/mnt/b": "again",
    });
  });

  test("the network is entered where that was asked for", () => {
    expect(judged(LINUX, ["/home"], true, true)).toEqual({});
    expect(judged(LINUX, ["/home"], false, true)).toMatchObject({ "/home/ana/far": "other-mount" });
  });

  test("other disks are not entered where that was not asked for", () => {
    expect(judged(LINUX, ["/"], false)).toMatchObject({
      "/home": "other-mount",
      "/home/ana/far": "network-mount",
      "/proc": "machinery",
    });
  });

  test("what is the same elsewhere is entered where elsewhere is not walked", () => {
    expect(judged(LINUX, ["/srv", "/mnt"])).toEqual({ "/mnt/b": "again" });
    expect(judged(LINUX, ["/srv", "/home"])).toMatchObject({ "/srv/work": "again" });
    expect(judged(LINUX, ["/var/lib/docker/overlay2/x/merged"])).toEqual({});
  });

  test("a root is entered whatever it is on, unless there are no files", () => {
    expect(judged(LINUX, ["/home/ana/far"])).toEqual({});
    const among = [
      "/",
      "/home/ana",
      "/dev/shm/x",
      "/home/ana/far/x",
      "/proc/1",
      "/process",
      "/dev",
      "/dev/pts",
    ];
    expect(among.filter((path) => isMachinery(path, LINUX))).toEqual(["/proc/1", "/dev", "/dev/pts"]);
  });
});

test("on macOS", () => {
  const mounts = parseMountOutput(
    [
      "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
      "devfs on /dev (devfs, local, nobrowse)",
      "map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)",
      "//ana@far._smb._tcp.local/share on /Volumes/my share (2) (smbfs, nodev, nosuid, mounted by ana)",
      "/dev/disk4s1 on /Volumes/USB (msdos, local, nodev, nosuid)",
    ].join("\n"),
  );
  expect(judged(mounts, ["/"])).toEqual({
    "/dev": "machinery",
    "/System/Volumes/Data/home": "machinery",
    "/Volumes/my share (2)": "network-mount",
  });
});

test("what cannot be understood is left out", () => {
  expect(parseMountInfo("\n - \nx\n1 2 3\n1 2 0:1 / /p rw -\n")).toEqual([]);
  expect(parseMountOutput("\nnonsense\n on  ()\n")).toEqual([]);
});
