/** What a telling name says of the value it has. */
import { expect, test } from "bun:test";

import { mintApiToken, mintAppPassword, mintLegacyAppPassword, mintPassword } from "../../emulator/tokens.ts";

import { API_TOKEN_USER } from "../../src/core/bitbucket.ts";
import { assignmentsIn, isSecretName } from "../../src/formats/shapes/assignments.ts";

test("Bundler's variable is for Git, others that join user and secret are for REST", () => {
  const pair = `${API_TOKEN_USER}:${mintApiToken()}`;
  const told = (name: string) =>
    assignmentsIn(`${name}=${pair}\n`).map(({ user, use, trouble }) => ({ user, use, trouble }));
  expect(told("BUNDLE_BITBUCKET__ORG")).toEqual([{ user: API_TOKEN_USER, use: "git", trouble: null }]);
  expect(told("BB_AUTH_STRING")).toEqual([{ user: API_TOKEN_USER, use: "rest", trouble: "wrong-user" }]);
});

test("a name is a secret's as a whole and not by a part of it", () => {
  for (const name of ["BITBUCKET_TOKEN", "CI_BITBUCKET_APP_PASSWORD", "bbpass"])
    expect(isSecretName(name)).toBe(true);
  for (const name of ["BITBUCKET_TOKEN_FILE", "BITBUCKET_USER", "BITBUCKET_STEP_OIDC_TOKEN", "TOKEN"])
    expect(isSecretName(name)).toBe(false);
});

const secrets = (text: string) => assignmentsIn(text).flatMap(({ secret }) => secret ?? []);

test("a blank sets a value only where that can be a secret", () => {
  const legacy = mintLegacyAppPassword();
  expect(secrets(`ENV BITBUCKET_PASSWORD ${legacy}\n`)).toEqual([legacy]);
  expect(secrets("Set the BITBUCKET_TOKEN environment variable\n")).toEqual([]);
  expect(secrets(`<env name="BITBUCKET_PASSWORD" value="${legacy}" />\n`)).toEqual([]);
  expect(secrets("BITBUCKET_PASSWORD=c0rrect-horse\n")).toEqual(["c0rrect-horse"]);
});

test("after a blank only a command's value or a token is a value, and no next word of a sentence", () => {
  const secret = mintAppPassword();
  const chosen = mintPassword();
  const secretsIn = (text: string) => assignmentsIn(text).map((one) => one.secret);
  for (const text of ["BITBUCKET_TOKEN variable", "--build-arg BITBUCKET_TOKEN --build-arg VERSION=3"])
    expect(secretsIn(`Give it as ${text}\n`)).toEqual([]);
  for (const command of ["ENV", "setenv", "set -gx"])
    expect(secretsIn(`${command} BITBUCKET_PASSWORD ${chosen}\n`)).toEqual([chosen]);
  expect(secretsIn(`git config --global git-town.bitbucket-app-password ${chosen}\n`)).toEqual([chosen]);
  expect(secretsIn(`BITBUCKET_TOKEN ${secret}\n`)).toEqual([secret]);
});
