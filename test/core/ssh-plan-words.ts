/** The set-ups and the lines that the tables of SSH plans share. */
import * as example from "../../src/checks/example.ts";
import * as sshExample from "../../src/checks/example-ssh.ts";
import type { SshAttempt } from "../../src/core/ssh.ts";
import { bare, known, type Scene } from "./ssh-plan-table.ts";

export type Row = [situation: string, scene: Scene, plan: string[]];

export const SSH = "git@bitbucket.org:acme/site.git";
export const ALIAS = "git@bitbucket.org-acme-site:acme/site.git";
export const PIN = "pin bitbucket.org in ~/.ssh/known_hosts";
export const SET = `.git/config remote.origin.url = ${SSH}`;
export const MADE = ["private ~/.ssh/id_ed25519", "public ~/.ssh/id_ed25519.pub"];
export const BESIDE = ["private ~/.ssh/id_ed25519_bitbucket", "public ~/.ssh/id_ed25519_bitbucket.pub"];
export const BLOCK = "block bitbucket.org: identityFile=~/.ssh/id_ed25519_bitbucket";
/** Beside a key that signs in by Bitbucket's own name, which stays as it is. */
export const OTHER = "git@bitbucket.org-rekey:acme/site.git";
export const OTHER_BLOCK =
  "block bitbucket.org-rekey: hostname=bitbucket.org user=git identityFile=~/.ssh/id_ed25519_bitbucket hostKeyAlias=bitbucket.org";
export const OTHER_SET = `.git/config remote.origin.url = ${OTHER}`;
export const ACCESS = ["private ~/.ssh/bitbucket_acme_site", "public ~/.ssh/bitbucket_acme_site.pub"];
export const ALIAS_BLOCK =
  "block bitbucket.org-acme-site: hostname=bitbucket.org user=git identityFile=~/.ssh/bitbucket_acme_site hostKeyAlias=bitbucket.org";

const proofs = (url: string, by: string, ...directions: string[]) => {
  const all = directions.length === 0 ? ["fetch"] : directions;
  return {
    prove: all.map((one) => `prove ${one} ${url} by ${by}`),
    verify: all.map((one) => `verify ${one} ${url}`),
  };
};

/** Change, prove, clean up, verify. */
export const whole = (
  changes: string[],
  url: string,
  by: string,
  cleanUp: string[],
  ...directions: string[]
) => {
  const { prove, verify } = proofs(url, by, ...directions);
  return [...changes, ...prove, ...cleanUp, ...verify];
};

export const signedIn = () => bare({ knownHosts: [known("current")], attempt: sshExample.sshAttempt() });
export const access = (...repositories: string[]) =>
  sshExample.sshAttempt({
    as: "access-key",
    repositories: repositories.map((repository) => ({ workspace: "acme", repository })),
  });

export const VISITOR = { type: "ssh-ed25519", fingerprint: "SHA256:visitor", comment: "eve@laptop" };

/** What the repository would say over SSH, which it is not reached by yet. */
export const instead = (saying: SshAttempt["saying"], direction: "fetch" | "push" = "fetch") =>
  sshExample.sshOutcome({ route: example.route({ direction }), state: "refused", saying });

export const ACCESS_KEY = { key: "access", isNamed: true } as const;
