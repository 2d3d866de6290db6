/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { ansible } from "./recognise/ansible.ts";
import { atlantis } from "./recognise/atlantis.ts";
import { composer } from "./recognise/composer.ts";
import { deploy } from "./recognise/deploy.ts";
import { gitops } from "./recognise/gitops.ts";
import { kubernetes } from "./recognise/kubernetes.ts";
import { terraform } from "./recognise/terraform.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  // Package managers
  composer,
  // CI
  // Servers and infrastructure
  kubernetes,
  gitops,
  terraform,
  ansible,
  deploy,
  atlantis,
  // Programs on a desktop
];
