/** The Swift Package Manager and Xcode's projects: packages by URL. */
import { baseName, type Format } from "../format.ts";
import { dependencyUrls, sshUrl } from "./dependency-urls.ts";

const RECORDS = /^(?:Package\.resolved|workspace-state\.json)$/;
const MANIFESTS = /^(?:Package(?:@swift-[\d.]+)?\.swift|project\.pbxproj)$/;

export const swiftpm: Format = {
  id: "swiftpm",
  title: "Swift: Package.swift, Package.resolved, Xcode's projects",
  claims: (path) => RECORDS.test(baseName(path)) || MANIFESTS.test(baseName(path)),
  find: (text, path) =>
    RECORDS.test(baseName(path))
      ? dependencyUrls(
          text,
          "the URL of a resolved package",
          () => "take it out where the package is named, and resolve anew with `swift package resolve`",
        )
      : dependencyUrls(
          text,
          "the URL of a package",
          (url) =>
            `write \`${sshUrl(url)}\`, or the URL without user and password so that Git's credential helper answers`,
        ),
  examples: () => [
    {
      title: "a package whose URL has a user and an app password",
      path: "/srv/app/Package.swift",
      text: ({ app }) =>
        `let package = Package(\n  name: "App",\n  dependencies: [\n    .package(url: "https://ana:${app}@bitbucket.org/acme/widgets.git", from: "2.1.0"),\n  ]\n)\n`,
      finds: [{ line: 4, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "the same in what was resolved, with slashes as JSON escapes them",
      path: "/srv/app/Package.resolved",
      text: ({ api }) =>
        `{\n  "pins" : [\n    {\n      "identity" : "widgets",\n      "location" : "https:\\/\\/x-bitbucket-api-token-auth:${api}@bitbucket.org\\/acme\\/widgets.git"\n    }\n  ]\n}\n`,
      finds: [{ line: 5, kind: "api-token", certainty: "literal-verified", trouble: null }],
    },
    {
      title: "a variable that the manifest puts into the URL",
      path: "/srv/app/Package@swift-6.0.swift",
      text: () =>
        `.package(url: "https://x-token-auth:\${BITBUCKET_TOKEN}@bitbucket.org/acme/widgets.git", from: "2.1.0"),\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "variable-named", name: "BITBUCKET_TOKEN" }],
    },
    {
      title: "SSH, and HTTPS without user and password",
      path: "/srv/app/Package.swift",
      text: () =>
        '.package(url: "git@bitbucket.org:acme/widgets.git", from: "2.1.0"),\n.package(url: "https://bitbucket.org/acme/gears.git", from: "1.0.0"),\n',
      finds: [],
    },
  ],
};
