/** Units of systemd and their drop-ins. */

import { kindByPrefix } from "../../core/token.ts";
import type { Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import type { Sighting } from "../sighting.ts";

const ADVICE =
  "take it out of the unit, which everybody may read with `systemctl show`: give it to the service with `LoadCredential=`, or with `EnvironmentFile=` from a file of mode 0600";

/** `SetCredential=name:secret`, whose name says nothing to anybody else. */
const CREDENTIAL = /^[ \t]*SetCredential=([\w.-]{1,100}):(\S{1,800})[ \t\r]*$/dgm;

function find(text: string): Sighting[] {
  return [...text.matchAll(CREDENTIAL)].flatMap((match) => {
    const [, name = "", secret = ""] = match;
    const [start, end] = match.indices?.[2] ?? [0, 0];
    if (kindByPrefix(secret) === null && !/bitbucket/i.test(name)) return [];
    const place = `\`SetCredential=${name}\``;
    return pairSeen({ user: null, secret, use: "unknown", start, end, place, advice: ADVICE });
  });
}

export const systemd: Format = {
  id: "systemd",
  title: "Units of systemd",
  claims: (path) =>
    /\.(?:service|timer|socket|mount|container|pod)(?:\.d\/[^/]+\.conf)?$/.test(path) ||
    /\/systemd\/[^/]+\.conf(?:\.d\/[^/]+)?$/.test(path),
  find,
  advice: () => ADVICE,
  examples: () => [
    {
      title: "a variable of a service",
      path: "/etc/systemd/system/mirror.service",
      text: ({ app }) =>
        `[Service]\nEnvironment="BITBUCKET_USERNAME=ana" "BITBUCKET_APP_PASSWORD=${app}"\nExecStart=/srv/mirror/run\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana" }],
    },
    {
      title: "the same in a drop-in, and a credential in the unit itself",
      path: "/etc/systemd/system/mirror.service.d/override.conf",
      text: ({ legacy, api }) =>
        `[Service]\nEnvironment=BB_PASSWORD=${legacy}\nSetCredential=bitbucket-token:${api}\n`,
      finds: [
        { line: 2, kind: "legacy-app-password", certainty: "literal-shaped" },
        { line: 3, kind: "api-token", certainty: "literal-verified" },
      ],
    },
    {
      title: "a command with a variable",
      path: "/etc/systemd/system/mirror.service",
      text: () =>
        `[Service]\nEnvironmentFile=/etc/mirror.env\nExecStart=/usr/bin/git fetch https://x-token-auth:\${TOKEN}@bitbucket.org/acme/widgets.git\n`,
      finds: [{ line: 3, kind: "access-token", certainty: "variable-named", name: "TOKEN" }],
    },
    {
      title: "a credential that systemd loads",
      path: "/etc/systemd/system/mirror.service",
      text: () =>
        "[Service]\nLoadCredential=bitbucket:/etc/mirror/token\nExecStart=/srv/mirror/run git@bitbucket.org:acme/widgets.git\n",
      finds: [],
    },
  ],
};
