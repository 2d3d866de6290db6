/** The command table. Each command's code is loaded when it is called. */
import {
  ArgumentScannerError,
  buildApplication,
  buildCommand,
  buildRouteMap,
  type CommandContext,
  formatMessageForArgumentScannerError,
  run,
  text_en,
} from "@stricli/core";
import { mask } from "../core/url.ts";
import { VERSION } from "../core/version.ts";
import { oneLine } from "../report/style.ts";
import { openOutput } from "../world/output.ts";
import { EXIT } from "./exit.ts";
import { changeFlags, formatFlags, one, text, yesFlags } from "./flags.ts";
import { helpText } from "./help-text.ts";
import { hook } from "./hook/routes.ts";
import { scan } from "./scan/routes.ts";
import { token } from "./token/routes.ts";

const [stdout, stderr] = [openOutput(1), openOutput(2)];

const lookFlags = {
  offline: { kind: "boolean", default: false, withNegated: false, brief: "Look at this machine only" },
  push: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Pushing is wanted: a refused push is a fault",
  },
  email: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "address",
    brief: "Atlassian account's e-mail, to ask REST as well",
  },
  runHelpers: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Also ask credential helpers that may open a window",
  },
  trustRepository: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Use proxy and certificates that only the repository names",
  },
} as const;

const fixFlags = {
  with: {
    kind: "enum",
    values: ["helper", "remote", "access-token", "ssh", "forget", "url-once"],
    optional: true,
    brief: "In which way; `helper` puts right every clone on this machine",
  },
  store: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "place",
    brief: "Where the token is kept: keychain, file, env:NAME, command:…, git-store or prompt",
  },
  key: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "whose",
    brief: "With ssh: person, access (one repository, cannot push) or the file of a key",
  },
  expires: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "day",
    brief: "The new token's last day, such as 2027-05-31 or 90d",
  },
  dryRun: { kind: "boolean", default: false, withNegated: false, brief: "Show the plan and stop" },
  planOut: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "file",
    brief: "Write the plan to a file and stop",
  },
  accept: {
    kind: "parsed",
    parse: text,
    optional: true,
    placeholder: "id,…",
    brief: "Also take the steps of these findings, which --yes alone does not",
  },
} as const;

const targets = {
  kind: "array",
  parameter: {
    brief: "Repository or URL; the current folder if none is given",
    parse: text,
    placeholder: "path|url",
  },
} as const;

const doctor = buildCommand({
  docs: { brief: "Say why Git fails here, for fetch and for push; changes nothing" },
  parameters: {
    positional: targets,
    flags: {
      ...lookFlags,
      ...formatFlags,
      as: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "user",
        brief: "Look with that user's eyes (root only)",
      },
    },
  },
  loader: async () => (await import("./doctor.ts")).doctor,
});

const explain = buildCommand({
  docs: { brief: "Say what a pasted message, or a finding's id, means" },
  parameters: {
    positional: one("A finding's id, such as app-password-sent; or solutions, for the ways to sign in", "id"),
    flags: { ...formatFlags },
  },
  loader: async () => (await import("./explain.ts")).explain,
});

const fix = buildCommand({
  docs: { brief: "Show a plan, ask, carry it out, prove it with real git" },
  parameters: { positional: targets, flags: { ...lookFlags, ...fixFlags, ...changeFlags, ...formatFlags } },
  loader: async () => (await import("./fix.ts")).fix,
});

const apply = buildCommand({
  docs: { brief: "Carry out a plan file written by fix --plan-out" },
  parameters: {
    positional: one("The plan file", "plan"),
    flags: {
      ...changeFlags,
      ...formatFlags,
      runHelpers: lookFlags.runHelpers,
      trustRepository: lookFlags.trustRepository,
    },
  },
  loader: async () => (await import("./apply.ts")).apply,
});

