/** Every kind of credential in every surrounding that people have it in: the texts that a scan must see through. */
import {
  mintAccessToken,
  mintApiToken,
  mintAppPassword,
  mintLegacyAppPassword,
} from "../../emulator/tokens.ts";
import { ACCESS_TOKEN_USER, API_TOKEN_USER, type SecretKind } from "../../src/core/bitbucket.ts";
import { BUILD_CONTEXTS } from "./detection-build.ts";
import { FILE_CONTEXTS } from "./detection-files.ts";

/** A secret with the users it signs in with. */
export interface SignsIn {
  kind: SecretKind;
  secret: string;
  /** To Git. */
  user: string;
  /** To REST. */
  login: string;
}

/** One surrounding, such as people have it. */
export interface Context {
  title: string;
  path: string;
  /** On which line the secret stands, from 1. */
  line: number;
  text: (one: SignsIn) => string | Uint8Array;
}

/** A text with one secret in it. */
export interface Planted extends Pick<Context, "title" | "path" | "line"> {
  kind: SecretKind;
  secret: string;
  bytes: Uint8Array;
}

/** One of letters in both cases, as nearly all are: of small ones alone it could be a hash. */
function mintMixed(): string {
  for (;;) {
    const minted = mintLegacyAppPassword();
    if (/[A-Z]/.test(minted)) return minted;
  }
}

const KINDS: readonly (() => SignsIn)[] = [
  () => ({ kind: "app-password", secret: mintAppPassword(), user: "ana", login: "ana" }),
  () => ({ kind: "legacy-app-password", secret: mintMixed(), user: "ana", login: "ana" }),
  () => ({ kind: "api-token", secret: mintApiToken(), user: API_TOKEN_USER, login: "ana@acme.com" }),
  () => ({
    kind: "access-token",
    secret: mintAccessToken(),
    user: ACCESS_TOKEN_USER,
    login: ACCESS_TOKEN_USER,
  }),
];

/** The whole set, with secrets of its own each time. */
export function plantAll(): Planted[] {
  return [...FILE_CONTEXTS, ...BUILD_CONTEXTS].flatMap((context) =>
    KINDS.map((mint) => {
      const one = mint();
      const text = context.text(one);
      const { title, path, line } = context;
      const bytes = typeof text === "string" ? Buffer.from(text) : text;
      return { title, path, line, kind: one.kind, secret: one.secret, bytes };
    }),
  );
}
