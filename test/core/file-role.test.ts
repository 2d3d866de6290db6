/** The kind of a file is told by its path; here are the paths by which it was decided. */
import { describe, expect, test } from "bun:test";
import { roleOf } from "../../src/core/file-role.ts";
import type { FileRole } from "../../src/core/spot.ts";

const PATHS: Readonly<Record<FileRole, readonly string[]>> = {
  store: [
    "/home/ana/.git-credentials",
    "/home/ana/.config/git/credentials",
    "/home/ana/.netrc",
    "C:\\Users\\ana\\_netrc",
    "/home/ana/.composer/auth.json",
    "/srv/site/auth.json",
    "/home/ana/.m2/settings.xml",
    "/var/lib/jenkins/credentials.xml",
    "/home/ana/.docker/config.json",
    "/home/ana/.pypirc",
  ],
  settings: [
    "/srv/site/.git/config",
    "/srv/site/.git/modules/vendor/lib/config",
    "/srv/site.git/config",
    "/srv/site/.git/worktrees/fix/config.worktree",
    "/srv/site/.git/FETCH_HEAD",
    "/home/ana/.gitconfig",
    "/etc/gitconfig",
    "/home/ana/.bashrc",
    "/home/ana/.npmrc",
    "/root/.profile",
    "/home/ana/.config/hub",
    "/home/ana/.config/Code/User/settings.json",
    "/etc/systemd/system/deploy.service",
    "/var/spool/cron/crontabs/ana",
    "/srv/site/.env",
    "/srv/site/.env.production",
    "/Users/ana/Library/Preferences/com.acme.tool.plist",
    "C:\\Users\\ana\\AppData\\Roaming\\tool\\config.json",
    "/var/lib/jenkins/jobs/site/config.xml",
  ],
  source: [
    "/srv/site/Jenkinsfile",
    "/srv/site/bitbucket-pipelines.yml",
    "/srv/site/Dockerfile",
    "/srv/site/composer.lock",
    "/srv/site/src/latest/attest.ts",
    "/srv/site/deploy.sh",
    "/srv/site/.npmrc",
    "/srv/site/.gitmodules",
    "/home/ana/work/site/package.json",
    "/home/ana/logger/main.go",
    "/srv/site/src/backup.ts",
    "/home/ana/site/src/backup/main.go",
    "/srv/site/src/cache/redis.ts",
    "/srv/site/src/log/main.go",
    "Makefile",
  ],
  documentation: [
    "/srv/site/README.md",
    "/srv/site/README",
    "/srv/site/docs/deploy.txt",
    "/srv/site/CONTRIBUTING.rst",
    "/usr/share/man/man1/git.1",
    "/home/ana/notes.docx",
  ],
  example: [
    "/srv/site/test/auth.ts",
    "/srv/site/tests/fixtures/.netrc",
    "/srv/site/pkg/testdata/config",
    "/srv/site/spec/deploy_spec.rb",
    "/srv/site/src/auth.test.ts",
    "/srv/site/auth_test.go",
    "/srv/site/.env.example",
    "/srv/site/.env.dist",
    "/srv/site/config.sample.yml",
    "/srv/site/node_modules/git-url-parse/test/index.js",
    "/srv/site/vendor/acme/lib/tests/auth.php",
    "/srv/site/__fixtures__/auth.json",
  ],
  log: [
    "/var/log/jenkins/jenkins",
    "/srv/site/npm-debug.log",
    "/srv/site/deploy.log.3",
    "/home/ana/.npm/_logs/debug-0.log",
    "/srv/site/.git/logs/HEAD",
    "/srv/site/.git/modules/tests/lib/logs/refs/heads/main",
    "/srv/site/logs/out.txt",
  ],
  "shell-history": [
    "/home/ana/.bash_history",
    "/home/ana/.zsh_history",
    "/home/ana/.zhistory",
    "/home/ana/.local/share/fish/fish_history",
    "C:\\Users\\ana\\AppData\\Roaming\\Microsoft\\Windows\\PowerShell\\PSReadLine\\ConsoleHost_history.txt",
    "/root/.python_history",
    "/home/ana/.bash_sessions/1.history",
  ],
  cache: [
    "/home/ana/.bun/install/cache/left-pad/index.js",
    "/home/ana/.cache/pip/http/a",
    "/home/ana/.composer/cache/vcs/https---bitbucket.org-acme-lib/config",
    "/srv/site/node_modules/left-pad/package.json",
    "/srv/site/vendor/composer/installed.json",
    "/srv/infra/.terraform/modules/modules.json",
    "/home/ana/go/pkg/mod/cache/vcs/a/config",
    "/home/ana/.cargo/git/db/lib/config",
    "/home/ana/.npm/_cacache/index-v5/a",
    "/Users/ana/Library/Caches/Yarn/v6/a",
    "/srv/site/.venv/lib/python3/site-packages/lib/direct_url.json",
  ],
  backup: [
    "/home/ana/.git-credentials.bak",
    "/home/ana/.netrc~",
    "/srv/site/.git/config.old",
    "/srv/site/src/a.ts.orig",
    "/home/ana/.netrc.bak-2026-07-28",
    "/srv/backups/site/config",
    "/home/ana/site.tar.gz",
    "/home/ana/.local/state/git-rekey/receipts/4/backups/0",
    "/srv/site/tests/.env.bak",
  ],
};

for (const [role, paths] of Object.entries(PATHS))
  describe(role, () => {
    for (const path of paths) test(path, () => expect(roleOf(path, "text")).toBe(role as FileRole));
  });

describe("what the path leaves open", () => {
  test("a format may know", () => {
    expect(roleOf("/srv/keep/secrets", "git-credentials")).toBe("store");
    expect(roleOf("/srv/keep/lines", "shell-history")).toBe("shell-history");
    expect(roleOf("/srv/keep/lines", "composer")).toBe("source");
  });

  test("and the path goes first", () => expect(roleOf("/srv/site/test/netrc", "netrc")).toBe("example"));
});
