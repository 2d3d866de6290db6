/** What kind of file a path is, by its words alone: programs and people name their files and folders alike everywhere. */
import type { FileRole } from "./spot.ts";

/** Matched against a whole path in small letters with `/` between its parts; the first that fits decides. */
const ROLES: readonly (readonly [FileRole, readonly RegExp[]])[] = [
  [
    // What a file was once is what it may still hold, wherever it lies.
    "backup",
    [
      /\.(?:bak|backup|old|orig|save|swp|rpmsave|rpmnew|rpmorig|dpkg-old|dpkg-dist|ucf-old)(?:\.?\d+)?$/,
      /~$/,
      /\.bak[.-]/,
      /\/git-rekey\/receipts\/\d+\/backups\//,
      // Deeper down it may be the name of a program's part.
      /^(?:[a-z]:)?\/(?:[^/]+\/){0,2}backups?\//,
      /\/(?:\.snapshots?|backups\.backupdb)\//,
      /\.(?:tar|tgz|tbz2?|txz|zip|7z|gz|bz2|xz|zst)$/,
    ],
  ],
  [
    // Before `cache`: the tests of an installed package are its examples, and no copy of anybody's settings.
    "example",
    [
      /\/(?:__tests__|__fixtures__|__mocks__|tests?|testdata|test-data|test[-_]fixtures|specs?|fixtures?|mocks?|examples?|samples?|demos?)\//,
      /\.(?:example|sample|template|tmpl|tpl)(?:\.[a-z0-9]+)?$/,
      /\/\.env\.dist$/,
      /[._-](?:test|spec)\.[cm]?[a-z]{1,4}$/,
      /\/test_[^/]+\.py$/,
    ],
  ],
  ["log", [/\.log(?:\.\d+)?$/, /\/_?logs\//, /^(?:\/private)?\/var\/log\//]],
  [
    "cache",
    [
      /\/\.caches?\/|\/library\/caches\/|^(?:\/private)?\/var\/cache\//,
      /\/\.[a-z-]+\/cache\/|\/cache\/(?:vcs|repo|files)\//,
      /\/(?:node_modules|bower_components|vendor|site-packages|\.terraform|\.terragrunt-cache)\//,
      /\/go\/pkg\//,
      /\/\.(?:npm|m2\/repository|gradle\/caches|cargo\/(?:registry|git)|nuget\/packages)\//,
      /\/\.bundle\/(?:cache|ruby)\//,
      /\/(?:__pycache__|\.pytest_cache|\.mypy_cache|\.venv|venv|\.tox)\//,
      /\/\.(?:bun\/install\/cache|next|nuxt|parcel-cache|turbo|yarn\/(?:cache|unplugged))\//,
      /\/jenkins_home\/workspace\/|\/jenkins\/workspace\//,
    ],
  ],
  [
    "shell-history",
    [
      /\/\.(?:bash|zsh|sh|ksh|mksh|tcsh|csh|python|node_repl|psql|mysql|irb|pry|sqlite)_?history$/,
      /\/\.(?:history|histfile|zhistory|lesshst|viminfo)$/,
      /\/\.bash_sessions\/|\/\.zsh_sessions\//,
      /\/(?:fish_history|consolehost_history\.txt|nushell\/history\.txt)$/,
    ],
  ],
  [
    "store",
    [
      /\/\.git-credentials$/,
      /\/git\/credentials$/,
      /\/[._]netrc$/,
      /\/auth\.json$/,
      /\/\.docker\/config\.json$/,
      /\/credentials\.xml$/,
      /\/\.m2\/settings(?:-security)?\.xml$/,
      /\/\.pypirc$/,
      /\/\.cargo\/credentials(?:\.toml)?$/,
      /\/\.gem\/credentials$/,
      /\/\.bundle\/config$/,
      /\/\.terraformrc$|\/credentials\.tfrc\.json$/,
      /\/atlassian\/sourcetree\/(?:passwd|accounts\.json|userhosts)$/,
    ],
  ],
  [
    "settings",
    [
      // A repository's own configuration is no part of what it shares.
      /\.git\/(?:config|config\.worktree|worktrees\/.*|hooks\/.*|info\/.*|packed-refs|[a-z_]+)$/,
      /\/(?:\.gitconfig|gitconfig)$/,
      /\/\.env(?:\.[a-z0-9_-]+)*$/,
      /\/\.(?:config|local\/share|local\/state|ssh|aws|kube|docker|ansible|jenkins|vscode(?:-server)?|idea)\//,
      /^(?:[a-z]:)?\/(?:home|users|documents and settings)\/[^/]+\/(?:\.[^/]+|_[a-z]+rc)$/,
      /^\/root\/\.[^/]+$|^\/var\/lib\/[^/]+\/\.[^/]+$/,
      /^\/(?:etc|private\/etc|usr\/local\/etc|opt\/homebrew\/etc|var\/spool\/cron|lib\/systemd|usr\/lib\/systemd)\//,
      /\/library\/(?:preferences|application support|launchagents|launchdaemons)\//,
      /\/appdata\/(?:local|roaming)\/|\/programdata\//,
      /\/(?:jenkins_home|var\/lib\/jenkins)\//,
    ],
  ],
  [
    "documentation",
    [
      /\.(?:md|mdx|markdown|rst|adoc|asciidoc|textile|pod|man|[1-8]|tex|rtf|pdf|docx?|odt)$/,
      /\/(?:readme|changelog|changes|history|news|contributing|install|authors|copying|license|notes|todo)(?:\.(?:txt|html?))?$/,
      /\/(?:docs?|documentation|man\d?|wiki)\//,
    ],
  ],
];

/** A submodule's name is a path of the checkout, and says nothing of its repository's own files. */
const SUBMODULE = /\.git\/modules\/.+?\/(?=logs\/|[^/]+$)/;

/** Formats whose files are of one kind, whatever they are called. */
const OF_FORMATS: Readonly<Record<string, FileRole>> = {
  "shell-history": "shell-history",
  "git-credentials": "store",
  netrc: "store",
  log: "log",
  markdown: "documentation",
};

/**
 * What kind of file it is. `format` is what recognised something in it: where the path says nothing, it may know. What
 * nothing speaks against is `source`, which is judged most strictly.
 */
export function roleOf(path: string, format: string): FileRole {
  const plain = path.replaceAll("\\", "/").toLowerCase().replace(SUBMODULE, ".git/");
  const found = ROLES.find(([, patterns]) => patterns.some((pattern) => pattern.test(plain)));
  return found?.[0] ?? OF_FORMATS[format] ?? "source";
}
