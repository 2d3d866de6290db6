import * as v from "valibot";
import type { OwnStore } from "../core/account.ts";
import type {
  Choices,
  Plan,
  PlannedAccount,
  PlannedStep,
  SshChoice,
  SshHostBlock,
  Step,
} from "../core/plan.ts";
import { contract } from "./contract.ts";
import { checkId, count, safety, tool } from "./parts.ts";
import { whatIsWrong } from "./plan-rules.ts";
import { day, reach, rights, secretPlace, tokenKind } from "./tokens.ts";

const text = v.string();
const file = v.string();
const path = v.nullable(v.string());
const newToken = v.literal("newToken");
const configEntry = v.strictObject({ key: text, occurrence: count });
const netrcEntry = v.strictObject({ machine: v.nullable(text), occurrence: count });

const proofSource = v.variant("kind", [
  v.strictObject({ kind: v.literal("helper"), helper: text }),
  v.strictObject({ kind: v.literal("netrc") }),
  v.strictObject({ kind: v.literal("ask") }),
  v.strictObject({ kind: v.literal("ssh"), key: v.nullable(text) }),
]);

const helperCredential = { helper: text, host: text, path, username: text };

const account = contract<PlannedAccount>()(
  v.strictObject({
    name: text,
    kind: tokenKind,
    reach,
    username: v.nullable(text),
    email: v.nullable(text),
    rights,
    expires: v.nullable(day),
    secret: secretPlace,
  }),
);

const unrevoked = v.strictObject({
  name: text,
  kind: v.picklist(["api-token", "access-token", "app-password"]),
  page: text,
});

const repository = v.strictObject({ workspace: text, repository: text });

const sshHostBlock = contract<SshHostBlock>()(
  v.strictObject({
    host: text,
    hostname: v.nullable(text),
    port: v.nullable(count),
    user: v.nullable(text),
    identityFile: v.nullable(text),
    hostKeyAlias: v.nullable(text),
  }),
);

const step = contract<Step>()(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("set-config"), file, entry: configEntry, to: text }),
    v.strictObject({ kind: v.literal("unset-config"), file, entry: configEntry }),
    v.strictObject({
      kind: v.literal("add-config"),
      file,
      section: text,
      subsection: v.nullable(text),
      lines: v.array(v.strictObject({ name: text, value: text })),
    }),
    v.strictObject({
      kind: v.literal("set-netrc"),
      file,
      entry: netrcEntry,
      login: text,
      password: newToken,
    }),
    v.strictObject({ kind: v.literal("drop-netrc"), file, entry: netrcEntry }),
    v.strictObject({
      kind: v.literal("put-stored"),
      file,
      host: text,
      path,
      username: text,
      password: newToken,
    }),
    v.strictObject({
      kind: v.literal("drop-stored"),
      file,
      entry: v.strictObject({ host: text, username: text, path, occurrence: count }),
    }),
    v.strictObject({ kind: v.literal("put-account"), file, account, replaces: v.nullable(text) }),
    v.strictObject({
      kind: v.literal("drop-account"),
      file,
      name: text,
      added: text,
      revoke: v.nullable(unrevoked),
    }),
    v.strictObject({ kind: v.literal("put-unrevoked"), file, revoke: unrevoked }),
    v.strictObject({ kind: v.literal("drop-unrevoked"), file, name: text }),
    v.strictObject({ kind: v.literal("put-token"), file, password: newToken }),
    v.strictObject({ kind: v.literal("drop-token"), file }),
    v.strictObject({
      kind: v.literal("put-ssh-key"),
      file,
      half: v.picklist(["private", "public"]),
    }),
    v.strictObject({ kind: v.literal("add-known-hosts"), file, host: text }),
    v.strictObject({
      kind: v.literal("drop-known-host"),
      file,
      entry: v.strictObject({ host: text, fingerprint: text, occurrence: count }),
    }),
    v.strictObject({ kind: v.literal("add-ssh-host"), file, block: sshHostBlock }),
    v.strictObject({ kind: v.literal("register-key"), repository, label: text, publicKey: text }),
    v.strictObject({ kind: v.literal("set-mode"), file, mode: count }),
    v.strictObject({ kind: v.literal("helper-store"), ...helperCredential, password: newToken }),
    v.strictObject({ kind: v.literal("helper-erase"), ...helperCredential }),
    v.strictObject({
      kind: v.picklist(["prove", "verify"]),
      direction: v.picklist(["fetch", "push"]),
      remote: v.nullable(text),
      url: text,
      source: v.nullable(proofSource),
      through: v.exactOptional(v.literal("sourcetree")),
    }),
    v.strictObject({ kind: v.literal("person"), what: text, command: v.nullable(text) }),
  ]),
);

