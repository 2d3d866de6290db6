import { expect, test } from "bun:test";
import { readPlist } from "../../src/formats/plist.ts";
import {
  bundleVersion,
  readAccountsJson,
  readHostingServices,
  userOfPasswordFile,
  usersInPasswordFile,
} from "../../src/formats/sourcetree.ts";
import {
  accountsJson,
  binaryPlist,
  hostingServices,
  hostingServicesNew,
  Uid,
  xmlPlist,
} from "./sourcetree-files.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("accounts.json: who, where and how, by the class of the credential", () => {
  const text = accountsJson([
    ["ana", "password"],
    ["ana@acme.example", "oauth"],
    ["ana@acme.example", "api-token"],
    ["ben", "password", "https://github.com/"],
  ]);
  expect(readAccountsJson(bytes(text))).toEqual([
    { user: "ana", host: "bitbucket.org", auth: "password" },
    { user: "ana@acme.example", host: "bitbucket.org", auth: "oauth" },
    { user: "ana@acme.example", host: "bitbucket.org", auth: "api-token" },
    { user: "ben", host: "github.com", auth: "password" },
  ]);
});

test("accounts.json: an object written once is found by its reference", () => {
  const list = JSON.parse(accountsJson([["ana", "password"]]).slice(1));
  const shared = { ...list[0], $id: "9", HostInstance: { $ref: list[0].HostInstance.$id } };
  expect(readAccountsJson(bytes(JSON.stringify([...list, shared])))).toHaveLength(2);
});

test("accounts.json: what is no list is not understood, and what is no account is passed over", () => {
  expect(readAccountsJson(bytes("{}"))).toBeNull();
  expect(readAccountsJson(bytes("[{"))).toBeNull();
  expect(readAccountsJson(bytes('[null, 1, {"HostInstance": {"BaseUrl": 3}}]'))).toEqual([]);
});

test.each(["binary", "xml"])("hostingservices, old and new, %s", (form) => {
  const write = (value: Parameters<typeof binaryPlist>[0]) =>
    form === "binary" ? binaryPlist(value) : bytes(xmlPlist(value));
  expect(readHostingServices(write(hostingServices("ana", null)))).toEqual([
    { user: "ana", host: "bitbucket.org", auth: "unknown" },
  ]);
  expect(readHostingServices(write(hostingServices("ana", "https://github.com")))).toEqual([
    { user: "ana", host: "github.com", auth: "unknown" },
  ]);
  expect(readHostingServices(write(hostingServicesNew("änä", "STBasicAuthCredential")))).toEqual([
    { user: "änä", host: "bitbucket.org", auth: "password" },
  ]);
  expect(readHostingServices(write(hostingServicesNew("ana", "STOAuth2Credential")))).toEqual([
    { user: "ana", host: "bitbucket.org", auth: "oauth" },
  ]);
  expect(readHostingServices(write({ one: 1 }))).toBeNull();
});

test("property lists: every kind of value, both ways", () => {
  const long = "a text that is longer than fourteen characters";
  const value = {
    text: long,
    "a & <b>": "x & <y>",
    yes: true,
    no: false,
    number: 700,
    list: ["a", new Uid(3)],
  };
  const read = new Map<string, unknown>(Object.entries(value).map(([key, one]) => [key, one]));
  for (const plist of [readPlist(binaryPlist(value)), readPlist(bytes(xmlPlist(value)))]) {
    expect(JSON.stringify([...(plist as Map<string, unknown>)])).toBe(JSON.stringify([...read]));
  }
});

test("property lists: no damage is more than a null", () => {
  const good = binaryPlist(hostingServices("ana", null));
  for (let cut = 0; cut < good.length; cut++) expect(() => readPlist(good.subarray(0, cut))).not.toThrow();
  for (let at = 8; at < good.length; at++) {
    for (const byte of [0, 0xff, 0xaf, 0xdf]) {
      const bad = Buffer.from(good);
      bad[at] = byte;
      expect(() => readHostingServices(bad), `${byte} at ${at}`).not.toThrow();
    }
  }
  for (const text of ["", "<", "<dict><key>a</dict>", "<plist><array></plist></array>", "<dict>", "bplist00"])
    expect(() => readHostingServices(bytes(text))).not.toThrow();
});

test("a list that holds itself ends", () => {
  const table = [0xa1, 0x00];
  const trailer = Buffer.alloc(32);
  trailer.writeUInt8(1, 6);
  trailer.writeUInt8(1, 7);
  trailer.writeBigUInt64BE(1n, 8);
  trailer.writeBigUInt64BE(10n, 24);
  expect(
    readPlist(Buffer.concat([Buffer.from("bplist00"), Buffer.from(table), Buffer.from([8]), trailer])),
  ).toBeNull();
});

test("password files: only that there is an entry, and for whom", () => {
  const passwd = [
    "https://ana@bitbucket.org AQAAANCMnd8BFdERjHoAwE",
    "github.com AQAAANCM",
    "bitbucket.org.evil.example AQAA",
    "evilbitbucket.org AQAA",
    "bitbucket.org AQAAANCMnd8B",
    "",
  ].join("\r\n");
  expect(usersInPasswordFile(bytes(passwd))).toEqual(["ana", null]);
  expect(userOfPasswordFile("ana@STAuth-bitbucket.org")).toBe("ana");
  expect(userOfPasswordFile("ana@acme.example@STAuth-bitbucket.org")).toBe("ana@acme.example");
  expect(userOfPasswordFile("ana@STAuth-github.com")).toBeNull();
  expect(userOfPasswordFile("browser.plist")).toBeNull();
});

test("the version of an app", () => {
  expect(bundleVersion(bytes(xmlPlist({ CFBundleShortVersionString: "4.2.13" })))).toBe("4.2.13");
  expect(bundleVersion(binaryPlist({ CFBundleShortVersionString: "4.2.13" }))).toBe("4.2.13");
  expect(bundleVersion(bytes("no plist"))).toBeNull();
});
