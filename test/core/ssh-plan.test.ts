/** Which key, which file, which way: what `fix --with ssh` plans, by situation. */
import { describe, expect, test } from "bun:test";
import * as example from "../../src/checks/example.ts";
import type { SshAttempt } from "../../src/core/ssh.ts";
import { planSsh } from "../../src/core/ssh-plan.ts";
import {
  alt,
  bare,
  both,
  HOME,
  identities,
  inputFor,
  known,
  linesOf,
  ORIGIN,
  refused,
  type Scene,
  said,
  way,
} from "./ssh-plan-table.ts";

type Row = [situation: string, scene: Scene, plan: string[]];

const SSH = "git@bitbucket.org:acme/site.git";
const ALIAS = "git@bitbucket.org-acme-site:acme/site.git";
const PIN = "pin bitbucket.org in ~/.ssh/known_hosts";
const SET = `.git/config remote.origin.url = ${SSH}`;
const MADE = ["private ~/.ssh/id_ed25519", "public ~/.ssh/id_ed25519.pub"];
const BESIDE = ["private ~/.ssh/id_ed25519_bitbucket", "public ~/.ssh/id_ed25519_bitbucket.pub"];
const BLOCK = "block bitbucket.org: identityFile=~/.ssh/id_ed25519_bitbucket";
const ACCESS = ["private ~/.ssh/bitbucket_acme_site", "public ~/.ssh/bitbucket_acme_site.pub"];
const ALIAS_BLOCK =
  "block bitbucket.org-acme-site: hostname=bitbucket.org user=git identityFile=~/.ssh/bitbucket_acme_site hostKeyAlias=bitbucket.org";

const proofs = (url: string, by: string, ...directions: string[]) => {
  const all = directions.length === 0 ? ["fetch"] : directions;
  return {
    prove: all.map((one) => `prove ${one} ${url} by ${by}`),
    verify: all.map((one) => `verify ${one} ${url}`),
  };
};

/** Change, prove, clean up, verify. */
const whole = (changes: string[], url: string, by: string, cleanUp: string[], ...directions: string[]) => {
  const { prove, verify } = proofs(url, by, ...directions);
  return [...changes, ...prove, ...cleanUp, ...verify];
};

const signedIn = () => bare({ knownHosts: [known("current")], attempt: example.sshAttempt() });
const access = (...repositories: string[]) =>
  example.sshAttempt({
    as: "access-key",
    repositories: repositories.map((repository) => ({ workspace: "acme", repository })),
  });

const VISITOR = { type: "ssh-ed25519", fingerprint: "SHA256:visitor", comment: "eve@laptop" };

/** What the repository would say over SSH, which it is not reached by yet. */
const instead = (saying: SshAttempt["saying"], direction: "fetch" | "push" = "fetch") =>
  example.sshOutcome({ route: example.route({ direction }), state: "refused", saying });

const ACCESS_KEY = { key: "access", isNamed: true } as const;

