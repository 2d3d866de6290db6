import { KIND_WORDS } from "../core/bitbucket.ts";
import type { Plan } from "../core/plan.ts";
import type { Receipt } from "../core/receipt.ts";
import type { StoreFile } from "../core/setup.ts";
import { wayOf } from "../core/token-advice.ts";
import { lookAtOtherGits } from "../probes/other-gits.ts";
import { realGit } from "../world/git.ts";
import { type Diagnosed, partOf } from "./diagnosis.ts";
import { ownHelperValue } from "./own-helper.ts";
import type { Shell } from "./shell.ts";

type Stored = StoreFile["entries"][number];

const reasonFor = (file: string | null): string =>
  file === null ? "its own settings say so" : `\`${file}\` says so, and this plan has no part in it`;

/** Good tokens in files of Git's `store` that are asked no more, now that ours alone is. */
function leftInStores({ survey }: Diagnosed, { choices, steps }: Plan): Receipt["left"] {
  const isAskedAlone = steps.some(({ step }) => step.kind === "add-config");
  if (choices.kind !== "api-token" || !isAskedAlone) return [];
  const dropped = steps.flatMap(({ step }) => (step.kind === "drop-stored" ? [step] : []));
  const isDropped = (file: string, entry: Stored) =>
    dropped.some(
      (one) =>
        one.file === file && one.entry.username === entry.user && one.entry.occurrence === entry.occurrence,
    );
  return partOf(survey, "stores", []).flatMap(({ file, entries }) =>
    entries
      .filter((entry) => wayOf(entry.secret.kind) !== null && !isDropped(file, entry))
      .map(({ user, line, secret }) => ({
        what: `\`${file}:${line}\` keeps ${KIND_WORDS[secret.kind]} of \`${user}\``,
        reason: "Git asks git-rekey's helper instead; `git rekey token add` takes it in where it is needed",
      })),
  );
}

/** Where a git of this machine would still do something else, although our helper was set up. */
async function leftToOtherGits(shell: Shell, { survey }: Diagnosed, plan: Plan): Promise<Receipt["left"]> {
  const proof = plan.steps.find(({ step }) => step.kind === "verify")?.step;
  if (survey.stand === null || proof?.kind !== "verify") return [];
  const gitAt = (program: string) => realGit(shell.self, program);
  const found = await lookAtOtherGits(shell, survey.stand, proof.url, ownHelperValue(shell), gitAt);
  return found.map(({ git, what, file }) => ({ what: `\`${git}\` ${what}`, reason: reasonFor(file) }));
}

/** What a plan with our helper leaves as it was, for the receipt. */
export async function leftBehind(shell: Shell, diagnosed: Diagnosed, plan: Plan): Promise<Receipt["left"]> {
  if (plan.choices.with !== "helper") return [];
  return [...(await leftToOtherGits(shell, diagnosed, plan)), ...leftInStores(diagnosed, plan)];
}
