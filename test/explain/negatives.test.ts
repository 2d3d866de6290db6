import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";

const NOTICE = "remote: App passwords are deprecated and must be replaced with API tokens.";

/** Nothing here is a refusal by Bitbucket Cloud. */
const NOTHING: Readonly<Record<string, string>> = {
  nothing: "",
  "blank lines": "\n\n  \n\t\n",
  "a word": "hello",
  prose: "I tried everything. My git push to bitbucket.org fails, can somebody help?",
  "prose with a quoted URL": "I tried 'https://bitbucket.org/ws/repo.git' today and it worked.",
  "prose with a note": "Note: see 'https://bitbucket.org/ws/repo' for the sources",
  "the banner":
    "As of September 9, 2025, app passwords can no longer be created. Use API tokens with scopes instead.",
  "GitHub, refused":
    "remote: Invalid username or password.\nfatal: Authentication failed for 'https://github.com/a/b.git/'",
  "GitHub, removed":
    "remote: Support for password authentication was removed on August 13, 2021.\nfatal: Authentication failed for 'https://github.com/a/b.git/'",
  "GitHub, no user": "fatal: could not read Username for 'https://github.com': terminal prompts disabled",
  "GitHub, 403":
    "remote: Permission to a/b.git denied to c.\nfatal: unable to access 'https://github.com/a/b.git/': The requested URL returned error: 403",
  "GitHub, push":
    "error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nerror: failed to push some refs to 'https://github.com/a/b.git'",
  "GitHub, hook":
    "To https://github.com/a/b.git\n ! [remote rejected] main -> main (pre-receive hook declined)\nerror: failed to push some refs to 'https://github.com/a/b.git'",
  "GitHub, DNS": "fatal: unable to access 'https://github.com/a/b.git/': Could not resolve host: github.com",
  "GitHub, TLS":
    "fatal: unable to access 'https://github.com/a/b.git/': SSL certificate problem: certificate has expired",
  "GitHub, proxy":
    "fatal: unable to access 'https://github.com/a/b.git/': Received HTTP code 407 from proxy after CONNECT",
  "GitHub, secret": `fatal: unable to access 'https://ana:${"x9".repeat(8)}@github.com/a/b.git/': The requested URL returned error: 403`,
  GitLab:
    "remote: HTTP Basic: Access denied. If a password was provided for Git authentication, the password was incorrect.\nfatal: Authentication failed for 'https://gitlab.com/a/b.git/'",
  Azure: "fatal: Authentication failed for 'https://dev.azure.com/a/b/_git/c/'",
  "Data Center":
    "remote: Repository not found\nfatal: repository 'https://bitbucket.example.com/scm/a/b.git/' not found",
  "Data Center, refused": "fatal: Authentication failed for 'https://bitbucket.example.com/scm/a/b.git/'",
  "Data Center, LFS":
    "batch response: Authorization error: http://bitbucket.example.com/scm/a/b.git/info/lfs/objects/batch\nCheck that you have proper access to the repository",
  "a name that ends alike": `${NOTICE}\nfatal: unable to access 'https://evilbitbucket.org/a/b.git/': The requested URL returned error: 410`,
  "a name that begins alike": `${NOTICE}\nfatal: unable to access 'https://bitbucket.org.evil.com/a/b.git/': The requested URL returned error: 410`,
  "our name as user": "fatal: Authentication failed for 'https://bitbucket.org@evil.com/a/b.git/'",
  "our name as password": "fatal: Authentication failed for 'https://a:bitbucket.org@evil.com/a/b.git/'",
  "our name in a path": "fatal: Authentication failed for 'https://evil.com/https://bitbucket.org/a/b.git/'",
  "our name in a query":
    "fatal: unable to access 'https://evil.com/?u=https://bitbucket.org/a/b': The requested URL returned error: 410",
  "a subdomain": "fatal: Authentication failed for 'https://git.bitbucket.org/a/b.git/'",
  "another port": "fatal: Authentication failed for 'https://bitbucket.org:8443/a/b.git/'",
  "410 elsewhere": "curl: (22) The requested URL returned error: 410",
  "410 elsewhere, with URL":
    "fatal: unable to access 'https://git.example.com/a.git/': The requested URL returned error: 410",
  "410 in a test run": "error: 410 tests failed\nsee https://bitbucket.org/ws/repo",
  "an app password by another server": `${NOTICE}\nfatal: unable to access 'https://git.example.com/a/b.git/': The requested URL returned error: 410`,
  "a clone that went well":
    "Cloning into 'r'...\nremote: Enumerating objects: 3, done.\nremote: Total 3 (delta 0), reused 0 (delta 0), pack-reused 0\nReceiving objects: 100% (3/3), done.",
  "a fetch that went well": "From https://bitbucket.org/ws/r\n   1a2b3c4..5d6e7f8  main       -> origin/main",
  "a push that went well": "To https://bitbucket.org/ws/r.git\n   1a2b3c4..5d6e7f8  main -> main",
  "nothing to do": "Everything up-to-date",
  "a push behind the remote":
    "To https://bitbucket.org/ws/r.git\n ! [rejected]        main -> main (fetch first)\nerror: failed to push some refs to 'https://bitbucket.org/ws/r.git'\nhint: Updates were rejected because the remote contains work that you do not have locally.",
  "a branch without commits":
    "error: src refspec main does not match any\nerror: failed to push some refs to 'https://bitbucket.org/ws/r.git'",
  "git remote -v":
    "origin\thttps://bitbucket.org/ws/r.git (fetch)\norigin\thttps://bitbucket.org/ws/r.git (push)",
  "a user in the URL": "origin\thttps://ana@bitbucket.org/ws/r.git (fetch)",
  "a placeholder in the URL":
    "git clone https://x-token-auth:{access_token}@bitbucket.org/ws/r.git\ngit clone https://ana:***@bitbucket.org/ws/r.git\ngit clone https://ana:$TOKEN@bitbucket.org/ws/r.git",
  submodules:
    "Submodule 'lib' (https://bitbucket.org/ws/lib.git) registered for path 'lib'\nSubmodule path 'lib': checked out '1a2b3c4d'",
  "a merge conflict":
    "CONFLICT (content): Merge conflict in README.md\nAutomatic merge failed; fix conflicts and then commit the result.",
  "a stack trace": "java.lang.NullPointerException\n\tat com.example.Main.main(Main.java:42)",
  "a test log":
    "FAIL src/token.test.ts\n  ✕ error: 401 when the token is missing (3 ms)\n  HTTP/1.1 401 Unauthorized",
  "a verbose curl that went well":
    '> GET /ws/r.git/info/refs?service=git-upload-pack HTTP/1.1\n> Host: bitbucket.org\n< HTTP/1.1 401 Unauthorized\n< www-authenticate: Basic realm="Bitbucket.org HTTP"\n< HTTP/1.1 200 OK',
  "another program's timeout": `From https://bitbucket.org/ws/r
 * branch            main       -> FETCH_HEAD
npm error network Connection timed out
npm error certificate has expired`,
  "another program's login":
    "Fetching origin https://bitbucket.org/ws/r\nUpdating\nInvalid username or password for user postgres",
  "another download": `Cloning into 'r'...
From https://bitbucket.org/ws/r
   1a2b3c4..5d6e7f8  main       -> origin/main
curl: (22) The requested URL returned error: 410`,
  "another server's app password, line ends lost": `${NOTICE} fatal: unable to access 'https://git.example.com/a/b.git/': The requested URL returned error: 410`,
  JSON: '{"type":"error","error":{"message":"Forbidden"}}',
  "a lone status": "HTTP/1.1 429 Too Many Requests",
};

describe("not a refusal by Bitbucket", () => {
  for (const [name, text] of Object.entries(NOTHING))
    test(name, () => {
      const { said, ours } = readTranscript(text);
      expect({ said, ours }).toEqual({ said: [], ours: false });
    });
});

test("binary", () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 251);
  bytes.set(new TextEncoder().encode(`\n${NOTICE}\n`), 9000);
  expect(readTranscript(bytes)).toEqual({ said: [], host: "unknown", ours: false });
});

test("the host is told even where nothing is said", () => {
  expect(readTranscript("To https://bitbucket.org/ws/r.git\n   1..2  main -> main").host).toBe(
    "bitbucket.org",
  );
  expect(readTranscript("fatal: Authentication failed for 'https://github.com/a/b.git/'").host).toBe("other");
  expect(readTranscript("Everything up-to-date").host).toBe("unknown");
});
