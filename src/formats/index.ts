/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { bundler } from "./recognise/bundler.ts";
import { cargo } from "./recognise/cargo.ts";
import { compose } from "./recognise/compose.ts";
import { composer } from "./recognise/composer.ts";
import { composerAuth } from "./recognise/composer-auth.ts";
import { dockerBuild } from "./recognise/docker-build.ts";
import { dockerConfig } from "./recognise/docker-config.ts";
import { dockerfile } from "./recognise/dockerfile.ts";
import { go } from "./recognise/go.ts";
import { gradle } from "./recognise/gradle.ts";
import { maven } from "./recognise/maven.ts";
import { npm } from "./recognise/npm.ts";
import { python } from "./recognise/python.ts";
import { swiftpm } from "./recognise/swiftpm.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
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
  dockerBuild,
  compose,
  dockerConfig,
  // CI
  // Servers and infrastructure
  // Programs on a desktop
];
