/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { composer } from "./recognise/composer.ts";
import { crontab } from "./recognise/crontab.ts";
import { documentation } from "./recognise/documentation.ts";
import { gitConfig } from "./recognise/git-config.ts";
import { gitCredentials } from "./recognise/git-credentials.ts";
import { gitTraces } from "./recognise/git-traces.ts";
import { ide } from "./recognise/ide.ts";
import { log } from "./recognise/log.ts";
import { netrc } from "./recognise/netrc.ts";
import { shell } from "./recognise/shell.ts";
import { shellHistory } from "./recognise/shell-history.ts";
import { sourcetree } from "./recognise/sourcetree.ts";
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
  // CI
  // Servers and infrastructure
  // Programs on a desktop
  sourcetree,
  ide,
];
