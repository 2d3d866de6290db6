/**
 * Sourcetree's files as it writes them: the list of accounts in .NET's and in Apple's form, folders named after
 * versions, a git with a system configuration of its own. Their layout was read off files that people have published.
 */
import { join } from "node:path";
import type { Sandbox } from "../sandbox.ts";

type Value = null | boolean | number | string | Uid | readonly Value[] | { readonly [key: string]: Value };

/** A reference into an archive's table. */
export class Uid {
  constructor(readonly index: number) {}
}

function marker(kind: number, length: number): Buffer {
  return length < 15 ? Buffer.from([kind | length]) : Buffer.from([kind | 15, 0x10, length]);
}

/** One object of the binary form, and those it refers to, each into the table. Enough for fewer than 256 of them. */
function put(value: Value, table: Buffer[]): number {
  const index = table.push(Buffer.alloc(0)) - 1;
  const refs = (values: readonly Value[]) => Buffer.from(values.map((one) => put(one, table)));
  const encode = (): Buffer => {
    if (value === null) return Buffer.from([0x00]);
    if (typeof value === "boolean") return Buffer.from([value ? 0x09 : 0x08]);
    if (typeof value === "number") return Buffer.from([0x11, value >> 8, value & 255]);
    if (value instanceof Uid) return Buffer.from([0x80, value.index]);
    if (typeof value === "string") {
      if (/^[\x20-\x7e]*$/.test(value))
        return Buffer.concat([marker(0x50, value.length), Buffer.from(value, "latin1")]);
      return Buffer.concat([marker(0x60, value.length), Buffer.from(value, "utf16le").swap16()]);
    }
    if (Array.isArray(value)) return Buffer.concat([marker(0xa0, value.length), refs(value)]);
    const entries = Object.entries(value as { [key: string]: Value });
    const keys = refs(entries.map(([key]) => key));
    return Buffer.concat([marker(0xd0, entries.length), keys, refs(entries.map(([, one]) => one))]);
  };
  table[index] = encode();
  return index;
}

/** Apple's binary form of a property list. */
export function binaryPlist(value: Value): Buffer {
  const table: Buffer[] = [];
  put(value, table);
  let at = 8;
  const offsets = Buffer.concat(
    table.map((bytes) => {
      const offset = Buffer.from([at >> 8, at & 255]);
      at += bytes.length;
      return offset;
    }),
  );
  const trailer = Buffer.alloc(32);
  trailer.writeUInt8(2, 6);
  trailer.writeUInt8(1, 7);
  trailer.writeBigUInt64BE(BigInt(table.length), 8);
  trailer.writeBigUInt64BE(0n, 16);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([Buffer.from("bplist00"), ...table, offsets, trailer]);
}

