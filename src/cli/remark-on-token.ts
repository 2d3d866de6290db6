import type { Choices } from "../core/plan.ts";
import type { Remark } from "./rights.ts";

function unlooked({ answer }: Extract<Remark, { kind: "not-looked" }>): string {
  if (answer === null) return "REST wants `--email` for that";
  if (answer.kind === "none") return `REST could not be asked (${answer.fault})`;
  return answer.status === 200 ? "REST does not tell" : `REST answers ${answer.status}`;
}

/** A remark as one sentence. */
export function remarkText(remark: Remark, { with: way }: Pick<Choices, "with">): string {
  switch (remark.kind) {
    case "excessive":
      return `the token may do more than Git needs (${remark.scopes.join(", ")}); a narrower one is safer`;
    case "wider": {
      const use = way === "helper" ? "git-rekey gives it" : "Git sends it";
      return `this is the access token of a ${remark.of}, which opens more than this repository; here ${use} for this one alone, and one made in the repository is safer`;
    }
    case "not-looked":
      return `whether the token may do more than Git needs was not looked at: ${unlooked(remark)}`;
  }
}
