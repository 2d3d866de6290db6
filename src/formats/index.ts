/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { bundler } from "./recognise/bundler.ts";
import { cargo } from "./recognise/cargo.ts";
import { composer } from "./recognise/composer.ts";
import { composerAuth } from "./recognise/composer-auth.ts";
import { crontab } from "./recognise/crontab.ts";
import { dockerfile } from "./recognise/dockerfile.ts";
import { documentation } from "./recognise/documentation.ts";
import { gitConfig } from "./recognise/git-config.ts";
import { gitCredentials } from "./recognise/git-credentials.ts";
import { gitTraces } from "./recognise/git-traces.ts";
import { gitops } from "./recognise/gitops.ts";
import { go } from "./recognise/go.ts";
import { gradle } from "./recognise/gradle.ts";
import { ide } from "./recognise/ide.ts";
import { kubernetes } from "./recognise/kubernetes.ts";
import { log } from "./recognise/log.ts";
import { maven } from "./recognise/maven.ts";
import { netrc } from "./recognise/netrc.ts";
import { npm } from "./recognise/npm.ts";
import { python } from "./recognise/python.ts";
import { shell } from "./recognise/shell.ts";
import { shellHistory } from "./recognise/shell-history.ts";
import { sourcetree } from "./recognise/sourcetree.ts";
import { swiftpm } from "./recognise/swiftpm.ts";
import { systemd } from "./recognise/systemd.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  gitConfig,
  gitCredentials,
  netrc,
  gitTraces,
  shellHistory,
  crontab,
  systemd,
  shell,
  documentation,
  log,
  // Package managers
  composer,
  composerAuth,
  npm,
  python,
  go,
  cargo,
  swiftpm,
  bundler,
  maven,
  gradle,
  dockerfile,
  // CI
  // Servers and infrastructure
  kubernetes,
  gitops,
  // Programs on a desktop
  sourcetree,
  ide,
];
