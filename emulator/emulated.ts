/** What the parts of a running emulator share. */
import type { Children } from "./children.ts";
import type { Presented, View } from "./identify.ts";
import type { Storage } from "./storage.ts";
import type { Switches } from "./switches.ts";
import type { World } from "./world.ts";

export interface Emulated {
  world: World;
  switches: Switches;
  now: () => Date;
  storage: Storage;
  children: Children;
  /** A folder for Git LFS objects. */
  lfsFolder: string;
  /** Keys of LFS objects under way, each good for one object. */
  lfsKeys: Map<string, string>;
}

/** One HTTP request, taken apart. */
export interface Call {
  request: Request;
  url: URL;
  presented: Presented;
}

/** What the pure rules look at, now. */
export function viewOf({ world, switches, now }: Emulated): View {
  return { world, switches, now: now() };
}

/** Reads an Authorization header. Anything but Basic and Bearer counts as nothing. */
export function presentedIn(headers: Headers): Presented {
  const [, scheme = "", value = ""] = /^(\w+) +(\S+) *$/.exec(headers.get("authorization") ?? "") ?? [];
  if (/^bearer$/i.test(scheme)) return { how: "bearer", secret: value };
  if (!/^basic$/i.test(scheme)) return { how: "none" };
  const pair = Buffer.from(value, "base64").toString();
  const colon = pair.indexOf(":");
  if (colon < 0) return { how: "basic", user: pair, secret: "" };
  return { how: "basic", user: pair.slice(0, colon), secret: pair.slice(colon + 1) };
}
