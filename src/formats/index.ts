/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { bundler } from "./recognise/bundler.ts";
import { cargo } from "./recognise/cargo.ts";
import { composer } from "./recognise/composer.ts";
import { composerAuth } from "./recognise/composer-auth.ts";
import { dockerfile } from "./recognise/dockerfile.ts";
import { gitConfig } from "./recognise/git-config.ts";
import { gitCredentials } from "./recognise/git-credentials.ts";
import { gitTraces } from "./recognise/git-traces.ts";
import { gitops } from "./recognise/gitops.ts";
import { go } from "./recognise/go.ts";
import { gradle } from "./recognise/gradle.ts";
import { kubernetes } from "./recognise/kubernetes.ts";
import { maven } from "./recognise/maven.ts";
import { netrc } from "./recognise/netrc.ts";
import { npm } from "./recognise/npm.ts";
import { python } from "./recognise/python.ts";
import { shell } from "./recognise/shell.ts";
import { swiftpm } from "./recognise/swiftpm.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  gitConfig,
  gitCredentials,
  netrc,
  gitTraces,
  shell,
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
];
