/** Which key `fix --with ssh` takes or makes, by what name, and who is told of it. */
import { expect, test } from "bun:test";
import * as sshExample from "../../src/checks/example-ssh.ts";
import { planSsh } from "../../src/core/ssh-plan.ts";
import {
  bare,
  both,
  HOME,
  identities,
  inputFor,
  known,
  linesOf,
  ORIGIN,
  refused,
  said,
  way,
} from "./ssh-plan-table.ts";
import {
  ACCESS,
  ACCESS_KEY,
  ALIAS,
  ALIAS_BLOCK,
  access,
  BESIDE,
  BLOCK,
  instead,
  MADE,
  OTHER,
  OTHER_BLOCK,
  OTHER_SET,
  PIN,
  type Row,
  SET,
  SSH,
  signedIn,
  VISITOR,
  whole,
} from "./ssh-plan-words.ts";

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
    whole([...BESIDE, OTHER_BLOCK], OTHER, "~/.ssh/id_ed25519_bitbucket", [OTHER_SET]),
  ],
  [
    "with a key that Bitbucket takes, once its host key is known here",
    { view: { destinations: [bare({ pinned: sshExample.sshAttempt() })] } },
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
    whole([...BESIDE, OTHER_BLOCK], OTHER, "~/.ssh/id_ed25519_bitbucket", [OTHER_SET], "fetch", "push"),
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
    whole([...BESIDE, PIN, OTHER_BLOCK], OTHER, "~/.ssh/id_ed25519_bitbucket", [OTHER_SET]),
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
    "who names the key that works",
    {
      view: {
        destinations: [
          bare({
            knownHosts: [known("current")],
            identities: identities("id_ed25519").map((one) => ({ ...one, key: VISITOR })),
            attempt: sshExample.sshAttempt({ accepted: VISITOR }),
          }),
        ],
      },
      wish: { key: { file: `${HOME}/.ssh/id_ed25519`, as: "person" }, isNamed: true },
    },
    whole([], SSH, "what ssh has", [SET]),
  ],
  [
    "who names another key than the one that works",
    {
      view: { destinations: [signedIn()] },
      wish: { key: { file: `${HOME}/.ssh/work`, as: "person" }, isNamed: true },
    },
    whole(
      [
        "block bitbucket.org-rekey: hostname=bitbucket.org user=git identityFile=~/.ssh/work hostKeyAlias=bitbucket.org",
      ],
      OTHER,
      "~/.ssh/work",
      [OTHER_SET],
    ),
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
            attempt: sshExample.sshAttempt({ offered: [{ ...VISITOR, from: "agent" }], accepted: VISITOR }),
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
    whole([...BESIDE, OTHER_BLOCK], OTHER, "~/.ssh/id_ed25519_bitbucket", [OTHER_SET]),
  ],
];

test.each(KEYS)("%s", (_, scene, plan) => {
  expect(linesOf(planSsh(inputFor(scene)))).toEqual(plan);
});

test("the alias has small letters only, and none that ssh or git would not take", () => {
  const routes = both("remote.origin.url", "https://bitbucket.org/ACME/Site%7B1%7D.git");
  const made = planSsh(inputFor({ routes, wish: ACCESS_KEY }));
  expect(made).toMatchObject({ choice: { host: "bitbucket.org-acme-site-7b1-7d" } });
});

test("what is new is never planned twice: with the steps carried out, nothing is left", () => {
  const over = sshExample.sshOutcome({ destination: "bitbucket.org-acme-site" });
  const routes = [way("remote.origin.url", ALIAS)];
  expect(linesOf(planSsh(inputFor({ routes, view: { outcomes: [over] } })))).toEqual([]);
});

test("nothing here leads to Bitbucket over HTTPS", () => {
  expect(linesOf(planSsh(inputFor({ routes: both("remote.origin.url", "/srv/other.git") })))).toEqual([]);
  expect(ORIGIN).toContain("https");
});
