/** Makes secrets of every kind, with Atlassian's lengths and checksums. Never written down: minted at run time. */
import { randomBytes, randomInt } from "node:crypto";
import { PREFIX } from "../src/core/bitbucket.ts";
import { checksumOf } from "../src/core/token.ts";

const ALPHANUMERIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

function alphanumeric(length: number): string {
  return Array.from({ length }, () => ALPHANUMERIC[randomInt(ALPHANUMERIC.length)]).join("");
}

function base64url(length: number): string {
  return randomBytes(length).toString("base64url").slice(0, length);
}

function withChecksum(text: string): string {
  return text + checksumOf(text);
}

/** 192 characters: head, 171 of base64url, `=`, checksum over all before it. [seen] */
export function mintApiToken(): string {
  return withChecksum(`${PREFIX.apiTokenFull}${base64url(171)}=`);
}

/** 192 characters, made like an API token. [seen] */
export function mintAccessToken(): string {
  return withChecksum(`${PREFIX.accessTokenFull}${base64url(171)}=`);
}

/** 36 characters: `ATBB`, 24 letters and digits, checksum. [seen] */
export function mintAppPassword(): string {
  return withChecksum(PREFIX.appPassword + alphanumeric(24));
}

/** 20 letters and digits, as made before about 2022. [inferred] */
export function mintLegacyAppPassword(): string {
  return `a${alphanumeric(18)}7`;
}

/** An opaque OAuth 2.0 access token; no form is documented. [inferred] */
export function mintOauthToken(): string {
  return `${base64url(82)}=`;
}

/** `BBDC-` and 44 characters: base64 of `number:random`. [doc] */
export function mintDataCenterToken(): string {
  const number = String(randomInt(1e11, 2e11));
  return PREFIX.dataCenter + Buffer.concat([Buffer.from(`${number}:`), randomBytes(20)]).toString("base64");
}

/** What a person might have chosen. */
export function mintPassword(): string {
  return `Correct-${randomBytes(6).toString("hex")}-battery`;
}
