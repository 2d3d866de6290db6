/** What shells and interpreters remember of what was typed. */
import { baseName, type Format } from "../format.ts";

/** How the line is taken out, by the name of the file. */
const HOW: readonly [name: RegExp, advice: string][] = [
  [/^fish_history$/, "`history delete --contains bitbucket.org` in fish, which asks for each"],
  [
    /^ConsoleHost_history\.txt$/,
    "close PowerShell, delete the line in the file, which `(Get-PSReadLineOption).HistorySavePath` names",
  ],
  [/zsh_history$|^\.zhistory$|^\.histfile$/, "close zsh, delete the line in the file, and start it anew"],
  [
    /^\.(?:bash_history|history|sh_history|ash_history)$/,
    "`history -d N` and `history -w` in each bash that is open, or close them and delete the line in the file",
  ],
];

const ELSEWHERE = "close the program, delete the line in the file, and start it anew";

export const shellHistory: Format = {
  id: "shell-history",
  title: "Histories of shells and interpreters",
  claims: (path) =>
    /^(?:\..+_history|\.z?history|\.histfile|\.lesshst|fish_history|ConsoleHost_history\.txt)$/.test(
      baseName(path),
    ),
  // Whatever was typed is found as in any text.
  find: () => [],
  advice: (path) => {
    const name = baseName(path);
    const how = HOW.find(([form]) => form.test(name))?.[1] ?? ELSEWHERE;
    return `revoke it, then take the line out: ${how}`;
  },
  examples: () => [
    {
      title: "a clone, as bash keeps it",
      path: "/home/ana/.bash_history",
      text: ({ app }) =>
        `ls\ngit clone https://ana:${app}@bitbucket.org/acme/widgets.git\ngit clone git@bitbucket.org:acme/site.git\n`,
      finds: [{ line: 2, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "a question to REST, as zsh keeps it with its time",
      path: "/home/ana/.zsh_history",
      text: ({ legacy }) =>
        `: 1750000000:0;curl --user ana:${legacy} https://api.bitbucket.org/2.0/user\n: 1750000009:0;export BITBUCKET_TOKEN=$(pass bitbucket)\n`,
      finds: [
        { line: 1, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana", use: "rest" },
        { line: 2, kind: "unknown", certainty: "variable-named", name: "BITBUCKET_TOKEN" },
      ],
    },
    {
      title: "the same in fish",
      path: "/home/ana/.local/share/fish/fish_history",
      text: ({ api }) =>
        `- cmd: curl -u ana@acme.test:${api} https://api.bitbucket.org/2.0/user\n  when: 1750000000\n`,
      finds: [
        { line: 1, kind: "api-token", certainty: "literal-verified", user: "ana@acme.test", trouble: null },
      ],
    },
    {
      title: "PowerShell and Python",
      path: "C:/Users/ana/AppData/Roaming/Microsoft/Windows/PowerShell/PSReadLine/ConsoleHost_history.txt",
      text: ({ access }) =>
        `$env:BITBUCKET_ACCESS_TOKEN = "${access}"\ngit remote set-url origin https://x-token-auth:${access}@bitbucket.org/acme/widgets.git\n`,
      finds: [
        { line: 1, kind: "access-token", certainty: "literal-verified" },
        { line: 2, kind: "access-token", certainty: "literal-verified", user: "x-token-auth" },
      ],
    },
    {
      title: "names and URLs without a secret",
      path: "/home/ana/.python_history",
      text: () =>
        "import requests\nrequests.get('https://api.bitbucket.org/2.0/repositories/acme')\nurl = 'https://ana@bitbucket.org/acme/widgets.git'\n",
      finds: [],
    },
  ],
};
