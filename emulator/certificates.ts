/**
 * A certificate authority of its own and the certificates it signs, in just enough DER: EC P-256, ECDSA with
 * SHA-256, X.509 v3. Written out here because it must work inside a compiled executable, without `openssl`.
 */
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, both PEM. */
export interface Certificate {
  certificate: string;
  key: string;
}

/** What may sign certificates. */
export interface Authority {
  /** PEM: what a client has to trust. */
  certificate: string;
  /** Signs a server certificate for these names, valid from one day ago for `days` (negative: it has expired). */
  issue(names: readonly string[], days?: number): Certificate;
}

const DAY = 86_400_000;
const TAG = { boolean: 1, integer: 2, bits: 3, bytes: 4, oid: 6, text: 12, time: 23, sequence: 48, set: 49 };
const OID = {
  ecdsaWithSha256: "2a8648ce3d040302",
  commonName: "550403",
  subjectKeyIdentifier: "551d0e",
  keyUsage: "551d0f",
  subjectAltName: "551d11",
  basicConstraints: "551d13",
  authorityKeyIdentifier: "551d23",
  extendedKeyUsage: "551d25",
  serverAuth: "2b06010505070301",
};

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const long: number[] = [];
  for (let rest = body.length; rest > 0; rest >>>= 8) long.unshift(rest & 0xff);
  const length = body.length < 128 ? [body.length] : [0x80 | long.length, ...long];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...parts);
const oid = (hex: string): Buffer => der(TAG.oid, Buffer.from(hex, "hex"));
const bits = (bytes: Uint8Array, unused = 0): Buffer => der(TAG.bits, Buffer.from([unused]), bytes);
const explicit = (number: number, ...parts: readonly Uint8Array[]): Buffer => der(0xa0 | number, ...parts);
const implicit = (number: number, bytes: Uint8Array): Buffer => der(0x80 | number, bytes);
const ALGORITHM = sequence(oid(OID.ecdsaWithSha256));

function name(commonName: string): Buffer {
  return sequence(der(TAG.set, sequence(oid(OID.commonName), der(TAG.text, Buffer.from(commonName)))));
}

function time(at: Date): Buffer {
  const digits = at.toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(TAG.time, Buffer.from(`${digits}Z`));
}

function extension(id: string, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? [der(TAG.boolean, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, der(TAG.bytes, value));
}

function pem(bytes: Uint8Array): string {
  const lines = Buffer.from(bytes).toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const publicKeyOf = (key: KeyObject): Buffer => key.export({ type: "spki", format: "der" });
const identifierOf = (key: KeyObject): Buffer => createHash("sha1").update(publicKeyOf(key)).digest();

interface Draft {
  issuer: string;
  subject: string;
  from: Date;
  until: Date;
  publicKey: KeyObject;
  extensions: readonly Buffer[];
}

function signed(draft: Draft, signer: KeyObject): string {
  // The first byte keeps the serial number positive and never empty.
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)]);
  const body = sequence(
    explicit(0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, serial),
    ALGORITHM,
    name(draft.issuer),
    sequence(time(draft.from), time(draft.until)),
    name(draft.subject),
    publicKeyOf(draft.publicKey),
    explicit(3, sequence(...draft.extensions)),
  );
  return pem(sequence(body, ALGORITHM, bits(sign("sha256", body, signer))));
}

/** Makes an authority that lives as long as the program. Takes about a millisecond. */
export function makeAuthority(commonName: string): Authority {
  const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const identifier = identifierOf(own.publicKey);
  const yesterday = new Date(Date.now() - DAY);
  const certificate = signed(
    {
      issuer: commonName,
      subject: commonName,
      from: yesterday,
      until: new Date(Date.now() + 30 * DAY),
      publicKey: own.publicKey,
      extensions: [
        extension(OID.basicConstraints, true, sequence(der(TAG.boolean, Buffer.from([0xff])))),
        // keyCertSign and cRLSign
        extension(OID.keyUsage, true, bits(Buffer.from([0x06]), 1)),
        extension(OID.subjectKeyIdentifier, false, der(TAG.bytes, identifier)),
      ],
    },
    own.privateKey,
  );

  function issue(names: readonly string[], days = 30): Certificate {
    const leaf = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const until = new Date(Date.now() + days * DAY);
    const draft: Draft = {
      issuer: commonName,
      subject: names[0] ?? commonName,
      from: days > 0 ? yesterday : new Date(until.getTime() - 30 * DAY),
      until,
      publicKey: leaf.publicKey,
      extensions: [
        extension(OID.basicConstraints, true, sequence()),
        // digitalSignature
        extension(OID.keyUsage, true, bits(Buffer.from([0x80]), 7)),
        extension(OID.extendedKeyUsage, false, sequence(oid(OID.serverAuth))),
        extension(
          OID.subjectAltName,
          false,
          sequence(...names.map((each) => implicit(2, Buffer.from(each)))),
        ),
        extension(OID.subjectKeyIdentifier, false, der(TAG.bytes, identifierOf(leaf.publicKey))),
        extension(OID.authorityKeyIdentifier, false, sequence(implicit(0, identifier))),
      ],
    };
    return {
      certificate: signed(draft, own.privateKey),
      key: leaf.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    };
  }

  return { certificate, issue };
}