/** The same as XML, as `plutil -convert xml1` writes it. */
export function xmlPlist(value: Value): string {
  const asText = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const element = (one: Value): string => {
    if (one === null) return "<string>$null</string>";
    if (typeof one === "boolean") return one ? "<true/>" : "<false/>";
    if (typeof one === "number") return `<integer>${one}</integer>`;
    if (one instanceof Uid) return `<dict><key>CF$UID</key><integer>${one.index}</integer></dict>`;
    if (typeof one === "string") return `<string>${asText(one)}</string>`;
    if (Array.isArray(one)) return `<array>\n${one.map(element).join("\n")}\n</array>`;
    const entries = Object.entries(one as { [key: string]: Value });
    return `<dict>\n${entries.map(([key, of]) => `<key>${asText(key)}</key>\n${element(of)}`).join("\n")}\n</dict>`;
  };
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${element(value)}
</plist>
`;
}

function archive(objects: readonly Value[]): Value {
  return {
    $version: 100000,
    $objects: ["$null", ...objects],
    $archiver: "NSKeyedArchiver",
    $top: { root: new Uid(1) },
  };
}

const classOf = (name: string): Value => ({ $classes: [name, "NSObject"], $classname: name });
const LIST = { $classes: ["NSMutableArray", "NSArray", "NSObject"], $classname: "NSMutableArray" };

/** `hostingservices.plist`: one account, of a service Sourcetree knows or at a URL. */
export function hostingServices(username: string, baseURL: string | null): Value {
  return archive([
    { $class: new Uid(7), "NS.objects": [new Uid(2)] },
    {
      $class: new Uid(6),
      authenticate: new Uid(5),
      baseURL: new Uid(baseURL === null ? 0 : 8),
      hostType: new Uid(3),
      isDefault: new Uid(5),
      projects: new Uid(0),
      protocol: new Uid(3),
      username: new Uid(4),
    },
    0,
    username,
    1,
    classOf("STHostingAccount"),
    LIST,
    baseURL ?? "",
  ]);
}

/** `hostingservices_new.plist`: the credential and the host are objects of their own. */
export function hostingServicesNew(username: string, credentialClass: string): Value {
  return archive([
    { $class: new Uid(9), "NS.objects": [new Uid(2)] },
    { $class: new Uid(10), protocol: new Uid(3), credential: new Uid(4), host: new Uid(6) },
    0,
    { $class: new Uid(5), username: new Uid(11) },
    classOf(credentialClass),
    { $class: new Uid(7), baseURL: new Uid(8) },
    classOf("STBitbucketHost"),
    { "NS.base": new Uid(0), "NS.relative": new Uid(12) },
    LIST,
    classOf("STHostingAccount"),
    username,
    "https://bitbucket.org",
  ]);
}

const AUTHENTICATION = {
  password: "SourceTree.Model.BasicAuthCredentials, SourceTree.Api.Account",
  oauth: "SourceTree.Api.Account.OAuth.TwoZero.OAuthTwoZeroCredentials, SourceTree.Api.Account.OAuth.TwoZero",
  "api-token": "Sourcetree.Api.Account.Pat.PersonalAccessTokenCredentials, Sourcetree.Api.Account.Pat",
} as const;

export type WindowsAccount = readonly [user: string, auth: keyof typeof AUTHENTICATION, baseUrl?: string];

/** `accounts.json`: with a byte order mark, an `$id` for every object, and no secret. */
export function accountsJson(accounts: readonly WindowsAccount[]): string {
  let last = 0;
  const id = () => String(++last);
  const list = accounts.map(([user, auth, baseUrl = "https://bitbucket.org/"]) => ({
    $id: id(),
    $type: "SourceTree.Model.ScmAccount, SourceTree.Api.Host.Scm",
    IsDefault: false,
    Authenticate: true,
    HostInstance: {
      $id: id(),
      $type: "SourceTree.Host.Bitbucket.BitbucketInstance, SourceTree.Host.Bitbucket",
      Host: {
        $id: id(),
        $type: "SourceTree.Host.Bitbucket.BitbucketHost, SourceTree.Host.Bitbucket",
        Id: "bitbucket",
      },
      BaseUrl: baseUrl,
      Protocol: "HTTPS",
    },
    Credentials: { $id: id(), $type: AUTHENTICATION[auth], Username: user, Email: null },
  }));
  return `\uFEFF${JSON.stringify(list, null, 2)}`;
}

export type Platform = "win32" | "darwin";

export const DATA: Readonly<Record<Platform, string>> = {
  win32: "AppData/Local/Atlassian/SourceTree",
  darwin: "Library/Application Support/SourceTree",
};

const RESOURCES = "Applications/Sourcetree.app/Contents/Resources";

const GIT: Readonly<Record<Platform, string>> = {
  win32: `${DATA.win32}/git_local/cmd/git.exe`,
  darwin: `${RESOURCES}/git_local/bin/git`,
};

/** Installs a version, as its installer leaves it. */
export function install(box: Sandbox, platform: Platform, version: string): void {
  if (platform === "win32") box.write(`AppData/Local/SourceTree/app-${version}/SourceTree.exe`, "MZ");
  else
    box.write(
      "Applications/Sourcetree.app/Contents/Info.plist",
      xmlPlist({
        CFBundleName: "Sourcetree & more",
        CFBundleShortVersionString: version,
        LSUIElement: false,
      }),
    );
}

/** A git of its own: the real one behind a system configuration that nobody else has. */
export function bundleGit(box: Sandbox, platform: Platform, systemConfig: string): void {
  // By its path: on macOS the folder it stands in comes first on PATH.
  const real = Bun.which("git", { PATH: process.env.PATH ?? "" });
  const system = box.write(join(DATA[platform], "git_local.gitconfig"), systemConfig);
  box.write(
    GIT[platform],
    `#!/bin/sh\nunset GIT_CONFIG_NOSYSTEM\nGIT_CONFIG_SYSTEM='${system}' exec '${real}' "$@"\n`,
    0o755,
  );
}

/** A helper beside the app, as `git-credential-sourcetree` is: asks nobody, answers from a file, notes how it was called. */
export function bundleHelper(box: Sandbox, name: string, body: string): string {
  return box.write(`${RESOURCES}/bin/git-credential-${name}`, `#!/bin/sh\n${body}\n`, 0o755);
}
