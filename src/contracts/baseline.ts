import * as v from "valibot";
import type { Baseline } from "../core/baseline.ts";
import { SECRET_KINDS } from "../core/bitbucket.ts";
import { ALL_IDS } from "../core/ids.ts";
import { contract } from "./contract.ts";
import { count, numberFromOne } from "./parts.ts";

const hex = v.pipe(v.string(), v.regex(/^[0-9a-f]+$/));

const entry = v.strictObject({
  id: v.picklist(ALL_IDS),
  path: v.string(),
  kind: v.nullable(v.picklist(SECRET_KINDS)),
  length: v.nullable(count),
  fingerprint: v.nullable(hex),
  count: numberFromOne,
});

/** What `git rekey scan --write-baseline` writes and `--baseline` reads. */
export const baseline = contract<Baseline>()(
  v.strictObject({
    schema: v.literal("git-rekey/baseline@1"),
    salt: v.pipe(v.string(), v.regex(/^(?:[0-9a-f]{2}){16,}$/)),
    entries: v.array(entry),
  }),
);
