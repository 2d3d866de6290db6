import * as v from "valibot";
import type { Explanation } from "../core/report.ts";
import { contract } from "./contract.ts";
import { finding, tool } from "./parts.ts";

/** What `git rekey explain --json` prints. */
export const explanation = contract<Explanation>()(
  v.strictObject({ schema: v.literal("git-rekey/explanation@1"), tool, findings: v.array(finding) }),
);
