/** OpenSSH's words, as its versions print them. */
import { describe, expect, test } from "bun:test";
import type { SshSaying } from "../../src/core/ssh.ts";
import { sshSays } from "../../src/probes/ssh-says.ts";

const CHANGED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@\r
Offending RSA key in /home/ana/.ssh/known_hosts:4\r
Host key for bitbucket.org has changed and you have requested strict checking.\r
Host key verification failed.\r
`;

const UNPROTECTED = `@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @\r
Permissions 0644 for '/home/ana/.ssh/id_rsa' are too open.\r
It is required that your private key files are NOT accessible by others.\r
This private key will be ignored.\r
Load key "/home/ana/.ssh/id_rsa": bad permissions\r
git@bitbucket.org: Permission denied (publickey).\r
`;

const SAID: readonly [what: string, text: string, saying: SshSaying | null][] = [
  ["refused", "git@bitbucket.org: Permission denied (publickey).\r\n", "key-refused"],
  ["refused, before 7.4", "Permission denied (publickey).\r\n", "key-refused"],
  ["refused, with more methods", "git@bb: Permission denied (publickey,password).\r\n", "key-refused"],
  ["not about keys", "Permission denied, please try again.\r\n", null],
  [
    "six keys",
    "Received disconnect from 104.192.141.1 port 22:2: Too many authentication failures\r\nDisconnected from 104.192.141.1 port 22\r\n",
    "too-many-keys",
  ],
  ["changed", CHANGED, "host-key-changed"],
  [
    "unknown, strict",
    "No ED25519 host key is known for bitbucket.org and you have requested strict checking.\r\nHost key verification failed.\r\n",
    "host-key-unknown",
  ],
  [
    "unknown, at another port",
    "No RSA host key is known for [altssh.bitbucket.org]:443 and you have requested strict checking.\r\nHost key verification failed.\r\n",
    "host-key-unknown",
  ],
  [
    "unknown, asked",
    "The authenticity of host 'bitbucket.org (104.192.141.1)' can't be established.",
    "host-key-unknown",
  ],
  ["unknown, by nothing but its end", "Host key verification failed.\r\n", "host-key-unknown"],
  [
    "revoked",
    "@       WARNING: REVOKED HOST KEY DETECTED!               @\r\nRSA host key for bitbucket.org was revoked and you have requested strict checking.\r\nHost key verification failed.\r\n",
    "host-key-revoked",
  ],
  ["nobody listens", "ssh: connect to host bitbucket.org port 22: Connection refused\r\n", "port-blocked"],
  ["macOS", "ssh: connect to host bitbucket.org port 22: Operation timed out\r\n", "port-blocked"],
  ["no route", "ssh: connect to host bitbucket.org port 22: No route to host\r\n", "port-blocked"],
  [
    "no name",
    "ssh: Could not resolve hostname bitbucket.org: Temporary failure in name resolution\r\n",
    "name-not-found",
  ],
  ["cut", "kex_exchange_identification: Connection closed by remote host\r\n", "cut-off"],
  ["cut, until 7.9", "ssh_exchange_identification: read: Connection reset by peer\r\n", "cut-off"],
  [
    "silent",
    "Connection timed out during banner exchange\r\nConnection to 104.192.141.1 port 22 timed out\r\n",
    "cut-off",
  ],
  ["cut later", "Connection closed by 104.192.141.1 port 22\r\n", "cut-off"],
  [
    "a proxy that does not",
    "kex_exchange_identification: Connection closed by remote host\r\nConnection closed by UNKNOWN port 65535\r\n",
    "proxy-failed",
  ],
  [
    "no algorithm",
    "Unable to negotiate with 104.192.141.1 port 22: no matching host key type found. Their offer: ssh-rsa\r\n",
    "no-common-algorithm",
  ],
  ["a key others may read", UNPROTECTED, "permissions-too-open"],
  [
    "a configuration others may write",
    "Bad owner or permissions on /home/ana/.ssh/config\r\n",
    "permissions-too-open",
  ],
  [
    "an unknown word",
    "/home/ana/.ssh/config: line 3: Bad configuration option: frobnicate\r\n/home/ana/.ssh/config: terminating, 1 bad configuration options\r\n",
    "config-unreadable",
  ],
  ["a value", "/home/ana/.ssh/config line 2: Bad number 'x'.\r\n", "config-unreadable"],
  [
    "a key in an agent that says no",
    'sign_and_send_pubkey: signing failed for ED25519 "ana@laptop" from agent: agent refused operation\r\ngit@bitbucket.org: Permission denied (publickey).\r\n',
    "key-locked",
  ],
  [
    "a push with an access key",
    "repository access denied. access via a deployment key is read-only.\nfatal: Could not read from remote repository.\n",
    "read-only-key",
  ],
  [
    "an access key of others",
    "repository access denied. deployment key is not associated with the requested repository.\n",
    "key-of-other-repository",
  ],
  ["denied", "conq: repository access denied.\n", "repository-not-accessible"],
  ["missing", "repository does not exist.\n", "repository-not-accessible"],
  ["nothing", "debug1: Exit status 0\r\n", null],
];

describe("what a connection came to:", () => {
  for (const [what, text, saying] of SAID) {
    test(what, () => {
      expect(sshSays(text)).toBe(saying);
    });
  }
});
