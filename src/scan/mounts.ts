/** Which file systems are part of what is walked. A mount is judged by what it is, not by where it stands. Pure. */
import type { RawPath } from "../world/disk.ts";

export interface Mount {
  path: RawPath;
  /** As the system calls it: `ext4`, `nfs4`, `fuse.sshfs`. */
  type: string;
  /** The file system it shows, and from which folder of it; the same in two places when the files are the same. */
  device: string;
  root: RawPath;
  /** Of layers shown as one (a container's disk), where the topmost is. The others are its neighbours. */
  layer: RawPath | null;
}

/**
 * `machinery`: no files but the kernel's answers; `again`: what it shows is walked in another place; the others are
 * `Reason`s.
 */
export type MountVerdict = "machinery" | "again" | "network-mount" | "other-mount";

export interface MountWish {
  otherMounts: boolean;
  networkMounts: boolean;
}

const MACHINERY = new Set(
  (
    "autofs bdev binder binfmt_misc bpf cgroup cgroup2 configfs debugfs devfs devpts devtmpfs efivarfs fdescfs " +
    "functionfs fusectl hugetlbfs mqueue nsfs pipefs proc procfs pstore resctrl rpc_pipefs securityfs selinuxfs " +
    "smackfs sockfs sysfs tracefs fuse.gvfsd-fuse fuse.lxcfs fuse.portal"
  ).split(" "),
);

const NETWORK = new Set(
  "9p afpfs afs beegfs ceph cifs coda davfs gfs2 glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 orangefs pvfs2 smb2 smb3 smbfs vboxsf vmhgfs webdav".split(
    " ",
  ),
);

/** Programs that show what is on this machine's own disks. Any other may ask somebody far away. */
const LOCAL_FUSE = new Set(
  "bindfs encfs ext2 exfat gocryptfs mergerfs fuse-overlayfs ntfs ntfs-3g cryfs securefs squashfuse"
    .split(" ")
    .map((name) => `fuse.${name}`),
);

function isNetwork(type: string): boolean {
  if (NETWORK.has(type)) return true;
  return type === "fuse" || (type.startsWith("fuse.") && !LOCAL_FUSE.has(type));
}

/** The kernel writes spaces and the like as three octal digits. */
function unescaped(path: string): RawPath {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/** `/proc/self/mountinfo`, each byte as one sign. */
export function parseMountInfo(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [before = "", after = ""] = line.split(" - ");
    const [, , device = "", root = "", path = ""] = before.split(" ");
    const [type = "", , options = ""] = after.split(" ");
    if (path === "" || type === "") return [];
    const layer = /(?:^|,)upperdir=([^,]+)/.exec(options)?.[1];
    return [
      {
        path: unescaped(path),
        type,
        device,
        root: unescaped(root),
        layer: layer === undefined ? null : unescaped(layer),
      },
    ];
  });
}

/** What `mount` prints on macOS: `DEVICE on PATH (TYPE, OPTION…)`. */
export function parseMountOutput(text: string): Mount[] {
  return text.split("\n").flatMap((line) => {
    const [, device = "", path = "", type = ""] = /^(.+?) on (\/.*) \((\w+)[^()]*\)$/.exec(line) ?? [];
    return path === "" ? [] : [{ path, type, device, root: "/", layer: null }];
  });
}

/** Whether a path is a folder or in it. */
function isWithin(path: RawPath, folder: RawPath): boolean {
  return path === folder || path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** The mount a path is on: the last of those that reach deepest, as it covers the others. */
function mountOf(path: RawPath, mounts: readonly Mount[]): Mount | null {
  let found: Mount | null = null;
  for (const mount of mounts)
    if (isWithin(path, mount.path) && mount.path.length >= (found?.path.length ?? 0)) found = mount;
  return found;
}

/** Whether there is nothing at a path but the kernel's answers. */
export function isMachinery(path: RawPath, mounts: readonly Mount[]): boolean {
  return MACHINERY.has(mountOf(path, mounts)?.type ?? "");
}

function join(folder: RawPath, rest: string): RawPath {
  const inside = rest.replace(/^\//, "");
  if (inside === "") return folder;
  return folder.endsWith("/") ? folder + inside : `${folder}/${inside}`;
}

/** Where else the files of a mount are. */
function otherPlaces(mount: Mount, mounts: readonly Mount[]): RawPath[] {
  if (mount.layer !== null) return [mount.layer];
  return mounts.flatMap((other) => {
    if (other.path === mount.path || other.device !== mount.device) return [];
    if (!isWithin(mount.root, other.root)) return [];
    const place = join(other.path, mount.root.slice(other.root.length));
    return place !== mount.path && mountOf(place, mounts) === other ? [place] : [];
  });
}

/** Of each mount below the roots that is not entered, why. A root was named, and is entered whatever it is on. */
export function judgeMounts(
  mounts: readonly Mount[],
  roots: readonly RawPath[],
  { otherMounts, networkMounts }: MountWish,
): Map<RawPath, MountVerdict> {
  const verdicts = new Map<RawPath, MountVerdict>();
  /** Those that are walked: what is met elsewhere again has been seen there. */
  const entered = mounts.filter(({ path }) => roots.some((root) => isWithin(root, path)));
  const isWalked = (place: RawPath) => {
    const mount = mountOf(place, mounts);
    return mount !== null && entered.includes(mount) && roots.some((root) => isWithin(place, root));
  };
  for (const mount of mounts) {
    const { path, type } = mount;
    if (roots.includes(path) || !roots.some((root) => isWithin(path, root))) continue;
    verdicts.delete(path);
    if (MACHINERY.has(type)) verdicts.set(path, "machinery");
    else if (isNetwork(type) && !networkMounts) verdicts.set(path, "network-mount");
    else if (!otherMounts) verdicts.set(path, "other-mount");
    else if (otherPlaces(mount, mounts).some(isWalked)) verdicts.set(path, "again");
    else entered.push(mount);
  }
  return verdicts;
}
