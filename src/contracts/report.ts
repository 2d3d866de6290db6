import * as v from "valibot";
import type { Report, ReportedRepository, Scanned } from "../core/report.ts";
import type { ReportedAccessToken } from "../core/report-access-token.ts";
import type { ReportedSsh } from "../core/report-ssh.ts";
import type { ReportedToken } from "../core/report-token.ts";
import { contract } from "./contract.ts";
import { checkId, count, finding, tool, when } from "./parts.ts";

const state = v.picklist(["ok", "refused", "unknown"]);

const day = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\d$/));

const token = contract<ReportedToken>()(
  v.strictObject({
    name: v.string(),
    kind: v.picklist(["api-token", "access-token"]),
    reach: v.string(),
    why: v.string(),
    sent: v.boolean(),
    fetch: state,
    push: state,
    expires: v.nullable(day),
    daysLeft: v.nullable(v.pipe(v.number(), v.integer())),
    accepted: v.nullable(when),
    refused: v.nullable(when),
  }),
);

const accessToken = contract<ReportedAccessToken>()(
  v.strictObject({
    of: v.nullable(v.picklist(["repository", "project", "workspace"])),
    from: v.string(),
  }),
);

const ssh = contract<ReportedSsh>()(
  v.strictObject({
    name: v.string(),
    host: v.string(),
    port: v.pipe(v.number(), v.integer()),
    via: v.nullable(v.string()),
    as: v.nullable(v.picklist(["person", "access-key"])),
    key: v.nullable(v.string()),
    comment: v.nullable(v.string()),
    said: v.nullable(v.string()),
  }),
);

const repository = contract<ReportedRepository>()(
  v.strictObject({
    path: v.string(),
    remotes: v.array(
      v.strictObject({
        name: v.nullable(v.string()),
        url: v.string(),
        fetch: state,
        push: state,
        token: v.nullable(token),
        accessToken: v.nullable(accessToken),
        ssh: v.nullable(ssh),
        signsIn: v.exactOptional(
          v.picklist(["ssh", "https", "https-with-user", "https-with-secret", "other"]),
        ),
      }),
    ),
    kind: v.exactOptional(v.picklist(["checkout", "bare", "worktree", "submodule"])),
    submodules: v.exactOptional(v.array(v.string())),
  }),
);

const scanned = contract<Scanned>()(
  v.strictObject({
    roots: v.array(v.string()),
    files: count,
    folders: count,
    bytes: count,
    binary: count,
    seconds: v.pipe(v.number(), v.minValue(0)),
    unread: v.array(v.strictObject({ why: v.string(), count, example: v.string() })),
    complete: v.boolean(),
    allowed: count,
    ignored: count,
    known: count,
  }),
);

/** What `git rekey doctor --json` and `git rekey scan --json` print. */
export const report = contract<Report>()(
  v.strictObject({
    schema: v.literal("git-rekey/report@1"),
    tool,
    at: when,
    host: v.string(),
    user: v.string(),
    repositories: v.array(repository),
    findings: v.array(finding),
    ruledOut: v.array(checkId),
    notLooked: v.array(v.strictObject({ id: checkId, reason: v.string() })),
    scanned: v.nullable(scanned),
  }),
);
