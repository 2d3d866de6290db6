/** What programs write down while they run. */
import type { Format } from "../format.ts";

export const log: Format = {
  id: "log",
  title: "Logs",
  claims: (path) =>
    /\.(?:log|trace)(?:[.-](?:\d[\w.-]{0,40}|old|bak|gz|xz|zst))*$|\/var\/log\/|\/(?:npm-debug|yarn-error)\.log$|\/(?:nohup\.out|syslog|messages)$/i.test(
      path,
    ),
  // A log holds commands, URLs and headers as any text does.
  find: () => [],
  advice: () =>
    "revoke it, and delete the log with its copies; what wrote it gets the secret from a helper or a file, so that it stands in no command and no URL",
  examples: () => [
    {
      title: "a command of a build, and what Git answered",
      path: "/srv/build/jobs/widgets/build.log",
      text: ({ app }) =>
        `+ git clone https://ana:${app}@bitbucket.org/acme/widgets.git\nfatal: Authentication failed for 'https://ana:${app}@bitbucket.org/acme/widgets.git/'\n`,
      finds: [
        { line: 1, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" },
        { line: 2, kind: "app-password", certainty: "literal-verified", user: "ana" },
      ],
    },
    {
      title: "headers that curl or Git told in full",
      path: "/var/log/deploy/trace.1",
      text: ({ access, legacy }) =>
        `=> Send header: Host: bitbucket.org\n=> Send header: Authorization: Basic ${Buffer.from(`ana:${legacy}`).toString("base64")}\n> authorization: Bearer ${access}\n`,
      finds: [
        { line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" },
        { line: 3, kind: "access-token", certainty: "literal-verified" },
      ],
    },
    {
      title: "a line of cron in the system's log, some time ago",
      path: "/var/log/syslog.2",
      text: ({ api }) =>
        `Jun 12 03:00:01 web CRON[812]: (ana) CMD (curl -su ana@acme.test:${api} https://api.bitbucket.org/2.0/user)\n`,
      finds: [
        { line: 1, kind: "api-token", certainty: "literal-verified", user: "ana@acme.test", trouble: null },
      ],
    },
    {
      title: "what was masked",
      path: "/srv/build/jobs/widgets/build.log",
      text: () =>
        "+ git clone https://ana:****@bitbucket.org/acme/widgets.git\n=> Send header: Authorization: Basic <redacted>\nfatal: Authentication failed for 'https://bitbucket.org/acme/widgets.git/'\n",
      finds: [],
    },
  ],
};
