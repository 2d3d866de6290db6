import type { Browser, Self } from "./ports.ts";

/** Milliseconds after which a program that opens a page counts as having done so: some stay as long as the browser. */
const PATIENCE = 3000;

/** Without a screen these programs start a browser in the terminal, or wait for one that never comes. */
function hasScreen({ platform, env }: Pick<Self, "platform" | "env">): boolean {
  if (env.SSH_CONNECTION && !env.DISPLAY) return false;
  if (platform === "darwin" || platform === "win32") return true;
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

function programFor(platform: string): readonly string[] {
  if (platform === "darwin") return ["open"];
  // `start` takes its first quoted word for a title.
  return platform === "win32" ? ["cmd.exe", "/c", "start", ""] : ["xdg-open"];
}

async function started(argv: readonly string[]): Promise<boolean> {
  try {
    const child = Bun.spawn([...argv], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    child.unref();
    const code = await Promise.race([child.exited, Bun.sleep(PATIENCE).then(() => 0)]);
    return code === 0;
  } catch {
    return false;
  }
}

/** The browser that the system would open a page in. */
export function realBrowser(self: Pick<Self, "platform" | "env">): Browser {
  return {
    hasScreen: hasScreen(self),
    open: async (page) => hasScreen(self) && (await started([...programFor(self.platform), page])),
  };
}
