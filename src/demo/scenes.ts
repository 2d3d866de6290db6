/** The walk from "error: 410" to a proven `git pull` and back, as data: what is typed, and what must then be so. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Emulator } from "../../emulator/index.ts";
import type { Ran } from "./child.ts";
import { photograph, sameFiles } from "./sandbox.ts";
import { NEW_TOKEN, OLD_PASSWORD, type Site, type Stage } from "./stage.ts";

/** Something that must be so after a command, beside its exit code. */
export interface Claim {
  says: string;
  holds(stage: Stage, site: Site, ran: Ran): boolean;
}

/** One command. */
interface Act {
  /** As a person types it. */
  types: string;
  args: readonly string[];
  takesToken?: true;
  /** Its exit code; `fails`: any but 0. */
  code: number | "fails";
  before?: (site: Site) => void;
  claims: readonly Claim[];
}

/** One step of the walk, with a headline and a sentence before it. */
export interface Scene {
  title: string;
  says(site: Site): string;
  acts: readonly Act[];
}

type Service = "git-upload-pack" | "git-receive-pack";

function arrived(emulator: Emulator, credential: string, status: number, service: Service): boolean {
  return emulator.log.some(
    (entry) => entry.credential === credential && entry.status === status && entry.service === service,
  );
}

const REFUSED_WITH_410: Claim = {
  says: "the app password arrived at Bitbucket and was answered 410",
  holds: ({ emulator }, _, { text }) =>
    arrived(emulator, OLD_PASSWORD, 410, "git-upload-pack") && text.includes("error: 410"),
};

const LET_IN = (service: Service): Claim => ({
  says: `the new token arrived and was accepted (${service})`,
  holds: ({ emulator }) => arrived(emulator, NEW_TOKEN, 200, service),
});

const OLD_ONE_SILENT: Claim = {
  says: "the app password was not sent any more",
  holds: ({ emulator }) => !emulator.sawSecret(OLD_PASSWORD),
};

const KEPT_IN = {
  cache: "kept by Git's `cache` helper",
  store: "kept by Git's `store` helper in `~/.git-credentials`",
};

const PULL = { types: "git pull", args: ["pull"] };

export const SCENES: readonly Scene[] = [
  {
    title: "A pull that used to work",
    says: ({ memory }) =>
      "Ana cloned `acme/site` last year. The remote is `https://ana@bitbucket.org/acme/site.git`, and her app " +
      `password is ${KEPT_IN[memory]}. Meanwhile Bitbucket has removed app passwords.`,
    acts: [{ ...PULL, code: "fails", claims: [REFUSED_WITH_410] }],
  },
  {
    title: "Why?",
    says: () => "`doctor` reads the machine, asks Bitbucket, and changes nothing.",
    acts: [
      {
        types: "git rekey doctor",
        args: ["rekey", "doctor"],
        code: 1,
        claims: [
          {
            says: "the app password was named as the cause",
            holds: (_, __, { text }) => text.includes("app-password-sent"),
          },
        ],
      },
    ],
  },
  {
    title: "The repair",
    says: () =>
      "Ana has made a new API token and saved it in `~/new-token`. It comes on stdin: a token is never an argument. " +
      "Without `--yes` and the file, `fix` asks before it changes anything, and for the token without showing it.",
    acts: [
      {
        types: "git rekey fix --push --yes < ~/new-token",
        args: ["rekey", "fix", "--push", "--yes"],
        takesToken: true,
        code: 0,
        claims: [LET_IN("git-upload-pack"), LET_IN("git-receive-pack")],
      },
    ],
  },
  {
    title: "Git works again",
    says: () => "A colleague has pushed a commit in the meantime, and Ana has one of her own to push.",
    acts: [
      {
        ...PULL,
        code: 0,
        claims: [
          LET_IN("git-upload-pack"),
          OLD_ONE_SILENT,
          {
            says: "the colleague's commit is here",
            holds: (_, { folder }) => existsSync(join(folder, "src", "hello.html")),
          },
        ],
      },
      {
        types: 'git commit --quiet --all --message "Greet the world"',
        args: ["commit", "--quiet", "--all", "--message", "Greet the world"],
        before: ({ folder }) => writeFileSync(join(folder, "src", "hello.html"), "<h1>hello, world</h1>\n"),
        code: 0,
        claims: [],
      },
      {
        types: "git push",
        args: ["push"],
        code: 0,
        claims: [
          LET_IN("git-receive-pack"),
          OLD_ONE_SILENT,
          {
            says: "the commit arrived",
            holds: ({ emulator }) =>
              emulator.log.some(
                ({ method, service, status }) =>
                  method === "POST" && service === "git-receive-pack" && status === 200,
              ),
          },
        ],
      },
    ],
  },
  {
    title: "And back",
    says: () => "Every fix can be taken back. Then Git fails as before.",
    acts: [
      {
        types: "git rekey undo --yes",
        args: ["rekey", "undo", "--yes"],
        code: 0,
        claims: [
          {
            says: "every file with settings or credentials is byte for byte what it was",
            holds: ({ sandbox }, { before }) => sameFiles(before, photograph(sandbox.home)),
          },
        ],
      },
      { ...PULL, code: "fails", claims: [REFUSED_WITH_410] },
    ],
  },
];
