/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { composer } from "./recognise/composer.ts";
import { gitConfig } from "./recognise/git-config.ts";
import { gitCredentials } from "./recognise/git-credentials.ts";
import { gitTraces } from "./recognise/git-traces.ts";
import { netrc } from "./recognise/netrc.ts";
import { shell } from "./recognise/shell.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  gitConfig,
  gitCredentials,
  netrc,
  gitTraces,
  shell,
  // Package managers
  composer,
  // CI
  // Servers and infrastructure
  // Programs on a desktop
];
