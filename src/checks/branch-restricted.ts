import { defineCheck } from "../core/check.ts";

interface Args {
  branch: string;
  repository: string;
}

/**
 * Bitbucket decides about a branch only after it has received what is pushed, and nobody pushes to find out. So
 * it is recognised in other programs' output (`git rekey explain`) and never looked for here.
 */
export const branchRestricted = defineCheck<never, Args>({
  id: "branch-restricted",
  title: "The branch is protected against this push",
  needs: [],
  find: () => ({ cannotTell: "only a real push to the branch tells" }),
  explain: ({ branch, repository }) => ({
    what: `Bitbucket accepted the credential and refused the push to \`${branch}\``,
    why: "a branch restriction names who may write to a branch, and a pre-receive hook obeys it whatever the token may do; access tokens cannot be put on its list",
    next: `push to a branch of your own and open a pull request (\`git push origin HEAD:refs/heads/MY-BRANCH\`), or send an administrator of the repository: "Please let me write to the branch ${branch} of ${repository} (Repository settings, Branch restrictions)."`,
  }),
  typical: { branch: "BRANCH", repository: "WORKSPACE/REPOSITORY" },
  examples: () => ({ broken: [{}], healthy: [{}] }),
});