const KEYS: Row[] = [
  ["a person without any key", {}, whole([...MADE, PIN], SSH, "~/.ssh/id_ed25519", [SET])],
  [
    "who wants to push",
    { wish: { push: true } },
    whole([...MADE, PIN], SSH, "~/.ssh/id_ed25519", [SET], "fetch", "push"),
  ],
  [
    "with a key that Bitbucket takes: none is made, nothing is pinned anew",
    { view: { destinations: [signedIn()] } },
    whole([], SSH, "what ssh has", [SET]),
  ],
  [
    "with a key that opens other repositories only",
    {
      view: { destinations: [signedIn()], outcomes: [instead("repository-not-accessible")] },
      ground: { names: ["id_ed25519"] },
    },
    whole([...BESIDE, BLOCK], SSH, "~/.ssh/id_ed25519_bitbucket", [SET]),
  ],
  [
    "with a key that Bitbucket takes, once its host key is known here",
    { view: { destinations: [bare({ pinned: example.sshAttempt() })] } },
    whole([PIN], SSH, "what ssh has", [SET]),
  ],
  [
    "with a key that Bitbucket knows, and that wants its passphrase",
    { view: { destinations: [bare({ pinned: said("key-locked") })] } },
    whole([PIN], SSH, "what ssh has", [SET]),
  ],
  [
    "who wants to push, where the key that is there may not",
    {
      view: { destinations: [signedIn()], outcomes: [instead("read-only-key", "push")] },
      wish: { push: true },
      ground: { names: ["id_ed25519"] },
    },
    whole([...BESIDE, BLOCK], SSH, "~/.ssh/id_ed25519_bitbucket", [SET], "fetch", "push"),
  ],
  [
    "with a key for something else",
    {
      view: { destinations: [bare({ identities: identities("id_rsa"), attempt: refused })] },
      ground: { names: ["id_rsa", "id_rsa.pub"] },
    },
    whole([...BESIDE, PIN, BLOCK], SSH, "~/.ssh/id_ed25519_bitbucket", [SET]),
  ],
  [
    "with a key of ours from an earlier run",
    {
      view: {
        destinations: [
          bare({
            identities: identities("id_ed25519").map((one) =>
              one.state === "there"
                ? {
                    ...one,
                    key: { type: "ssh-ed25519", fingerprint: "SHA256:x", comment: "git-rekey ana@laptop" },
                  }
                : one,
            ),
          }),
        ],
      },
      ground: { names: ["id_ed25519", "id_ed25519.pub"] },
    },
    whole([PIN], SSH, "~/.ssh/id_ed25519", [SET]),
  ],
  [
    "with our second key from an earlier run",
    { ground: { names: ["id_rsa", "id_rsa_bitbucket", "id_rsa_bitbucket.pub"] } },
    whole(
      [PIN, "block bitbucket.org: identityFile=~/.ssh/id_rsa_bitbucket"],
      SSH,
      "~/.ssh/id_rsa_bitbucket",
      [SET],
    ),
  ],
  [
    "with half of a key in the place of the new one",
    { ground: { names: ["id_ed25519.pub"] } },
    [
      "no: one half of a key is at `~/.ssh/id_ed25519` already and `~/.ssh/id_ed25519` is not there, so it is left alone",
    ],
  ],
  [
    "with an agent full of other keys: ssh must be told to offer the new one alone",
    {
      view: {
        agent: {
          state: "answers",
          keys: Array.from({ length: 20 }, () => ({
            type: "ssh-rsa",
            fingerprint: "SHA256:y",
            comment: null,
          })),
        },
      },
    },
    whole([...MADE, PIN, "block bitbucket.org: identityFile=~/.ssh/id_ed25519"], SSH, "~/.ssh/id_ed25519", [
      SET,
    ]),
  ],
  [
    "with a `Host bitbucket.org` block of their own: the new key gets another name",
    { ground: { names: ["id_rsa"], isTaken: ({ host }) => host === "bitbucket.org" } },
    whole(
      [
        ...BESIDE,
        PIN,
        "block bitbucket.org-rekey: hostname=bitbucket.org user=git identityFile=~/.ssh/id_ed25519_bitbucket hostKeyAlias=bitbucket.org",
      ],
      "git@bitbucket.org-rekey:acme/site.git",
      "~/.ssh/id_ed25519_bitbucket",
      [".git/config remote.origin.url = git@bitbucket.org-rekey:acme/site.git"],
    ),
  ],
  [
    "who names a key file",
    { wish: { key: { file: `${HOME}/.ssh/work`, as: "person" }, isNamed: true } },
    whole([PIN, "block bitbucket.org: identityFile=~/.ssh/work"], SSH, "~/.ssh/work", [SET]),
  ],
  [
    "who names the key that ssh takes anyway",
    {
      view: { destinations: [bare({ identities: identities("id_ed25519"), attempt: refused })] },
      wish: { key: { file: `${HOME}/.ssh/id_ed25519`, as: "person" }, isNamed: true },
    },
    whole([PIN], SSH, "~/.ssh/id_ed25519", [SET]),
  ],
  [
    "where ssh-keygen makes no ed25519",
    { wish: { type: "ecdsa" } },
    whole(["private ~/.ssh/id_ecdsa", "public ~/.ssh/id_ecdsa.pub", PIN], SSH, "~/.ssh/id_ecdsa", [SET]),
  ],
  [
    "a server: a key for one repository, under a name of its own",
    { wish: ACCESS_KEY },
    whole([...ACCESS, PIN, ALIAS_BLOCK], ALIAS, "~/.ssh/bitbucket_acme_site", [
      `.git/config remote.origin.url = ${ALIAS}`,
    ]),
  ],
  [
    "a server whose credential may add keys",
    { wish: ACCESS_KEY, rest: true },
    whole(
      [...ACCESS, PIN, ALIAS_BLOCK, "register ~/.ssh/bitbucket_acme_site.pub with acme/site"],
      ALIAS,
      "~/.ssh/bitbucket_acme_site",
      [`.git/config remote.origin.url = ${ALIAS}`],
    ),
  ],
  ["a server where nobody is: the key, and no more", { wish: { ...ACCESS_KEY, attended: false } }, ACCESS],
  [
    "the next run there",
    {
      wish: { ...ACCESS_KEY, attended: false },
      ground: { names: ["bitbucket_acme_site", "bitbucket_acme_site.pub"] },
    },
    whole([PIN, ALIAS_BLOCK], ALIAS, "~/.ssh/bitbucket_acme_site", [
      `.git/config remote.origin.url = ${ALIAS}`,
    ]),
  ],
  [
    "a server whose default key is an access key of this repository",
    {
      view: { destinations: [bare({ knownHosts: [known("current")], attempt: access("site") })] },
      wish: ACCESS_KEY,
    },
    whole([], SSH, "what ssh has", [SET]),
  ],
  [
    "a server where a visitor's agent signs in: it goes with the visitor",
    {
      view: {
        destinations: [
          bare({
            knownHosts: [known("current")],
            attempt: example.sshAttempt({ offered: [{ ...VISITOR, from: "agent" }], accepted: VISITOR }),
          }),
        ],
      },
      wish: { key: "access" },
    },
    whole([...ACCESS, ALIAS_BLOCK], ALIAS, "~/.ssh/bitbucket_acme_site", [
      `.git/config remote.origin.url = ${ALIAS}`,
    ]),
  ],
  [
    "a server whose default key is an access key of another repository",
    {
      view: { destinations: [bare({ knownHosts: [known("current")], attempt: access("docs") })] },
      wish: { key: "access" },
    },
    whole([...ACCESS, ALIAS_BLOCK], ALIAS, "~/.ssh/bitbucket_acme_site", [
      `.git/config remote.origin.url = ${ALIAS}`,
    ]),
  ],
  [
    "an access key where pushing is wanted",
    { wish: { ...ACCESS_KEY, push: true } },
    ["no: an access key reads `acme/site` and cannot push, and pushing is wanted here"],
  ],
  [
    "a person's key asked for by name, where an access key works",
    {
      view: { destinations: [bare({ knownHosts: [known("current")], attempt: access("site") })] },
      wish: { key: "person", isNamed: true },
      ground: { names: ["id_ed25519"] },
    },
    whole([...BESIDE, BLOCK], SSH, "~/.ssh/id_ed25519_bitbucket", [SET]),
  ],
];

