/** `git rekey scan`: its part of the command table. */
import { buildCommand } from "@stricli/core";
import { formatFlags, text } from "../flags.ts";
import { SCAN_FORMATS } from "./formats.ts";

const scanFlags = {
  home: { kind: "boolean", default: false, withNegated: false, brief: "Look at the whole home folder" },
  machine: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Look at all that may be read on this machine's own disks",
  },
  history: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Also look at every object of the repositories that are met",
  },
  archives: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Also look into tar, zip and gzip files",
  },
  staged: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Look only at what the next commit adds",
  },
  verify: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Ask Bitbucket once about each token whether it is alive",
  },
  networkMounts: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Also look at file systems of other machines",
  },
  baseline: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "file",
    brief: "Do not tell again what this file knows",
  },
  writeBaseline: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "file",
    brief: "Write what is found into a baseline",
  },
  format: {
    kind: "enum",
    values: SCAN_FORMATS,
    default: "text",
    brief: "How results are written",
  },
  json: formatFlags.json,
} as const;

export const scan = buildCommand({
  docs: { brief: "Find every credential of Bitbucket in files; changes nothing" },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        brief: "File or folder; the current repository if none is given",
        parse: text,
        placeholder: "path",
      },
    },
    flags: scanFlags,
  },
  loader: async () => (await import("./scan.ts")).scan,
});
