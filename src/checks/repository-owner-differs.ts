import { defineCheck, type Found } from "../core/check.ts";
import { place } from "./example.ts";
import { inShell } from "./in-words.ts";

interface Args {
  path: string;
  owner: string;
  runner: string;
}

export const repositoryOwnerDiffers = defineCheck<"place", Args>({
  id: "repository-owner-differs",
  title: "The repository belongs to somebody else, and Git refuses to work in it",
  needs: ["place"],
  find: ({ place: { path, strangeOwner } }): Found<Args>[] =>
    strangeOwner === null
      ? []
      : [
          {
            args: { path, ...strangeOwner },
            severity: "error",
            confidence: "certain",
            cause: true,
            location: { file: path, line: null, scope: null },
            evidence: [
              {
                what: `Git says "dubious ownership": the folder belongs to ${strangeOwner.owner}, Git runs as ${strangeOwner.runner}`,
                source: { kind: "file", file: path, line: null },
              },
            ],
          },
        ],
  explain: ({ path, owner, runner }) => ({
    what: `\`${path}\` belongs to ${owner}, and Git runs as ${runner}`,
    why: "a repository's own configuration can start programs, so Git does nothing in one that another user owns unless `safe.directory` names it; no credential is involved",
    next: `run Git as ${owner}, or give the folder to ${runner} (\`chown -R\`), or, if you trust who owns it, \`git config --global --add safe.directory ${inShell(path)}\``,
  }),
  typical: { path: "/srv/site", owner: "root", runner: "ana" },
  examples: () => ({
    broken: [{ place: place({ strangeOwner: { owner: "root", runner: "ana" } }) }],
    healthy: [{ place: place() }],
  }),
});
