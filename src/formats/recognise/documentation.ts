/** Pages that people read: Markdown, reStructuredText, AsciiDoc, plain text. */
import type { Format } from "../format.ts";

const PAGE =
  /\.(?:md|mdx|markdown|rst|txt|adoc|asciidoc|org|textile)$|\/(?:README|CHANGELOG|INSTALL|NOTES|TODO|HISTORY)$/i;

/** Text that programs read. */
const OTHER = /\/(?:[\w.-]*requirements[\w.-]*|constraints|CMakeLists|ConsoleHost_history)\.txt$/;

export const documentation: Format = {
  id: "documentation",
  title: "Documentation: Markdown, reStructuredText, AsciiDoc, plain text",
  claims: (path) => PAGE.test(path) && !OTHER.test(path),
  // What a page tells is found as in any text.
  find: () => [],
  advice: () =>
    "revoke it: whoever read the page has it; then write `<API token>` there, or the SSH URL, which needs none",
  examples: () => [
    {
      title: "how to clone, with somebody's own password",
      path: "/home/ana/widgets/README.md",
      text: ({ app }) =>
        `# Widgets\n\n\`\`\`sh\ngit clone https://ana:${app}@bitbucket.org/acme/widgets.git\n\`\`\`\n`,
      finds: [{ line: 4, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "a password in a sentence",
      path: "/home/ana/notes.txt",
      text: ({ legacy, api }) =>
        `Bitbucket: user ana, app password: ${legacy}\nNew since September, from Atlassian: ${api}.\n`,
      finds: [
        { line: 1, kind: "legacy-app-password", certainty: "literal-shaped" },
        { line: 2, kind: "api-token", certainty: "literal-verified" },
      ],
    },
    {
      title: "a netrc to copy, and one to fill in",
      path: "/srv/wiki/setup.adoc",
      text: ({ access }) =>
        `----\nmachine bitbucket.org\n  login x-token-auth\n  password ${access}\n----\nor\n----\nmachine bitbucket.org login x-token-auth password <token>\n----\n`,
      finds: [
        { line: 4, kind: "access-token", certainty: "literal-verified", user: "x-token-auth", use: "git" },
      ],
    },
    {
      title: "what explains how it is done",
      path: "/home/ana/widgets/docs/setup.rst",
      text: () =>
        "git clone https://username:password@bitbucket.org/acme/widgets.git\ngit clone https://<user>:<app password>@bitbucket.org/acme/widgets.git\ncurl -u your-email:your-api-token https://api.bitbucket.org/2.0/user\nAn app password begins with ATBB, an API token with ATATT3xFfGF0.\nBITBUCKET_APP_PASSWORD=xxxxxxxxxxxx\n",
      finds: [],
    },
  ],
};
