import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";

const URL = "https://bitbucket.org/ws/r.git";
const ACCESS = `fatal: unable to access '${URL}/': `;

function says(text: string): string[] {
  return readTranscript(text).said.map(({ id, confidence }) => `${id} ${confidence}`);
}

/** One message each, as Git or a relative of it writes it. */
const MESSAGES: readonly (readonly [text: string, ...says: string[]])[] = [
  [`${ACCESS}The requested URL returned error: 401`, "token-refused likely"],
  [
    `${ACCESS}The requested URL returned error: 403`,
    "read-scope-missing possible",
    "repository-not-accessible possible",
    "ip-not-allowed possible",
  ],
  [`+ git push\n${ACCESS}The requested URL returned error: 403`, "write-scope-missing likely"],
  [`${ACCESS}The requested URL returned error: 410`, "app-password-sent likely"],
  [`${ACCESS}The requested URL returned error: 429`, "rate-limited certain"],
  [`${ACCESS}The requested URL returned error: 503`, "service-unavailable likely"],
  [
    `error: The requested URL returned error: 401 Unauthorized while accessing ${URL}/info/refs\nfatal: HTTP request failed`,
    "token-refused likely",
  ],
  [`fatal: repository '${URL}/' not found`, "repository-not-accessible certain"],
  [`${ACCESS}Received HTTP code 407 from proxy after CONNECT`, "proxy-refused certain"],
  [`${ACCESS}CONNECT tunnel failed, response 407`, "proxy-refused certain"],
  [`${ACCESS}Could not resolve proxy: proxy.corp.example`, "proxy-refused certain"],
  [`${ACCESS}Failed to connect to proxy.corp.example port 3128: Connection refused`, "proxy-refused likely"],
  [`${ACCESS}Could not resolve host: bitbucket.org`, "host-unreachable certain"],
  [
    `${ACCESS}Failed to connect to bitbucket.org port 443 after 21 ms: Could not connect to server`,
    "host-unreachable certain",
  ],
  [`${ACCESS}Failed to connect to bitbucket.org port 443: Connection timed out`, "host-unreachable certain"],
  [`${ACCESS}Connection timed out after 300001 milliseconds`, "host-unreachable certain"],
  ["curl: (6) Could not resolve host: api.bitbucket.org", "host-unreachable certain"],
  ["ssh: connect to host bitbucket.org port 22: Connection timed out", "ssh-port-blocked certain"],
  ["ssh: Could not resolve hostname bitbucket.org: Name or service not known", "host-unreachable certain"],
  [`${ACCESS}SSL certificate problem: unable to get local issuer certificate`, "tls-untrusted certain"],
  [
    `${ACCESS}SSL certificate problem: certificate is not yet valid`,
    "tls-untrusted certain",
    "clock-skewed possible",
  ],
  [
    `${ACCESS}SSL certificate problem: certificate has expired`,
    "tls-untrusted certain",
    "clock-skewed possible",
  ],
  [`${ACCESS}server certificate verification failed. CAfile: none CRLfile: none`, "tls-untrusted certain"],
  [
    `${ACCESS}gnutls_handshake() failed: The TLS connection was non-properly terminated.`,
    "tls-untrusted likely",
  ],
  [
    `${ACCESS}schannel: next InitializeSecurityContext failed: SEC_E_UNTRUSTED_ROOT (0x80090325) - The certificate chain was issued by an authority that is not trusted.`,
    "tls-untrusted certain",
  ],
  [
    `${ACCESS}schannel: next InitializeSecurityContext failed: CRYPT_E_NO_REVOCATION_CHECK (0x80092012)`,
    "tls-untrusted certain",
  ],
  [
    `${ACCESS}schannel: next InitializeSecurityContext failed: SEC_E_CERT_EXPIRED (0x80090328)`,
    "tls-untrusted certain",
    "clock-skewed possible",
  ],
  [
    `${ACCESS}SSL: no alternative certificate subject name matches target host name 'bitbucket.org'`,
    "tls-untrusted certain",
  ],
  [`${ACCESS}SSL certificate problem: Invalid certificate chain`, "tls-untrusted certain"],
  [
    `Get "${URL}/info/refs?service=git-upload-pack": x509: certificate signed by unknown authority`,
    "tls-untrusted certain",
  ],
  [
    `org.eclipse.jgit.api.errors.TransportException: ${URL}: PKIX path building failed`,
    "tls-untrusted certain",
  ],
  [
    "fatal: could not read Username for 'https://bitbucket.org': No such device or address",
    "no-credential certain",
    "fails-without-terminal likely",
  ],
  ["fatal: could not read Username for 'https://bitbucket.org': Success", "no-credential certain"],
  [
    "fatal: could not read Password for 'https://ana@bitbucket.org': terminal prompts disabled",
    "no-credential certain",
    "username-pinned-in-url likely",
    "fails-without-terminal likely",
  ],
  ["fatal: credential helper 'cache' told us to quit", "no-credential likely"],
  ["fatal: unable to get password from user", "no-credential certain", "fails-without-terminal likely"],
  [
    `error: unable to read askpass response from '/usr/lib/ssh/x11-ssh-askpass'\nfatal: could not read Username for 'https://bitbucket.org': No such device or address`,
    "askpass-broken certain",
    "no-credential certain",
    "fails-without-terminal likely",
  ],
  ["git: 'credential-manager-core' is not a git command. See 'git --help'.", "helper-missing certain"],
  [
    "git: „credential-osxkeychain“ не е команда на git.  Погледнете изхода от „git --help“.",
    "helper-missing certain",
  ],
  ["git：'credential-manager' 不是一个 git 命令。参见 'git --help'。", "helper-missing certain"],
  ["git-credential-manager get: 1: git-credential-manager: not found", "helper-missing likely"],
  [
    "fatal: detected dubious ownership in repository at '/srv/site'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /srv/site",
    "repository-owner-differs certain",
  ],
  ["fatal: unsafe repository ('/srv/site' is owned by someone else)", "repository-owner-differs certain"],
  [`fatal: rate limited by '${URL}/', please try again in 30 seconds`, "rate-limited certain"],
  [
    `Pushing to ${URL}\nerror: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly`,
    "write-scope-missing likely",
  ],
  [
    `To ${URL}\n ! [remote rejected] main -> main (pre-receive hook declined)\nerror: failed to push some refs to '${URL}'`,
    "branch-restricted possible",
  ],
  [
    `batch response: Authorization error: ${URL}/info/lfs/objects/batch\nCheck that you have proper access to the repository`,
    "token-refused likely",
  ],
  [`batch response: Client error ${URL}/info/lfs/objects/batch from HTTP 410`, "app-password-sent likely"],
  [`batch response: Git credentials for ${URL} not found.`, "no-credential certain"],
  [`org.eclipse.jgit.api.errors.TransportException: ${URL}: not authorized`, "token-refused likely"],
  [`org.eclipse.jgit.errors.TransportException: ${URL}: 410 Gone`, "app-password-sent likely"],
  [
    `${URL}: Authentication is required but no CredentialsProvider has been registered`,
    "no-credential certain",
  ],
  [`TransportException: ${URL}: git-receive-pack not permitted on '${URL}/'`, "write-scope-missing likely"],
  [
    `unexpected client error: unexpected requesting "${URL}/info/refs?service=git-upload-pack" status code: 410`,
    "app-password-sent likely",
  ],
  [`failed to clone ${URL}: authentication required`, "token-refused possible"],
  [`Cloning ${URL}\nHttpError: HTTP Error: 410 Gone`, "app-password-sent likely"],
  [
    "requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: https://api.bitbucket.org/2.0/user",
    "token-refused likely",
  ],
  [
    `The "https://api.bitbucket.org/2.0/repositories/ws/r" file could not be downloaded (HTTP/2 404 )`,
    "repository-not-accessible likely",
  ],
  ["GET https://api.bitbucket.org/2.0/workspaces\nHTTP/2 410\n", "rest-endpoint-removed likely"],
  // A local message says nothing of Bitbucket when everything around it is about another host
  ["fatal: unable to get password from user\nfatal: Authentication failed for 'https://github.com/a/b.git/'"],
];

