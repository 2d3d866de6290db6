import * as v from "valibot";
import type { AdviceReport } from "../core/advice-report.ts";
import { contract } from "./contract.ts";
import { tool } from "./parts.ts";

const text = v.string();

const situation = v.strictObject({
  machine: v.picklist(["desk", "server", "ci", "pipelines"]),
  push: v.boolean(),
  repositories: v.picklist(["one", "many"]),
  rest: v.boolean(),
  ssh: v.picklist(["works", "open", "open-443", "closed", "no-client", "forbidden", "unknown"]),
});

const reason = v.picklist([
  "pipelines-sign-in",
  "pipelines-have-a-key",
  "key-works",
  "key-only-reads",
  "token-for-one-push",
  "token-for-one-rest",
  "token-for-one-without-ssh",
  "account-for-many-push",
  "account-for-many-rest",
  "account-for-many-without-ssh",
  "people-work-here",
]);

const way = v.strictObject({
  id: v.picklist(["helper", "ssh-access-key", "ssh-own-key", "access-token", "remote", "url-once"]),
  title: text,
  command: text,
  reaches: text,
  expires: text,
  rest: text,
  needs: text,
  advised: v.boolean(),
  closed: v.nullable(text),
});

/** What `git rekey explain solutions --json` prints. */
export const advice = contract<AdviceReport>()(
  v.strictObject({
    schema: v.literal("git-rekey/advice@1"),
    tool,
    situation,
    advice: v.strictObject({
      way: v.picklist(["helper", "access-token", "ssh", "none"]),
      reason,
      why: text,
      seen: text,
      command: v.nullable(text),
    }),
    ways: v.array(way),
  }),
);