const WAYS: Row[] = [
  [
    "port 22 is blocked, 443 is open",
    { view: { destinations: [bare({ attempt: said("port-blocked") }), alt(said("key-refused"))] } },
    whole(
      [
        ...MADE,
        PIN,
        "block bitbucket.org: hostname=altssh.bitbucket.org port=443 hostKeyAlias=bitbucket.org",
      ],
      SSH,
      "~/.ssh/id_ed25519",
      [SET],
    ),
  ],
  [
    "port 22 is cut off by a firewall, and a server wants a key of its own",
    {
      view: { destinations: [bare({ attempt: said("cut-off") }), alt(said("key-refused"))] },
      wish: ACCESS_KEY,
    },
    whole(
      [
        ...ACCESS,
        PIN,
        "block bitbucket.org-acme-site: hostname=altssh.bitbucket.org port=443 user=git identityFile=~/.ssh/bitbucket_acme_site hostKeyAlias=bitbucket.org",
      ],
      ALIAS,
      "~/.ssh/bitbucket_acme_site",
      [`.git/config remote.origin.url = ${ALIAS}`],
    ),
  ],
  [
    "port 22 is blocked, and the key that is there works by 443",
    { view: { destinations: [bare({ attempt: said("port-blocked") }), alt(example.sshAttempt())] } },
    whole(
      [PIN, "block bitbucket.org: hostname=altssh.bitbucket.org port=443 hostKeyAlias=bitbucket.org"],
      SSH,
      "what ssh has",
      [SET],
    ),
  ],
  [
    "the same with a `Host bitbucket.org` block of their own: the other host by its name",
    {
      view: { destinations: [bare({ attempt: said("port-blocked") }), alt(example.sshAttempt())] },
      ground: { isTaken: () => true },
    },
    whole(
      ["pin [altssh.bitbucket.org]:443 in ~/.ssh/known_hosts"],
      "ssh://git@altssh.bitbucket.org:443/acme/site.git",
      "what ssh has",
      [".git/config remote.origin.url = ssh://git@altssh.bitbucket.org:443/acme/site.git"],
    ),
  ],
  [
    "ssh is told already to go by 443",
    {
      view: {
        destinations: [
          bare({
            knownHosts: [known("current")],
            attempt: example.sshAttempt(),
            resolved: { ...bare().resolved, hostname: "altssh.bitbucket.org", port: 443 },
          }),
        ],
      },
    },
    whole([], SSH, "what ssh has", [SET]),
  ],
  [
    "both ports are blocked",
    { view: { destinations: [bare({ attempt: said("port-blocked") }), alt(said("port-blocked"))] } },
    ["no: SSH does not get through to Bitbucket from here, neither on port 22 nor on 443"],
  ],
  [
    "a proxy that ssh goes by is left as it is",
    {
      view: {
        destinations: [
          bare({ resolved: { ...bare().resolved, via: { kind: "proxy-command", text: "nc proxy 3128" } } }),
        ],
      },
    },
    whole([...MADE, PIN], SSH, "~/.ssh/id_ed25519", [SET]),
  ],
  [
    "that proxy lets nothing through",
    { view: { destinations: [bare({ attempt: said("proxy-failed") })] } },
    ["no: the proxy that ssh is told to use let nothing through to bitbucket.org"],
  ],
  [
    "Git may not use SSH",
    { view: { forbidden: "`protocol.ssh.allow` is `never`" } },
    ["no: Git may not use SSH here: `protocol.ssh.allow` is `never`"],
  ],
  ["there is no ssh", { view: { client: null } }, ["no: there is no ssh here that Git could run"]],
  [
    "Git runs PuTTY's",
    {
      view: {
        client: {
          command: "plink.exe",
          from: "GIT_SSH",
          entry: null,
          text: "",
          unasked: null,
          version: null,
        },
      },
    },
    ["no: Git runs `plink.exe` for SSH, which is no OpenSSH: set it up by its own means"],
  ],
  [
    "others may write ssh's configuration",
    { view: { destinations: [bare({ attempt: said("permissions-too-open") })] } },
    ["no: others may write ssh's configuration, or it belongs to them, so ssh refuses to use it"],
  ],
  [
    "others may write to `.ssh`",
    { ground: { isOpen: true } },
    ["no: `~/.ssh` is open to others, and no place for keys"],
  ],
  [
    "a command of the person's own runs ssh: what it has is tried as they run it, not by a plain ssh",
    {
      view: {
        destinations: [signedIn()],
        client: {
          command: "ssh -i work",
          from: "GIT_SSH_COMMAND",
          unasked: null,
          entry: null,
          text: "OpenSSH_9.2p1",
          version: [9, 2],
        },
      },
    },
    [SET, `verify fetch ${SSH}`],
  ],
  [
    "host keys are kept nowhere",
    {
      view: {
        destinations: [bare({ resolved: { ...bare().resolved, knownHostsFiles: ["/dev/null"] } })],
      },
    },
    ["no: ssh keeps host keys in `/dev/null` here, which git-rekey does not write to"],
  ],
  [
    "others may read the person's key",
    {
      view: {
        destinations: [
          bare({
            attempt: said("permissions-too-open"),
            identities: identities("id_rsa").map((one) => (one.mode ? { ...one, mode: 0o644 } : one)),
          }),
        ],
      },
    },
    ["no: others may read `~/.ssh/id_rsa`, so ssh does not use this key"],
  ],
];

