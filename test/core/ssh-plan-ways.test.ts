/** By which way ssh gets to Bitbucket, what stands in it, and whose host keys count. */
import { describe, expect, test } from "bun:test";
import * as sshExample from "../../src/checks/example-ssh.ts";
import { planSsh } from "../../src/core/ssh-plan.ts";
import { alt, bare, HOME, identities, inputFor, known, linesOf, said } from "./ssh-plan-table.ts";
import {
  ACCESS,
  ACCESS_KEY,
  ALIAS,
  MADE,
  PIN,
  type Row,
  SET,
  SSH,
  signedIn,
  whole,
} from "./ssh-plan-words.ts";

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
    { view: { destinations: [bare({ attempt: said("port-blocked") }), alt(sshExample.sshAttempt())] } },
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
      view: { destinations: [bare({ attempt: said("port-blocked") }), alt(sshExample.sshAttempt())] },
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
            attempt: sshExample.sshAttempt(),
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
          entry: null,
          text: "OpenSSH_9.2p1",
          unasked: null,
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
  ["ways", WAYS],
  ["host keys", HOSTS],
])("%s", (_, rows) => {
  test.each(rows)("%s", (_, scene, plan) => {
    expect(linesOf(planSsh(inputFor(scene)))).toEqual(plan);
  });
});
