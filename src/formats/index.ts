/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { composer } from "./recognise/composer.ts";
import { gitops } from "./recognise/gitops.ts";
import { kubernetes } from "./recognise/kubernetes.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  // Package managers
  composer,
  // CI
  // Servers and infrastructure
  kubernetes,
  gitops,
  // Programs on a desktop
];