const planned = contract<PlannedStep>()(
  v.strictObject({
    phase: v.picklist(["change", "prove", "cleanUp", "verify"]),
    safety,
    answers: v.nullable(checkId),
    step,
  }),
);

const ownStore = contract<OwnStore>()(
  v.variant("kind", [
    v.strictObject({ kind: v.literal("file") }),
    v.strictObject({ kind: v.literal("keychain") }),
    v.strictObject({ kind: v.literal("env"), name: text }),
    v.strictObject({ kind: v.literal("command"), argv: v.array(text) }),
  ]),
);

const sshChoice = contract<SshChoice>()(
  v.strictObject({
    as: v.picklist(["person", "access-key"]),
    key: v.variant("kind", [
      v.strictObject({
        kind: v.literal("made"),
        file,
        type: v.picklist(["ed25519", "ecdsa", "rsa"]),
      }),
      v.strictObject({ kind: v.literal("there"), file: v.nullable(text) }),
    ]),
    host: text,
    port: v.picklist([22, 443]),
  }),
);

const choices = contract<Choices>()(
  v.strictObject({
    with: v.picklist(["helper", "remote", "access-token", "ssh", "forget"]),
    kind: v.picklist(["api-token", "access-token"]),
    store: v.nullable(v.union([v.picklist(["own-helper", "git-store", "prompt", "netrc"]), ownStore])),
    email: v.nullable(text),
    expires: v.nullable(day),
    push: v.boolean(),
    accept: v.array(checkId),
    ssh: v.exactOptional(sshChoice),
    runHelpers: v.exactOptional(v.boolean()),
  }),
);

/** What `git rekey fix --plan-out` writes and `git rekey apply` reads. */
export const plan = contract<Plan>()(
  v.strictObject({
    schema: v.literal("git-rekey/plan@1"),
    tool,
    uid: v.nullable(count),
    target: v.variant("kind", [
      v.strictObject({ kind: v.literal("repository"), path: text }),
      v.strictObject({ kind: v.literal("url"), url: text }),
    ]),
    choices,
    needsToken: v.boolean(),
    steps: v.array(planned),
  }),
);

/** The plan, or why the text is none, as the rest of a sentence that begins with the file's name. */
export type ReadPlan = { ok: true; plan: Plan } | { ok: false; reason: string };

function parse(text: string): { json: unknown } | null {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return null;
  }
}

/** Never repeats what is in the file: that may be a secret, or made to look like an order. */
function placeOf({ path }: v.BaseIssue<unknown>): string {
  const known = (path ?? []).filter(({ origin, type }) => type === "array" || origin === "value");
  const words = known.map(({ key, type }) => (type === "array" ? `${Number(key) + 1}` : String(key)));
  return words.length === 0 ? "" : ` (at \`${words.join(".")}\`)`;
}

function describe(issue: v.BaseIssue<unknown>): string {
  const at = placeOf(issue);
  if (issue.expected === "never") return `has something that a plan does not know${at}`;
  if (issue.path?.at(-1)?.origin === "key") return `lacks something that a plan needs${at}`;
  return `is not a plan of git-rekey${at}`;
}

function otherVersion(json: unknown): string | null {
  const schema = typeof json === "object" && json !== null && "schema" in json ? json.schema : null;
  if (typeof schema !== "string" || !/^git-rekey\/plan@\d{1,6}$/.test(schema)) return null;
  return schema === plan.entries.schema.literal
    ? null
    : `was written by another version of git-rekey (${schema})`;
}

/** Reads a plan file. Never throws, and lets nothing through that git-rekey itself would not have written. */
export function readPlan(text: string): ReadPlan {
  const parsed = parse(text);
  if (parsed === null) return { ok: false, reason: "is not JSON" };
  const other = otherVersion(parsed.json);
  if (other !== null) return { ok: false, reason: other };
  const read = v.safeParse(plan, parsed.json);
  if (!read.success) return { ok: false, reason: describe(read.issues[0]) };
  const wrong = whatIsWrong(read.output);
  return wrong === null ? { ok: true, plan: read.output } : { ok: false, reason: wrong };
}