const undo = buildCommand({
  docs: { brief: "Put back what a fix, or another change, has changed" },
  parameters: {
    positional: one("Number of the fix; the newest if none is given", "number"),
    flags: {
      ...yesFlags,
      ...formatFlags,
      list: { kind: "boolean", default: false, withNegated: false, brief: "List what can be taken back" },
    },
  },
  loader: async () => (await import("./undo.ts")).undo,
});

const runGit = buildCommand({
  docs: { brief: "Run one git command with the right token; nothing of it stays" },
  parameters: {
    positional: {
      kind: "array",
      parameter: {
        brief: "`--` and the whole command, such as `-- git push`",
        parse: text,
        placeholder: "git",
      },
    },
    flags: {
      account: {
        kind: "parsed",
        parse: text,
        optional: true,
        placeholder: "name",
        brief: "The account whose token answers",
      },
      trustRepository: lookFlags.trustRepository,
    },
  },
  loader: async () => (await import("./run.ts")).run,
});

const demo = buildCommand({
  docs: { brief: "A Bitbucket of your own on this machine, to break and to fix" },
  parameters: {
    positional: { kind: "tuple", parameters: [] },
    flags: {
      shell: {
        kind: "boolean",
        default: false,
        withNegated: false,
        brief: "Open a shell in which bitbucket.org is that one",
      },
    },
  },
  loader: async () => (await import("./demo.ts")).demo,
});

const home = buildCommand({
  docs: { brief: "doctor for this repository, then offers the fix" },
  parameters: { positional: { kind: "tuple", parameters: [] }, flags: {} },
  loader: async () => (await import("./home.ts")).home,
});

const root = buildRouteMap({
  routes: { doctor, explain, fix, apply, undo, run: runGit, token, scan, hook, demo, home },
  defaultCommand: "home",
  docs: {
    brief: "Find out why Bitbucket refuses Git, fix it, prove it, and take it back",
    hideRoute: { home: true },
  },
});

const app = buildApplication<CommandContext>(root, {
  name: "git rekey",
  versionInfo: { currentVersion: VERSION },
  scanner: { caseStyle: "allow-kebab-for-camel", allowArgumentEscapeSequence: true },
  documentation: {
    caseStyle: "convert-camel-to-kebab",
    // The options are listed below it; all of them in one line are more than anybody reads.
    onlyRequiredInUsageLine: true,
    disableAnsiColor: true,
  },
  determineExitCode: () => EXIT.misuse,
  localization: {
    text: {
      ...text_en,
      briefs: {
        ...text_en.briefs,
        help: "Show this help",
        version: "Show the version",
        argumentEscapeSequence: "What comes after it is no option",
      },
      exceptionWhileParsingArguments: (error) =>
        misuse(
          error instanceof ArgumentScannerError
            ? formatMessageForArgumentScannerError(error, {})
            : String(error),
        ),
      noCommandRegisteredForInput: ({ input }) => misuse(`\`${input}\` is not a command`),
    },
  },
});

/** What was typed is repeated, but a token that was pasted in the wrong place is not. */
function misuse(sentence: string): string {
  return `git-rekey: ${oneLine(mask(sentence))}\n\nhint: \`git rekey --help\` lists the commands, \`git rekey COMMAND --help\` its options`;
}

/** Runs the command that the words name. The library's own refusals are misuse; a command sets its own code. */
export async function main(words: readonly string[]): Promise<void> {
  const exitCode: number | string | null = null;
  const help = { write: (page: string) => stdout.write(helpText(page)) };
  const own = { stdout: help, stderr, env: process.env, exitCode: exitCode as typeof exitCode | number };
  const [first] = words;
  if (first !== undefined && !first.startsWith("-") && root.getRoutingTargetForInput(first) === undefined) {
    // With a default command the library would take a mistyped one for an argument.
    stderr.write(`${misuse(`\`${first}\` is not a command`)}\n`);
    process.exitCode = EXIT.misuse;
    return;
  }
  await run(app, words, { process: own });
  if (own.exitCode !== null && Number(own.exitCode) !== 0) process.exitCode = EXIT.misuse;
}