const shows = (is: "retired" | "other") => {
  const attempt = said("host-key-changed");
  return { ...attempt, serverKey: { type: "ssh-rsa", fingerprint: `SHA256:${is}`, comment: null, is } };
};

const retired = known("retired", { line: 4 });
const HOSTS: Row[] = [
  [
    "the key that Bitbucket retired goes, twice where it is twice",
    { view: { destinations: [bare({ knownHosts: [retired, { ...retired, line: 9 }] })] } },
    whole(
      [
        ...MADE,
        "drop SHA256:retired 0 of bitbucket.org in ~/.ssh/known_hosts",
        "drop SHA256:retired 1 of bitbucket.org in ~/.ssh/known_hosts",
        PIN,
      ],
      SSH,
      "~/.ssh/id_ed25519",
      [SET],
    ),
  ],
  [
    "a key of somebody else's goes, and today's stay",
    { view: { destinations: [bare({ knownHosts: [known("current"), known("other", { line: 2 })] })] } },
    whole(
      [...MADE, "drop SHA256:other 0 of bitbucket.org in ~/.ssh/known_hosts", PIN],
      SSH,
      "~/.ssh/id_ed25519",
      [SET],
    ),
  ],
  [
    "a list of the machine's is left to its owner",
    {
      view: {
        destinations: [bare({ knownHosts: [known("retired", { file: "/etc/ssh/ssh_known_hosts" })] })],
      },
    },
    whole(
      [
        ...MADE,
        PIN,
        "person: `/etc/ssh/ssh_known_hosts:1` holds the key that Bitbucket retired in June 2023 and is not yours: its owner should take it out",
      ],
      SSH,
      "~/.ssh/id_ed25519",
      [SET],
    ),
  ],
  [
    "a home folder with a blank in its name, by which ssh parts paths",
    {
      view: {
        home: "/home/ana b",
        destinations: [
          bare({ resolved: { ...bare().resolved, knownHostsFiles: ["/home/ana", "b/.ssh/known_hosts"] } }),
        ],
      },
      ground: { isOwn: () => true },
    },
    whole(
      [
        "private ~ b/.ssh/id_ed25519",
        "public ~ b/.ssh/id_ed25519.pub",
        "pin bitbucket.org in ~ b/.ssh/known_hosts",
        "block bitbucket.org: identityFile=~ b/.ssh/id_ed25519",
      ],
      SSH,
      "~ b/.ssh/id_ed25519",
      [SET],
    ),
  ],
  [
    "a key of Bitbucket's that somebody has revoked",
    { view: { destinations: [bare({ knownHosts: [known("current", { marker: "revoked" })] })] } },
    [
      "no: `~/.ssh/known_hosts:1` marks a host key of Bitbucket's as revoked: take that line out first, if it is a mistake",
    ],
  ],
  [
    "whoever answers shows the retired key",
    { view: { destinations: [bare({ attempt: shows("retired") })] } },
    [
      "no: whoever answers as bitbucket.org shows a host key that is the one that Bitbucket retired in June 2023 (`SHA256:retired`): it is not Bitbucket",
    ],
  ],
  [
    "whoever answers shows a key of their own",
    { view: { destinations: [bare({ attempt: shows("other") })] } },
    [
      "no: whoever answers as bitbucket.org shows a host key that is none of Bitbucket's (`SHA256:other`): it is not Bitbucket",
    ],
  ],
  [
    "the first list is somebody else's: the next one of the person's own",
    {
      view: {
        destinations: [
          bare({
            resolved: {
              ...bare().resolved,
              knownHostsFiles: ["/etc/company/known_hosts", `${HOME}/.ssh/known_hosts2`],
            },
          }),
        ],
      },
    },
    whole([...MADE, "pin bitbucket.org in ~/.ssh/known_hosts2"], SSH, "~/.ssh/id_ed25519", [SET]),
  ],
];

describe.each([
  ["keys", KEYS],
  ["ways", WAYS],
  ["host keys", HOSTS],
])("%s", (_, rows) => {
  test.each(rows)("%s", (_, scene, plan) => {
    expect(linesOf(planSsh(inputFor(scene)))).toEqual(plan);
  });
});

test("the alias has small letters only, and none that ssh or git would not take", () => {
  const routes = both("remote.origin.url", "https://bitbucket.org/ACME/Site%7B1%7D.git");
  const made = planSsh(inputFor({ routes, wish: ACCESS_KEY }));
  expect(made).toMatchObject({ choice: { host: "bitbucket.org-acme-site-7b1-7d" } });
});

test("what is new is never planned twice: with the steps carried out, nothing is left", () => {
  const over = example.sshOutcome({ destination: "bitbucket.org-acme-site" });
  const routes = [way("remote.origin.url", ALIAS)];
  expect(linesOf(planSsh(inputFor({ routes, view: { outcomes: [over] } })))).toEqual([]);
});

test("nothing here leads to Bitbucket over HTTPS", () => {
  expect(linesOf(planSsh(inputFor({ routes: both("remote.origin.url", "/srv/other.git") })))).toEqual([]);
  expect(ORIGIN).toContain("https");
});
