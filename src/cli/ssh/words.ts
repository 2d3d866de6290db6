/** What a person is told about a key before they agree, and when all is done. */
import { accessKeysPage, fullNameOf, PAGES, type RepositoryName } from "../../core/bitbucket.ts";
import type { SshChoice } from "../../core/plan.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { Outcome } from "../../core/setup.ts";
import type { SshPlan } from "../../core/ssh-plan.ts";

const named = (texts: readonly string[]): string => texts.map((text) => `\`${text}\``).join(", ");

/** Where Bitbucket takes the key, and where it is taken away again: one page for each repository, or the person's own. */
export function pagesFor({ as }: SshChoice, repositories: readonly RepositoryName[]): string[] {
  if (as === "person") return [PAGES.sshKeys];
  return repositories.map(({ workspace, repository }) => accessKeysPage(workspace, repository));
}

function reach({ as }: SshChoice, repositories: readonly RepositoryName[]): string {
  if (as === "person")
    return "The key signs in as you: whoever has it reaches everything that you reach at Bitbucket, until you remove it there.";
  return `The key reads ${named(repositories.map(fullNameOf))} and nothing else at Bitbucket, and it cannot push.`;
}

function aboutPushes({ refused, kept }: SshPlan["pushes"]): string[] {
  return [
    ...(refused.length === 0 ? [] : [`Pushes to ${named(refused)} will be refused from now on.`]),
    ...(kept.length === 0
      ? []
      : [`Pushes to ${named(kept)} keep going over HTTPS, with what signs in there.`]),
  ];
}

/** Who tells Bitbucket of it. */
function aboutPage(plan: SshPlan, attended: boolean): string[] {
  const { choice, steps, keyOnly, repositories } = plan;
  const isNew = choice.key.file !== null;
  if (!isNew || steps.some(({ step }) => step.kind === "register-key")) return [];
  const pages = pagesFor(choice, repositories).join(" and ");
  if (keyOnly)
    return [
      `Somebody must add it at ${pages}; no token is needed for that. Nothing else is changed until they have, and this command is run again.`,
    ];
  return attended
    ? [`You add it at ${pages} while git-rekey waits; no token is needed for that.`]
    : [`It must be known at ${pages} already, or nothing is changed.`];
}

/** What keeps the file from being enough. */
function aboutPassphrase({ choice }: SshPlan, attended: boolean): string[] {
  if (choice.key.kind !== "made") return [];
  return [
    attended && choice.as === "person"
      ? "ssh-keygen will ask for a passphrase, without which the file is of no use to others."
      : "It has no passphrase, because nobody is there to type it when a job pulls: whoever reads the file can use it.",
  ];
}

/** Said between the plan and the question. */
export function beforeAgreeing(plan: SshPlan, attended: boolean): string[] {
  const { choice, pushes, repositories } = plan;
  return [
    [reach(choice, repositories), ...aboutPushes(pushes), ...aboutPassphrase(plan, attended)].join(" "),
    ...aboutPage(plan, attended),
    "SSH has nothing to do with app passwords, so their end does not touch it.",
  ];
}

/** Said under the receipt: what an undo cannot reach. */
export function whatStays({ choice, repositories }: SshPlan): string | null {
  if (choice.key.file === null) return null;
  return `the key stays at Bitbucket, whatever is undone here, until it is removed at ${pagesFor(choice, repositories).join(" and ")}`;
}

/** Passwords that Git had for HTTPS in helpers: other checkouts may ask for them, so they are not ours to take. */
export function leftInHelpers(outcomes: readonly Outcome[]): Receipt["left"] {
  const used = outcomes.flatMap(({ used, state }) =>
    used?.kind === "helper" && state === "refused" ? [used] : [],
  );
  const whats = new Set(
    used.map(({ user, label }) => `the refused entry of \`${user ?? "?"}\` in \`${label}\``),
  );
  const reason =
    "other checkouts may ask for it over HTTPS; `git rekey fix --with forget` in one of them takes it out";
  return [...whats].map((what) => ({ what, reason }));
}
