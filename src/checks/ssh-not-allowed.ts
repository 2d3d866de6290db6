import { defineCheck, type Found } from "../core/check.ts";
import { isWanted } from "../core/wanted.ts";
import { commandOf } from "./evidence.ts";
import { route } from "./example.ts";
import { ssh, sshRoute } from "./example-ssh.ts";
import { sshRoutes } from "./ssh-evidence.ts";

interface Args {
  /** What forbids it. */
  by: string;
}

export const sshNotAllowed = defineCheck<"ssh" | "routes" | "intent", Args>({
  id: "ssh-not-allowed",
  title: "Git is told not to use SSH",
  needs: ["ssh", "routes", "intent"],
  find: ({ ssh, routes, intent }): Found<Args>[] => {
    const used = sshRoutes(routes, ssh);
    if (ssh.forbidden === null || used.length === 0) return [];
    return [
      {
        args: { by: ssh.forbidden },
        severity: used.some((one) => isWanted(one, intent)) ? "error" : "note",
        confidence: "certain",
        cause: true,
        location: null,
        evidence: used.map((one) => ({
          what: `\`${commandOf(one)}\` goes over SSH, to \`${one.url.text}\``,
          source: { kind: "command", command: "git remote -v" },
        })),
      },
    ];
  },
  explain: ({ by }) => ({
    what: `a remote leads over SSH, and Git may not use it: ${by}`,
    why: "Git stops before it connects (`transport 'ssh' not allowed`), so neither a key nor Bitbucket has a part in it; a build or a service is often limited like this on purpose",
    next: "take `ssh` into what is allowed, if that is for you to say; else go by HTTPS: `git remote set-url origin https://bitbucket.org/WORKSPACE/REPOSITORY.git`, then `git rekey fix`",
  }),
  typical: { by: "`GIT_ALLOW_PROTOCOL` does not name `ssh`" },
  examples: () => {
    const forbidden = "`GIT_ALLOW_PROTOCOL` is `file:http:https`";
    const nothing = { forbidden, destinations: [], outcomes: [] };
    const intent = { push: false };
    return {
      broken: [{ intent, routes: [sshRoute()], ssh: ssh(nothing) }],
      healthy: [
        { intent, routes: [route()], ssh: ssh(nothing) },
        { intent, routes: [sshRoute()], ssh: ssh() },
      ],
    };
  },
});
