import { describe, expect, test } from "bun:test";
import { type BitbucketSaying, readBody } from "../../src/core/bitbucket-says.ts";

const json = (message: string): string => JSON.stringify({ type: "error", error: { message } });

const BODIES: readonly (readonly [sentence: string, kind: BitbucketSaying["kind"]])[] = [
  ["CHANGE-2770 - Functionality has been deprecated", "endpoint-removed"],
  ["CHANGE-3222 - Functionality has been deprecated", "app-password"],
  ["App passwords are deprecated and must be replaced with API tokens.", "app-password"],
  [
    "Bitbucket Cloud recently stopped supporting account passwords for Git authentication.",
    "account-password",
  ],
  ["Login failed due to incorrect login credentials or method.", "login-failed"],
  ["Invalid username or password", "login-failed"],
  [
    "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.",
    "no-access-or-bad-credential",
  ],
  ["Your credentials lack one or more required privilege scopes.", "scope-missing"],
  ["To access this repository, an admin must whitelist your IP.", "ip-not-allowed"],
  ["To access this repository, enable two-step authentication.", "two-step-required"],
  [
    "The requested repository either does not exist or you do not have access. If you believe this repository exists and you have access, make sure you're authenticated.",
    "no-permission",
  ],
  ["Permission denied to update branch main.", "branch-restricted"],
  ["Rate limit for this resource has been exceeded", "rate-limited"],
  ["Token is invalid, expired, or not supported for this endpoint.", "token-invalid-bearer"],
  ["Access token expired. Use your refresh token to obtain a new access token.", "oauth-expired"],
  ["Repository ws/repo not found", "repository-missing"],
  ["No workspace with identifier 'x'.", "repository-missing"],
];

describe("the same sentence in every form of body", () => {
  for (const [sentence, kind] of BODIES)
    test(sentence, () => {
      const forms = [
        sentence,
        `${sentence}\r\n`,
        json(sentence),
        JSON.stringify(json(sentence)),
        JSON.stringify({ error: { message: sentence } }, null, 2),
        json(sentence).replaceAll("'", "\\u0027"),
        `remote: ${sentence}\nremote: \n`,
        `remote: first\nremote: ${sentence}\nfatal: Authentication failed`,
      ];
      for (const form of forms) expect(readBody(form)?.kind).toBe(kind);
    });
});

test("both changes in one body: the removed endpoint", () => {
  expect(readBody(json("CHANGE-2770, see also CHANGE-3222"))?.kind).toBe("endpoint-removed");
});

test("scopes", () => {
  const detail = { required: ["read:user:bitbucket"], granted: ["read:repository:bitbucket"] };
  const message = "Your credentials lack one or more required privilege scopes.";
  const body = JSON.stringify({ type: "error", error: { message, detail } });
  expect(readBody(body)).toEqual({ kind: "scope-missing", ...detail });
  expect(readBody(JSON.stringify(body))).toEqual({ kind: "scope-missing", ...detail });
  expect(readBody(message)).toEqual({ kind: "scope-missing", required: null, granted: null });
});

test("branch", () => {
  expect(readBody("remote: Permission denied to update branch release/1.x.\n")).toEqual({
    kind: "branch-restricted",
    branch: "release/1.x",
  });
});

test("a base URL without /2.0", () => {
  expect(readBody('{"type": "error", "error": {"message": "Forbidden"}}')).toEqual({
    kind: "rest-base-missing",
  });
  expect(readBody("Forbidden")).toBeNull();
});

test("other words", () => {
  for (const text of [
    "",
    "{}",
    "null",
    "<html><title>Bad gateway</title></html>",
    "Not found",
    "{",
    "remote: ",
  ])
    expect(readBody(text)).toBeNull();
});
