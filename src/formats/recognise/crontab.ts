/** Crontabs and what cron starts from folders of its own. */
import { baseName, type Format } from "../format.ts";

export const crontab: Format = {
  id: "crontab",
  title: "Crontabs: /etc/crontab, /etc/cron.d, /var/spool/cron",
  claims: (path) =>
    /\/etc\/cron\.[a-z]+\/|\/spool\/cron\/|\/lib\/cron\/tabs\//.test(path) ||
    /^\.?crontab(?:\..+)?$|\.cron(?:tab)?$/.test(baseName(path)),
  // A line of a crontab is a line of a shell, or a variable: all of it is found in any text.
  find: () => [],
  advice: () =>
    "let the job read it from a file of mode 0600 (`curl --netrc-file`, a credential helper for Git): cron writes every line it runs to the system's log",
  examples: () => [
    {
      title: "a backup at night, with variables above it",
      path: "/var/spool/cron/crontabs/ana",
      text: ({ legacy }) =>
        `bbuser=ana\nbbpass=${legacy}\n0 3 * * * curl -su "$bbuser:$bbpass" https://api.bitbucket.org/2.0/repositories/acme > /srv/backup/list.json\n`,
      finds: [
        { line: 2, kind: "legacy-app-password", certainty: "literal-shaped" },
        { line: 3, kind: "app-password", certainty: "legacy-by-shape", name: "bbpass", use: "rest" },
      ],
    },
    {
      title: "a pull with the URL given to it",
      path: "/etc/cron.d/deploy",
      text: ({ app }) =>
        `*/5 * * * * www-data cd /srv/site && git pull -q https://ana:${app}@bitbucket.org/acme/site.git main\n`,
      finds: [{ line: 1, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "a token in an `Authorization` header",
      path: "/etc/crontab",
      text: ({ access }) =>
        `@daily root curl -H 'Authorization: Bearer ${access}' https://api.bitbucket.org/2.0/repositories/acme/site\n`,
      finds: [{ line: 1, kind: "access-token", certainty: "literal-verified" }],
    },
    {
      title: "a pull over SSH",
      path: "/etc/cron.d/deploy",
      text: () => "*/5 * * * * www-data cd /srv/site && git pull -q git@bitbucket.org:acme/site.git main\n",
      finds: [],
    },
  ],
};
