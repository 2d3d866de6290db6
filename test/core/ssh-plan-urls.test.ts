/** What becomes of a checkout's URLs: every way to Bitbucket, and nothing else. */
import { expect, test } from "bun:test";
import * as example from "../../src/checks/example.ts";
import * as sshExample from "../../src/checks/example-ssh.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { SshPlan } from "../../src/core/ssh-plan.ts";
import { planSsh } from "../../src/core/ssh-plan.ts";
import { bare, both, inputFor, known, linesOf, ORIGIN, type Scene, said, way } from "./ssh-plan-table.ts";

/** A key that works: then the plan is about URLs alone. */
function linesFor(scene: Scene): string[] {
  const works = bare({ knownHosts: [known("current")], attempt: sshExample.sshAttempt() });
  const view = { destinations: [works], ...scene.view };
  return linesOf(planSsh(inputFor({ ...scene, view }))).filter((line) => !/^(?:prove|verify)/.test(line));
}

const REVERSED = example.configEntry("url.https://bitbucket.org/.insteadof", "git@bitbucket.org:");
const set = (key: string, url: string) => `.git/config ${key} = ${url}`;

type Row = [situation: string, scene: Scene, lines: string[]];

const ROWS: Row[] = [
  [
    "a secret in the URL goes with it",
    { routes: [way("remote.origin.url", `https://ana@bitbucket.org/acme/site.git`)] },
    [set("remote.origin.url", "git@bitbucket.org:acme/site.git")],
  ],
  [
    "several remotes, several URLs, a pushurl",
    {
      routes: [
        ...both("remote.origin.url", ORIGIN),
        ...both("remote.docs.url", "https://bitbucket.org/acme/docs"),
        way("remote.docs.pushurl", "https://bitbucket.org/other/tools.git", { push: true }),
      ],
    },
    [
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
      set("remote.docs.url", "git@bitbucket.org:acme/docs"),
      set("remote.docs.pushurl", "git@bitbucket.org:other/tools.git"),
    ],
  ],
  [
    "other hosts are not ours",
    {
      routes: [
        ...both("remote.origin.url", ORIGIN),
        ...both("remote.mirror.url", "https://git.example/acme/site.git"),
        ...both("remote.local.url", "/srv/mirror.git"),
      ],
    },
    [set("remote.origin.url", "git@bitbucket.org:acme/site.git")],
  ],
  [
    "SSH that works stays as it is",
    {
      routes: [
        way("remote.origin.url", ORIGIN),
        way("remote.origin.pushurl", "git@bitbucket.org-work:acme/site.git", { push: true }),
      ],
      view: { outcomes: [sshExample.sshOutcome({ destination: "bitbucket.org-work" })] },
    },
    [set("remote.origin.url", "git@bitbucket.org:acme/site.git")],
  ],
  [
    "a remote over SSH that only lacks today's host keys keeps its URL",
    {
      routes: both("remote.origin.url", "git@bitbucket.org:acme/site.git"),
      view: {
        destinations: [
          bare({
            knownHosts: [known("retired")],
            attempt: said("host-key-changed"),
            pinned: sshExample.sshAttempt(),
          }),
        ],
        outcomes: [sshExample.sshOutcome({ state: "refused", saying: "host-key-changed" })],
      },
    },
    [
      "drop SHA256:retired 0 of bitbucket.org in ~/.ssh/known_hosts",
      "pin bitbucket.org in ~/.ssh/known_hosts",
    ],
  ],
  [
    "a branch that names a URL",
    { routes: [way("branch.main.remote", ORIGIN, { remote: null })] },
    [set("branch.main.remote", "git@bitbucket.org:acme/site.git")],
  ],
  [
    "submodules, registered and checked out",
    {
      routes: [
        ...both("remote.origin.url", ORIGIN),
        way("submodule.docs.url", "https://bitbucket.org/acme/docs.git"),
        way("remote.origin.url", "https://bitbucket.org/acme/docs.git", {
          purpose: "submodule",
          remote: "docs",
          file: "/srv/site/.git/modules/docs/config",
        }),
      ],
    },
    [
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
      set("submodule.docs.url", "git@bitbucket.org:acme/docs.git"),
      ".git/modules/docs/config remote.origin.url = git@bitbucket.org:acme/docs.git",
    ],
  ],
  [
    "LFS of the same repository finds its way by ssh, without a URL",
    {
      routes: [
        ...both("remote.origin.url", ORIGIN),
        way("lfs.url", `${ORIGIN}/info/lfs`, { remote: null }),
        way("remote.origin.lfsurl", "https://bitbucket.org/acme/site/info/lfs"),
      ],
    },
    [
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
      ".git/config without lfs.url",
      ".git/config without remote.origin.lfsurl",
    ],
  ],
  [
    "LFS of another repository goes there by ssh",
    {
      routes: [
        ...both("remote.origin.url", ORIGIN),
        way("lfs.url", "https://bitbucket.org/acme/media.git/info/lfs", { remote: null }),
      ],
    },
    [
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
      set("lfs.url", "git@bitbucket.org:acme/media.git"),
    ],
  ],
  [
    "what the repository carries is left to its people",
    {
      routes: [
        ...both("remote.origin.url", ORIGIN),
        way("lfs.url", `${ORIGIN}/info/lfs`, {
          remote: null,
          file: "/srv/site/.lfsconfig",
          scope: "unknown",
        }),
      ],
    },
    [
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
      "person: `lfs.url` stands in `.lfsconfig`, which the repository carries: it still leads over HTTPS until somebody changes it there",
    ],
  ],
  [
    "a URL that a variable brings is left to its person",
    { routes: [way("remote.origin.url", ORIGIN, { file: null, scope: "command" })] },
    [
      "person: `remote.origin.url` comes from a variable or `git -c` and is not changed: set it to `git@bitbucket.org:acme/site.git` there",
    ],
  ],
  [
    "a short form of their own is written out",
    {
      routes: [
        way("remote.origin.url", ORIGIN, {
          rewrittenBy: example.configEntry("url.https://bitbucket.org/.insteadof", "bb:"),
        }),
      ],
      config: [example.configEntry("url.https://bitbucket.org/.insteadof", "bb:")],
    },
    [set("remote.origin.url", "git@bitbucket.org:acme/site.git")],
  ],
  [
    "a rule that turns SSH into HTTPS is taken out only with a yes",
    { config: [REVERSED] },
    [
      "no: `url.https://bitbucket.org/.insteadof` in `~/.gitconfig` turns `git@bitbucket.org:acme/site.git` back into HTTPS, and other URLs may hang on it",
    ],
  ],
  [
    "with that yes",
    { config: [REVERSED], accept: ["ssh-rewritten-to-https"] },
    [
      "change: ~/.gitconfig without url.https://bitbucket.org/.insteadof (asked)",
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
    ],
  ],
  [
    "such a rule under a shorter prefix too",
    {
      config: [REVERSED, { ...REVERSED, value: "git@bitbucket", occurrence: 1 }],
      accept: ["ssh-rewritten-to-https"],
    },
    [
      "change: ~/.gitconfig without url.https://bitbucket.org/.insteadof (asked)",
      "change: ~/.gitconfig without url.https://bitbucket.org/.insteadof (asked)",
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
    ],
  ],
  [
    "a variable that turns SSH into HTTPS",
    { config: [{ ...REVERSED, file: null, scope: "command" }], accept: ["ssh-rewritten-to-https"] },
    [
      "no: `url.https://bitbucket.org/.insteadof` comes by a variable or `git -c` and turns `git@bitbucket.org:acme/site.git` back into HTTPS: take it away first",
    ],
  ],
  [
    "a pushInsteadOf that leads pushes back to HTTPS",
    {
      config: [example.configEntry("url.https://bitbucket.org/.pushinsteadof", "git@bitbucket.org:")],
      accept: ["ssh-rewritten-to-https"],
    },
    [
      "change: ~/.gitconfig without url.https://bitbucket.org/.pushinsteadof (asked)",
      set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
    ],
  ],
  [
    "a rule that turns HTTPS into SSH is no matter: it fits no more",
    {
      config: [example.configEntry("url.git@bitbucket.org:.insteadof", "https://bitbucket.org/")],
    },
    [set("remote.origin.url", "git@bitbucket.org:acme/site.git")],
  ],
];

