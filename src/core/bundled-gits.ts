/**
 * Gits that other programs bring along, each with a system configuration of its own, by platform. `~/` is the home
 * folder. Only those that are there are asked.
 */
export const BUNDLED_GITS: Readonly<Record<string, readonly string[]>> = {
  darwin: [
    "/Library/Developer/CommandLineTools/usr/bin/git",
    "/Applications/Xcode.app/Contents/Developer/usr/bin/git",
    "/opt/homebrew/bin/git",
    "/usr/local/bin/git",
    "/Applications/Sourcetree.app/Contents/Resources/git_local/bin/git",
    "/Applications/GitHub Desktop.app/Contents/Resources/app/git/bin/git",
  ],
  win32: [
    "C:/Program Files/Git/cmd/git.exe",
    "C:/Program Files (x86)/Git/cmd/git.exe",
    "~/AppData/Local/Programs/Git/cmd/git.exe",
    "~/AppData/Local/Atlassian/SourceTree/git_local/cmd/git.exe",
  ],
  linux: [
    "/usr/bin/git",
    "/usr/local/bin/git",
    "/home/linuxbrew/.linuxbrew/bin/git",
    "/usr/lib/github-desktop/resources/app/git/bin/git",
  ],
};

/** Without one of these folders macOS's own `git` is a stand-in that opens a window and offers to install it. */
export const APPLE_STAND_IN = {
  path: "/usr/bin/git",
  needs: ["/Library/Developer/CommandLineTools/usr/bin", "/Applications/Xcode.app"],
} as const;
