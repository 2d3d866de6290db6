/** What people paste when a remote over SSH fails: to the letter, with what it must be taken for. */
import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";

const TAIL = `fatal: Could not read from remote repository.

Please make sure you have the correct access rights
and the repository exists.`;

const CLONE = "$ git clone git@bitbucket.org:ws/r.git\nCloning into 'r'...\n";

const BANNER = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the RSA key sent by the remote host is
SHA256:46OSHA1Rmj8E8ERTC6xkNcmGOw9oFxYr0WF6zWW8l1E.
Please contact your system administrator.
Add correct host key in /home/ana/.ssh/known_hosts to get rid of this message.
Offending RSA key in /home/ana/.ssh/known_hosts:4
  remove with:
  ssh-keygen -f "/home/ana/.ssh/known_hosts" -R "bitbucket.org"
Host key for bitbucket.org has changed and you have requested strict checking.
Host key verification failed.
${TAIL}`;

const UNPROTECTED = `@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@         WARNING: UNPROTECTED PRIVATE KEY FILE!          @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
Permissions 0644 for '/home/ana/.ssh/id_rsa' are too open.
It is required that your private key files are NOT accessible by others.
This private key will be ignored.
Load key "/home/ana/.ssh/id_rsa": bad permissions
git@bitbucket.org: Permission denied (publickey).
${TAIL}`;

/** Each names Bitbucket where it names a host, so that with another host it must say nothing. */
const MESSAGES: Readonly<Record<string, readonly [text: string, ...says: string[]]>> = {
  refused: [`git@bitbucket.org: Permission denied (publickey).\n${TAIL}`, "ssh-key-refused certain"],
  "refused, before 7.4": [`${CLONE}Permission denied (publickey).\n${TAIL}`, "ssh-key-refused certain"],
  "refused at the other port": [
    `git@altssh.bitbucket.org: Permission denied (publickey).\n${TAIL}`,
    "ssh-key-refused certain",
  ],
  "refused as another user": [
    `ana@bitbucket.org: Permission denied (publickey).\n${TAIL}`,
    "ssh-key-refused certain",
  ],
  "too many keys, with the name and no address": [
    `Received disconnect from bitbucket.org port 22:2: Too many authentication failures\nDisconnected from bitbucket.org port 22\n${TAIL}`,
    "ssh-too-many-keys certain",
  ],
  "cut off, with the name and no address": [
    `kex_exchange_identification: Connection closed by remote host\nConnection closed by bitbucket.org port 22\n${TAIL}`,
    "ssh-port-blocked likely",
  ],
  "refused, in a CI's log": [
    `2026-11-25T08:30:01.123Z [deploy] git@bitbucket.org: Permission denied (publickey).\n2026-11-25T08:30:01.124Z [deploy] fatal: Could not read from remote repository.`,
    "ssh-key-refused certain",
  ],
  "refused, Jenkins": [
    `Command "git fetch --tags -- git@bitbucket.org:ws/r.git +refs/heads/*:refs/remotes/origin/*" returned status code 128:\nstdout: \nstderr: git@bitbucket.org: Permission denied (publickey).\nfatal: Could not read from remote repository.`,
    "ssh-key-refused certain",
  ],
  "unknown host, asked by Composer": [
    `Failed to execute git clone --mirror -- 'git@bitbucket.org:ws/r.git' '/cache/'\n\nCloning into bare repository '/cache'...\nHost key verification failed.\n${TAIL}`,
    "ssh-host-key-unknown certain",
  ],
  "unknown host": [
    `No ED25519 host key is known for bitbucket.org and you have requested strict checking.\nHost key verification failed.\n${TAIL}`,
    "ssh-host-key-unknown certain",
  ],
  "unknown host, asked": [
    "The authenticity of host 'bitbucket.org (104.192.141.1)' can't be established.\nED25519 key fingerprint is SHA256:ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM.\nAre you sure you want to continue connecting (yes/no/[fingerprint])? Host key verification failed.",
    "ssh-host-key-unknown certain",
  ],
  "changed host key": [BANNER, "ssh-host-key-changed certain"],
  "changed host key, before 8": [
    "Offending RSA key in /root/.ssh/known_hosts:4\nRSA host key for bitbucket.org has changed and you have requested strict checking.\nHost key verification failed.",
    "ssh-host-key-changed certain",
  ],
  "revoked host key": [
    `${CLONE}@       WARNING: REVOKED HOST KEY DETECTED!               @\nHost key verification failed.`,
    "ssh-host-key-changed certain",
  ],
  "too many keys": [
    `${CLONE}Received disconnect from 104.192.141.1 port 22:2: Too many authentication failures\nDisconnected from 104.192.141.1 port 22\n${TAIL}`,
    "ssh-too-many-keys certain",
  ],
  "open key": [UNPROTECTED, "ssh-permissions-too-open certain"],
  "open configuration": [
    `${CLONE}Bad owner or permissions on /home/ana/.ssh/config\n${TAIL}`,
    "ssh-permissions-too-open certain",
  ],
  "unreadable configuration": [
    `${CLONE}/home/ana/.ssh/config: line 3: Bad configuration option: usekeychain\n/home/ana/.ssh/config: terminating, 1 bad configuration options\n${TAIL}`,
    "config-unreadable certain",
  ],
  "closed port": [
    `ssh: connect to host bitbucket.org port 22: Connection timed out\n${TAIL}`,
    "ssh-port-blocked certain",
  ],
  "refused port": [
    `ssh: connect to host bitbucket.org port 22: Connection refused\n${TAIL}`,
    "ssh-port-blocked certain",
  ],
  "closed port on Windows": [
    `ssh: connect to host altssh.bitbucket.org port 443: Network is unreachable\r\n${TAIL}`,
    "ssh-port-blocked certain",
  ],
  "cut off": [
    `${CLONE}kex_exchange_identification: Connection closed by remote host\nConnection closed by 104.192.141.1 port 22\n${TAIL}`,
    "ssh-port-blocked likely",
  ],
  "cut off, before 7.9": [
    `${CLONE}ssh_exchange_identification: read: Connection reset by peer\n${TAIL}`,
    "ssh-port-blocked likely",
  ],
  proxy: [
    `${CLONE}kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535\n${TAIL}`,
    "proxy-refused certain",
    "ssh-port-blocked likely",
  ],
  "cut off on Windows": [
    `$ git fetch git@bitbucket.org:ws/r.git\nConnection reset by 104.192.141.1 port 22\n${TAIL}`,
    "ssh-port-blocked likely",
  ],
  "no way of agreeing": [
    `${CLONE}Unable to negotiate with 104.192.141.1 port 22: no matching key exchange method found. Their offer: curve25519-sha256\n${TAIL}`,
    "ssh-client-missing likely",
  ],
  "no such name": [
    `ssh: Could not resolve hostname bitbucket.org: Temporary failure in name resolution\n${TAIL}`,
    "host-unreachable certain",
  ],
  "no signature in common": [
    `${CLONE}sign_and_send_pubkey: no mutual signature supported\ngit@bitbucket.org: Permission denied (publickey).\n${TAIL}`,
    // It was said of one key; there may have been others.
    "ssh-key-refused certain",
    "ssh-client-missing likely",
  ],
  "a locked key": [
    `sign_and_send_pubkey: signing failed for ED25519 "/home/ana/.ssh/id_ed25519" from agent: agent refused operation\ngit@bitbucket.org: Permission denied (publickey).\n${TAIL}`,
    "ssh-key-refused likely",
  ],
  "a push with an access key": [
    `$ git push git@bitbucket.org:ws/r.git\nrepository access denied. access via a deployment key is read-only.\n${TAIL}`,
    "ssh-key-read-only certain",
  ],
  "a push with an access key, old": [
    `$ git push git@bitbucket.org:ws/r.git\nconq: repository access denied. access via a deployment key is read-only.\n${TAIL}`,
    "ssh-key-read-only certain",
  ],
  "another repository's key": [
    `${CLONE}repository access denied. deployment key is not associated with the requested repository.\n${TAIL}`,
    "ssh-key-for-other-repository certain",
  ],
  "no access": [`${CLONE}repository access denied.\n${TAIL}`, "repository-not-accessible certain"],
  "no access, old": [`${CLONE}conq: repository access denied.\n${TAIL}`, "repository-not-accessible certain"],
  "no repository": [`${CLONE}conq: repository does not exist.\n${TAIL}`, "repository-not-accessible certain"],
  "JGit, no repository": [
    "org.eclipse.jgit.errors.NoRemoteRepositoryException: git@bitbucket.org:ws/r.git: conq: repository does not exist.",
    "repository-not-accessible certain",
  ],
  "JGit with JSch": [
    "org.eclipse.jgit.api.errors.TransportException: git@bitbucket.org:ws/r.git: Auth fail\n\tat org.eclipse.jgit.api.FetchCommand.call(FetchCommand.java:134)\nCaused by: com.jcraft.jsch.JSchException: Auth fail",
    "ssh-key-refused certain",
  ],
  "JGit with JSch, host key": [
    "org.eclipse.jgit.api.errors.TransportException: git@bitbucket.org:ws/r.git: reject HostKey: bitbucket.org",
    "ssh-host-key-unknown certain",
  ],
  "JGit with JSch, unknown host": [
    "com.jcraft.jsch.JSchException: UnknownHostKey: bitbucket.org. RSA key fingerprint is 97:8c:1b:f2",
    "ssh-host-key-unknown certain",
  ],
  "go-git, changed": [
    'level=fatal msg="artifact r failed to load: failed to clone \\"git@bitbucket.org:X/X.git\\": ssh: handshake failed: knownhosts: key mismatch"',
    "ssh-host-key-changed certain",
  ],
  "go-git, unknown": [
    "unable to clone 'ssh://git@bitbucket.org/ws/r', error: ssh: handshake failed: knownhosts: key is unknown",
    "ssh-host-key-unknown certain",
  ],
  "go-git, refused": [
    "unable to clone 'ssh://git@bitbucket.org/ws/r': ssh: handshake failed: ssh: unable to authenticate, attempted methods [none publickey], no supported methods remain",
    "ssh-key-refused certain",
  ],
  libgit2: [
    "error: cloning git@bitbucket.org:ws/r.git\nFailed to authenticate SSH session: Username/PublicKey combination invalid",
    "ssh-key-refused certain",
  ],
  cargo: [
    "Unable to update ssh://git@bitbucket.org/ws/r.git\n\nCaused by:\n  error: SSH host key has changed for `bitbucket.org`",
    "ssh-host-key-changed certain",
  ],
};

/** About this machine or in Bitbucket's own words: nothing else has to name Bitbucket. */
const ALONE: Readonly<Record<string, readonly [text: string, ...says: string[]]>> = {
  "an access key": [
    "repository access denied. access via a deployment key is read-only.",
    "ssh-key-read-only certain",
  ],
  "another repository's": [
    "repository access denied. deployment key is not associated with the requested repository.",
    "ssh-key-for-other-repository certain",
  ],
  "old words": ["conq: repository does not exist.", "repository-not-accessible certain"],
  "registered already": [
    "Someone has already registered this as a deploy key.",
    "ssh-key-for-other-repository likely",
  ],
  "not allowed": ["fatal: transport 'ssh' not allowed", "ssh-not-allowed certain"],
  "no client": [
    "error: cannot run ssh: No such file or directory\nfatal: unable to fork",
    "ssh-client-missing certain",
  ],
  "no client, by a shell": [`/bin/sh: 1: ssh: not found\n${TAIL}`, "ssh-client-missing certain"],
  "open configuration": [
    "Bad owner or permissions on /home/ana/.ssh/config",
    "ssh-permissions-too-open certain",
  ],
};

function says(text: string): string[] {
  return readTranscript(text).said.map(({ id, confidence }) => `${id} ${confidence}`);
}

describe("over SSH", () => {
  for (const [name, [text, ...expected]] of Object.entries(MESSAGES)) {
    test(name, () => expect(says(text)).toEqual(expected));

    test(`${name}, with line ends of Windows`, () =>
      expect(says(text.replace(/\r?\n/g, "\r\n"))).toEqual(expected));

    test(`${name}, elsewhere`, () => {
      const elsewhere = text.replaceAll(/(?:altssh\.)?bitbucket\.org/g, "github.com");
      // Words that are Bitbucket's wherever they stand are told by the failure around them.
      expect(readTranscript(elsewhere)).toMatchObject({ said: [], ours: false });
    });
  }
});

describe("over SSH, without a host", () => {
  for (const [name, [text, ...expected]] of Object.entries(ALONE))
    test(name, () => expect(says(text)).toEqual(expected));
});

describe("what is said of a push", () => {
  test("by the command", () => {
    const [text] = MESSAGES["a push with an access key"] ?? [""];
    expect(readTranscript(text).said[0]?.details.operation).toBe("push");
  });
});

describe("an alias that a fix writes", () => {
  test("is Bitbucket", () => {
    expect(says("git@bitbucket.org-ws-r: Permission denied (publickey).")).toEqual([
      "ssh-key-refused certain",
    ]);
  });

  test.each(["bitbucket.org-ws.evil.example", "evilbitbucket.org", "bitbucket.org.evil.example", "gh-work"])(
    "%s is not",
    (host) => expect(says(`git@${host}: Permission denied (publickey).\n${TAIL}`)).toEqual([]),
  );
});

/** Nobody is refused by Bitbucket here. */
const NOTHING: Readonly<Record<string, string>> = {
  "signed in":
    "authenticated via ssh key.\n\nYou can use git to connect to Bitbucket. Shell access is disabled",
  "signed in, access key":
    "authenticated via a deploy key.\n\n\nYou can use git or hg to connect to Bitbucket. Shell access is disabled.\n\nThis deploy key has read access to the following repositories:\n\nws/repo: label -- comment",
  "only the end": TAIL,
  "no host": "Permission denied (publickey).",
  "a password's refusal": "ana@bitbucket.org's password:\nPermission denied, please try again.",
  "a file": "bash: /home/ana/.ssh/id_ed25519: Permission denied",
  "another server, after a pull that went well": `From bitbucket.org:ws/r
 * branch            main       -> FETCH_HEAD