test.each(ROWS)("%s", (_, scene, lines) => {
  expect(linesFor(scene)).toEqual(lines);
});

const ACCESS = { wish: { key: "access", isNamed: true } } as const;

function accessPlan(scene: Scene): SshPlan {
  const made = planSsh(inputFor({ ...ACCESS, ...scene }));
  if ("noSsh" in made) throw new Error(made.noSsh);
  return made;
}

test("an access key: pushes with a URL of their own keep their way, others are refused from now on", () => {
  const routes = [
    way("remote.origin.url", ORIGIN),
    way("remote.origin.pushurl", ORIGIN, { push: true }),
    ...both("remote.docs.url", "https://bitbucket.org/acme/docs.git"),
  ];
  const { pushes, steps } = accessPlan({ routes });
  expect(pushes).toEqual({ refused: ["docs"], kept: ["origin"] });
  expect(
    steps.some(({ step }) => "entry" in step && "key" in step.entry && /push/.test(step.entry.key)),
  ).toBe(false);
});

test("an access key must be added to each repository, submodules' too, and has one name", () => {
  const routes = [
    ...both("remote.origin.url", ORIGIN),
    way("submodule.docs.url", "https://bitbucket.org/acme/docs.git"),
  ];
  const { repositories, urls, steps } = accessPlan({ routes, rest: true });
  expect(repositories.map(({ repository }) => repository)).toEqual(["site", "docs"]);
  expect(urls).toEqual([
    "git@bitbucket.org-acme-site:acme/site.git",
    "git@bitbucket.org-acme-site:acme/docs.git",
  ]);
  expect(steps.filter(({ step }) => step.kind === "register-key")).toHaveLength(2);
});

