import { credentialRules } from "../core/git-rules.ts";
import type { ProofStep } from "../core/plan.ts";
import type { Proof } from "../core/receipt.ts";
import { readConfig } from "../probes/config.ts";
import { ruleEntries } from "../probes/routes.ts";
import { asSourcetree, sourcetreePlace } from "../probes/sourcetree-place.ts";
import { runProof } from "../steps/prove.ts";
import type { Shell } from "./shell.ts";

/** The helpers that git would ask for this URL, with their words; null where they must not be shown, or are not known. */
async function helpersOf(shell: Shell, cwd: string, url: string): Promise<string[] | null> {
  const config = await readConfig(shell, { cwd, trustArgs: [] });
  if (!Array.isArray(config)) return null;
  const { helpers } = credentialRules(ruleEntries(config), url);
  if (helpers.some(({ of }) => of.entry.secret !== null)) return null;
  return helpers.map(({ value }) => value ?? "");
}

/** Runs the git that comes with Sourcetree, as Sourcetree would, to see whether it signs in. Changes nothing. */
export async function proveThroughSourcetree(shell: Shell, step: ProofStep, cwd: string): Promise<Proof> {
  const { direction, remote, url, kind: how } = step;
  const notRun = (detail: string): Proof => {
    return { direction, remote, url, how, through: "sourcetree", result: "not-run", detail };
  };
  const git = sourcetreePlace(shell)?.git ?? null;
  if (git === null) return notRun("there is no git of Sourcetree's here");
  const itsShell = asSourcetree(shell, git);
  const helpers = await helpersOf(itsShell, cwd, url);
  if (helpers === null) return notRun("its helpers are not known, or hold a secret in their own words");
  return runProof({ git: itsShell.git, vault: shell.vault, cwd, token: null, helpers }, step);
}