describe("Git's own messages", () => {
  for (const [text, ...expected] of MESSAGES)
    test(text.split("\n").at(-1)?.slice(0, 100) ?? "", () => {
      expect(says(text)).toEqual(expected);
    });
});

describe("Bitbucket's REST", () => {
  const error = (message: string, detail = ""): string =>
    `{"type": "error", "error": {"message": "${message}"${detail}}}`;
  const scopes = (required: string, granted: string): string =>
    error(
      "Your credentials lack one or more required privilege scopes.",
      `, "detail": {"required": [${required}], "granted": [${granted}]}`,
    );

  test("removed endpoints are never app passwords", () => {
    const body =
      '{"type": "error", "error": {"message": "CHANGE-2770 - Functionality has been deprecated", "detail": "Please read the changelog entry for more details.", "data": {"announcement_url": "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770"}}}';
    expect(says(body)).toEqual(["rest-endpoint-removed certain"]);
    expect(says(`${body}\ncurl: (22) The requested URL returned error: 410`)).toEqual([
      "rest-endpoint-removed certain",
    ]);
    expect(
      says(
        `remote: CHANGE-2770 - Functionality has been deprecated\n${ACCESS}The requested URL returned error: 410`,
      ),
    ).toEqual(["rest-endpoint-removed certain"]);
  });

  test("the scopes it names decide, not the command", () => {
    const { said } = readTranscript(`$ git push\n${scopes('"repository"', '"account"')}`);
    expect(said[0]).toMatchObject({
      id: "read-scope-missing",
      confidence: "certain",
      details: { scopesRequired: ["repository"], scopesGranted: ["account"] },
    });
    expect(says(scopes('"write:repository:bitbucket"', '"read:repository:bitbucket"'))).toEqual([
      "write-scope-missing certain",
    ]);
    expect(
      says(scopes('"read:repository:bitbucket","write:repository:bitbucket"', '"read:repository:bitbucket"')),
    ).toEqual(["write-scope-missing certain"]);
  });

  test("scopes of a pretty-printed body", () => {
    const body = JSON.stringify(JSON.parse(scopes('"repository:write"', '"repository"')), null, 2);
    expect(says(body)).toEqual(["write-scope-missing certain"]);
  });

  test("other bodies", () => {
    expect(says(error("App passwords are deprecated and must be replaced with API tokens."))).toEqual([
      "app-password-sent certain",
    ]);
    expect(says(error("Token is invalid, expired, or not supported for this endpoint."))).toEqual([
      "token-refused certain",
    ]);
    expect(says(error("Access token expired. Use your refresh token to obtain a new access token."))).toEqual(
      ["token-expired certain"],
    );
    expect(says(error("Rate limit for this resource has been exceeded"))).toEqual(["rate-limited certain"]);
    expect(says(error("No workspace with identifier 'x'."))).toEqual(["repository-not-accessible certain"]);
    expect(
      says(error("You may not have access to this repository or it no longer exists in this workspace.")),
    ).toEqual(["repository-not-accessible likely", "token-refused possible"]);
  });
});