test("an access key is of no use where only pushes lead to Bitbucket", () => {
  const routes = [way("remote.origin.pushurl", ORIGIN, { push: true, pushOnly: true })];
  expect(linesOf(planSsh(inputFor({ ...ACCESS, routes })))).toEqual([
    "no: only pushes lead to Bitbucket from here, and an access key cannot push",
  ]);
});

test("where nobody is, such a rule is said before a key is made", () => {
  const wish = { ...ACCESS.wish, attended: false };
  const config = [{ ...REVERSED, value: "git@bitbucket.org" }];
  expect(linesOf(planSsh(inputFor({ wish, config })))).toEqual([
    expect.stringMatching(/^no: .* back into HTTPS/),
  ]);
});

test("with an access key, a pushInsteadOf that keeps pushes on HTTPS is welcome", () => {
  const config = [example.configEntry("url.https://bitbucket.org/.pushinsteadof", "git@bitbucket.org")];
  expect(() => accessPlan({ config })).not.toThrow();
});

test("secrets go by the remedies of their own findings, but for URLs that are rewritten anyway", () => {
  const entryOf = (key: string) => ({ file: "/srv/site/.git/config", entry: { key, occurrence: 0 } });
  const finding = (id: Finding["id"], key: string) =>
    ({
      id,
      remedy: {
        safety: "safe",
        summary: "",
        needsToken: false,
        steps: () => [
          { phase: "change", safety: "safe", answers: id, step: { kind: "unset-config", ...entryOf(key) } },
        ],
      },
    }) as unknown as Finding;
  const findings = [
    finding("secret-in-insteadof", "url.https://ana:‹secret›@bitbucket.org/.insteadof"),
    finding("secret-in-remote-url", "remote.origin.url"),
    finding("app-password-sent", "http.extraheader"),
  ];
  expect(linesFor({ findings })).toEqual([
    "change: .git/config without url.https://ana:‹secret›@bitbucket.org/.insteadof",
    set("remote.origin.url", "git@bitbucket.org:acme/site.git"),
  ]);
});

test("a URL that is no remote's: nothing is rewritten, and the URL to clone is known", () => {
  const route = example.route({ purpose: "url", remote: null, entry: null });
  const made = planSsh(inputFor({ routes: [route] }));
  expect(made).toMatchObject({ urls: ["git@bitbucket.org:acme/site.git"] });
  expect(linesOf(made).filter((line) => line.includes("remote."))).toEqual([]);
});
