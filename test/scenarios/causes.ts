/** Why Bitbucket refuses, one row each: what is sent, and the finding that must come first. */
import type { CheckId } from "../../src/core/ids.ts";
import type { EmulatedSandbox } from "../sandbox.ts";
import { API_USER, type Sent } from "./scene.ts";

interface Cause {
  user: string;
  /** The credential of the emulator that is sent. */
  label: string;
  finding: CheckId;
  /** What a careless copy made of it. */
  damage?: (secret: string) => string;
}

const EMAIL = "ana@acme.example";
const ACCESS_USER = "x-token-auth";

export const CAUSES = {
  "app password": { user: "ana", label: "app-password", finding: "app-password-sent" },
  "old app password": { user: "ana", label: "legacy-app-password", finding: "app-password-sent" },
  "account password": { user: "ana", label: "account-password", finding: "account-password-sent" },
  "e-mail as user": { user: EMAIL, label: "api-token-expiring", finding: "email-as-git-username" },
  "x-token-auth with an API token": {
    user: ACCESS_USER,
    label: "api-token-expiring",
    finding: "wrong-username-for-token",
  },
  "API token's user with an access token": {
    user: API_USER,
    label: "repository-token",
    finding: "wrong-username-for-token",
  },
  "token cut off": {
    user: API_USER,
    label: "api-token-keys",
    finding: "token-malformed",
    damage: (secret) => secret.slice(0, 150),
  },
  "token with blanks": {
    user: API_USER,
    label: "api-token-keys",
    finding: "token-malformed",
    damage: (secret) => ` ${secret} `,
  },
  "token in quotes": {
    user: API_USER,
    label: "api-token-keys",
    finding: "token-malformed",
    damage: (secret) => `"${secret}"`,
  },
  "token with %3D": {
    user: API_USER,
    label: "api-token-keys",
    finding: "token-malformed",
    damage: (secret) => secret.replace("=", "%3D"),
  },
  "token expired": { user: API_USER, label: "api-token-expired", finding: "token-refused" },
  "token expired, own user name": { user: "ana", label: "api-token-expired", finding: "token-refused" },
  "token revoked": { user: API_USER, label: "api-token-revoked", finding: "token-refused" },
  "token unscoped": { user: API_USER, label: "api-token-unscoped", finding: "token-unscoped" },
  "token for Jira": { user: API_USER, label: "api-token-jira", finding: "token-refused" },
  "token without write": { user: API_USER, label: "api-token-read", finding: "write-scope-missing" },
  "token without read": { user: API_USER, label: "api-token-user-only", finding: "read-scope-missing" },
  "token of another workspace": {
    user: API_USER,
    label: "api-token-other-workspace",
    finding: "token-refused",
  },
  "eve's token": { user: API_USER, label: "api-token-eve", finding: "token-refused" },
  "access token of another repository": {
    user: ACCESS_USER,
    label: "repository-token-docs",
    finding: "token-for-other-repository",
  },
  "access token expired": {
    user: ACCESS_USER,
    label: "repository-token-expired",
    finding: "token-expired",
  },
} as const satisfies Record<string, Cause>;

export type CauseName = keyof typeof CAUSES;

/** The pair that is sent. A damaged copy gets a label of its own, so that the log tells it from an empty password. */
export function sentBy(name: CauseName): (box: EmulatedSandbox) => Sent {
  const { user, label, damage }: Cause = CAUSES[name];
  return ({ emulator }) => {
    if (damage === undefined) return { user, label, secret: emulator.secret(label) };
    const secret = damage(emulator.secret(label));
    emulator.world.credentials.push({
      ...emulator.credential(label),
      label: "damaged",
      secret,
      revoked: true,
    });
    return { user, label: "damaged", secret };
  };
}