Already up to date.
deploy@www.acme.example: Permission denied (publickey).`,
  Ansible:
    'fatal: [www]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: ana@10.0.0.7: Permission denied (publickey).", "unreachable": true}',
  docker:
    "Error response from daemon: pull access denied for acme/app, repository does not exist or may require 'docker login'",
  "an instance of a cloud": UNPROTECTED.replaceAll("git@bitbucket.org", "ubuntu@ec2-1-2-3-4.example"),
  "first contact":
    "Warning: Permanently added 'bitbucket.org' (ED25519) to the list of known hosts.\nEverything up-to-date",
  "another way that is forbidden": "fatal: transport 'file' not allowed",
};

describe("over SSH, nothing of Bitbucket's", () => {
  for (const [name, text] of Object.entries(NOTHING))
    test(name, () => expect(readTranscript(text)).toMatchObject({ said: [], ours: false }));
});

test("a refusal over HTTPS and one over SSH are two", () => {
  const https = "fatal: Authentication failed for 'https://bitbucket.org/ws/r.git/'";
  const ssh = "git@bitbucket.org: Permission denied (publickey).";
  const both = ["ssh-key-refused certain", "token-refused likely"];
  expect(says(`${https}\n${ssh}`)).toEqual(both);
  expect(says(`${ssh}\n${https}`)).toEqual(both);
});