describe("several failures in one log", () => {
  const old = `remote: App passwords are deprecated and must be replaced with API tokens.\n${ACCESS}The requested URL returned error: 410`;
  const github = "remote: Repository not found.\nfatal: repository 'https://github.com/a/b.git/' not found";

  test("each is said, most certain first", () => {
    const other = "fatal: Authentication failed for 'https://bitbucket.org/ws/other.git/'";
    expect(says(`${other}\n\n${old}`)).toEqual(["app-password-sent certain", "token-refused likely"]);
    expect(says(`${old}\n${other}`)).toEqual(["app-password-sent certain", "token-refused likely"]);
  });

  test("another host's failure neither hides ours nor becomes ours", () => {
    expect(says(`${github}\n${old}`)).toEqual(["app-password-sent certain"]);
    expect(says(`${old}\n${github}`)).toEqual(["app-password-sent certain"]);
  });

  test("the same twice is said once, with its first line", () => {
    const { said } = readTranscript(`start\n${old}\n\n${old}`);
    expect(said.map(({ id, line }) => [id, line])).toEqual([["app-password-sent", 2]]);
  });
});

test("what is known of a failure is in its details", () => {
  const text = `+ git push origin feature/x
remote: Permission denied to update branch feature/x.
To https://ana@bitbucket.org/ws/r.git
 ! [remote rejected] feature/x -> feature/x (pre-receive hook declined)
error: failed to push some refs to 'https://bitbucket.org/ws/r.git'`;
  const { said, host } = readTranscript(text);
  expect(host).toBe("bitbucket.org");
  expect(said).toHaveLength(1);
  expect(said[0]).toMatchObject({
    id: "branch-restricted",
    confidence: "certain",
    line: 2,
    quote: "remote: Permission denied to update branch feature/x.",
    details: { branch: "feature/x", operation: "push" },
  });
  const [denied] = readTranscript(
    "remote: Your credentials lack one or more required privilege scopes.\nfatal: unable to access 'https://bitbucket.org/ws/r.git/': The requested URL returned error: 403",
  ).said;
  expect(denied?.details).toEqual({
    status: 403,
    url: "https://bitbucket.org/ws/r.git/",
    operation: "unknown",
  });
});

test("the line is that of the paste, also in wrapped text", () => {
  const text =
    "one\ntwo\n\x1b[31mfatal: unable to access 'https://bitbucket.org/workspace/repository.git/': The reques\nted URL returned error: 410";
  expect(readTranscript(text).said[0]).toMatchObject({
    line: 3,
    quote:
      "fatal: unable to access 'https://bitbucket.org/workspace/repository.git/': The requested URL returned error: 410",
  });
});
