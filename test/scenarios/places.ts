/** Where the refused credential hides, one function each. They write what people have in their files. */
import { API_USER, encoded, type Scene, SITE } from "./scene.ts";

type Plant = (scene: Scene) => void | Promise<void>;

const STORE = "[credential]\n\thelper = store\n";
const path = "acme/site.git";

async function approve(scene: Scene, { user, secret }: { user: string; secret: string }): Promise<void> {
  const stdin = `protocol=https\nhost=bitbucket.org\nusername=${user}\npassword=${secret}\n\n`;
  await scene.box.git(["credential-cache", "store"], { stdin });
}

function basic({ sent }: Scene): string {
  return `Authorization: Basic ${Buffer.from(`${sent.user}:${sent.secret}`).toString("base64")}`;
}

/** `keep`: a helper that could keep the new token is there as well. */
function header(section: string, where: "global" | "local", value: (scene: Scene) => string): Plant {
  return (scene) => {
    scene.origin();
    scene[where](`[${section}]\n\textraHeader = ${value(scene)}\n`);
  };
}

const inUrl = (scene: Scene): string => SITE.replace("//", `//${scene.pair}@`);

export const PLACES = {
  store(scene) {
    scene.global(STORE);
    scene.origin();
    scene.stored([scene.sent]);
  },
  "store, user in the URL"(scene) {
    scene.global(STORE);
    scene.origin(SITE.replace("//", `//${encoded(scene.sent.user)}@`));
    scene.stored([scene.sent]);
  },
  "store, another user in the URL"(scene) {
    scene.global(STORE);
    scene.origin(SITE.replace("//", `//${scene.sent.user}@`));
    scene.stored([{ user: "bob", secret: scene.box.emulator.secret("app-password-bob") }, scene.sent]);
  },
  "store --file with a blank"(scene) {
    const file = scene.box.path("my keys");
    scene.global(`[credential]\n\thelper = store --file '${file}'\n`);
    scene.origin();
    scene.stored([scene.sent], "my keys");
  },
  "store --file under ~"(scene) {
    scene.global("[credential]\n\thelper = store --file ~/keys/git\n");
    scene.origin();
    scene.stored([scene.sent], "keys/git");
  },
  "store in XDG"(scene) {
    scene.storeFile = ".config/git/credentials";
    scene.global(STORE);
    scene.origin();
    scene.stored([scene.sent]);
  },
  "store for Bitbucket alone"(scene) {
    scene.global('[credential "https://bitbucket.org"]\n\thelper = store\n');
    scene.origin();
    scene.stored([scene.sent]);
  },
  "store, by path"(scene) {
    scene.global(`[credential]\n\thelper = store\n\tuseHttpPath = true\n`);
    scene.origin();
    scene.stored([
      { ...scene.sent, path },
      { user: "ana", secret: scene.box.emulator.secret("workspace-token"), path: "other/tools.git" },
    ]);
  },
  "store, twice the same user"(scene) {
    scene.global(STORE);
    scene.origin();
    scene.stored([scene.sent, { user: scene.sent.user, secret: scene.box.emulator.mint("app-password") }]);
  },
  "store, two accounts"(scene) {
    scene.global(STORE);
    scene.origin();
    scene.stored([scene.sent, { user: "bob", secret: scene.box.emulator.secret("app-password-bob") }]);
  },
  "store, two files, both stale"(scene) {
    const second = scene.box.path("second");
    scene.global(`[credential]\n\thelper = store\n\thelper = store --file ${second}\n`);
    scene.origin();
    scene.stored([scene.sent]);
    scene.stored([{ user: "bob", secret: scene.box.emulator.secret("app-password-bob") }], "second");
  },
  "stale store before an empty one"(scene) {
    scene.global(`[credential]\n\thelper = store --file ${scene.box.path("stale")}\n\thelper = store\n`);
    scene.origin();
    scene.stored([scene.sent], "stale");
  },
  "stale store before a good one"(scene) {
    scene.global(`[credential]\n\thelper = store --file ${scene.box.path("stale")}\n\thelper = store\n`);
    scene.origin();
    scene.stored([scene.sent], "stale");
    scene.stored([{ user: API_USER, secret: scene.box.emulator.secret("api-token-keys") }], undefined, true);
  },
  "helpers after a reset"(scene) {
    scene.global(`[credential]\n\thelper = store --file ${scene.box.path("unused")}\n`);
    scene.local(`[credential]\n\thelper =\n\thelper = store\n`);
    scene.origin();
    scene.stored([{ user: "ana", secret: scene.box.emulator.mint("api-token") }], "unused");
    scene.stored([scene.sent]);
  },
  "store, user name pinned to an e-mail"(scene) {
    scene.global(
      `${STORE}[credential "https://bitbucket.org"]\n\tusername = ${scene.box.emulator.world.accounts.get("ana")?.email}\n`,
    );
    scene.origin();
    scene.stored([scene.sent]);
  },
  async cache(scene) {
    scene.global("[credential]\n\thelper = cache --timeout 600\n");
    scene.origin();
    await approve(scene, scene.sent);
  },
  "remote URL"(scene) {
    scene.global(STORE);
    scene.origin(inUrl(scene));
  },
  "remote URL, no helper"(scene) {
    scene.origin(inUrl(scene));
  },
  "pushurl alone"(scene) {
    scene.global(STORE);
    scene.origin(SITE, `\tpushurl = ${inUrl(scene)}\n`);
    scene.stored([{ user: API_USER, secret: scene.box.emulator.secret("api-token-read") }]);
  },
  "several URLs"(scene) {
    scene.global(STORE);
    const docs = inUrl(scene).replace("acme/site", "acme/docs");
    scene.origin(inUrl(scene), `\turl = ${docs}\n`);
  },
  "netrc, one line"(scene) {
    scene.origin();
    scene.netrc(`machine bitbucket.org login ${scene.sent.user} password ${scene.sent.secret}\n`);
  },
  "netrc, several lines"(scene) {
    scene.origin();
    scene.netrc(
      `machine bitbucket.org # since 2019\n  login ${scene.sent.user}\n  password ${scene.sent.secret}\n`,
    );
  },
  "netrc before a helper"(scene) {
    scene.global(STORE);
    scene.origin();
    scene.netrc(`machine bitbucket.org\n\tlogin ${scene.sent.user}\n\tpassword ${scene.sent.secret}\n`);
  },
  "netrc under the URL's user"(scene) {
    scene.origin(SITE.replace("//", `//${scene.sent.user}@`));
    // Last in the file: where other machines follow, libcurl 7.88 forgets the password of another login again.
    scene.netrc(`machine bitbucket.org login other password ${scene.sent.secret}\n`, false);
  },
  "header, all hosts": header("http", "global", basic),
  "header, Bitbucket": header('http "https://bitbucket.org"', "global", basic),
  "header, this repository": header('http "https://bitbucket.org/"', "local", basic),
  "header, Bearer": header('http "https://bitbucket.org/acme"', "local", ({ sent }) => {
    return `Authorization: Bearer ${sent.secret}`;
  }),
  "header among others"(scene) {
    scene.origin();
    scene.global(`[http]\n\textraHeader = X-Team: web\n\textraHeader = ${basic(scene)}\n\tpostBuffer = 1m\n`);
  },
  "header before a good store"(scene) {
    scene.global(`${STORE}[http "https://bitbucket.org"]\n\textraHeader = ${basic(scene)}\n`);
    scene.origin();
    const secret = scene.box.emulator.secret("api-token-keys");
    scene.stored([{ user: API_USER, secret }], undefined, true);
  },
  "netrc before a good store"(scene) {
    scene.global(STORE);
    scene.origin();
    scene.netrc(`machine bitbucket.org login ${scene.sent.user} password ${scene.sent.secret}\n`);
    const secret = scene.box.emulator.secret("api-token-keys");
    scene.stored([{ user: API_USER, secret }], undefined, true);
  },
  "netrc, default entry"(scene) {
    scene.origin();
    scene.netrc(`default login ${scene.sent.user} password ${scene.sent.secret}\n`, false);
  },
  insteadOf(scene) {
    scene.global(`[url "https://${scene.pair}@bitbucket.org/"]\n\tinsteadOf = https://bitbucket.org/\n`);
    scene.origin();
  },
  "insteadOf with a short name"(scene) {
    scene.global(`[url "https://${scene.pair}@bitbucket.org/acme/"]\n\tinsteadOf = bb:\n`);
    scene.origin("bb:site.git");
  },
  pushInsteadOf(scene) {
    scene.global(
      `${STORE}[url "https://${scene.pair}@bitbucket.org/"]\n\tpushInsteadOf = https://bitbucket.org/\n`,
    );
    scene.origin();
    scene.stored([{ user: API_USER, secret: scene.box.emulator.secret("api-token-read") }]);
  },
  "included header"(scene) {
    scene.global("[include]\n\tpath = team.inc\n");
    scene.box.write(
      "team.inc",
      `# of the team\n[http "https://bitbucket.org"]\n\textraHeader = ${basic(scene)}\n`,
    );
    scene.origin();
  },
  "included by folder"(scene) {
    scene.global('[includeIf "gitdir:~/work/"]\n\tpath = ~/.config/work.inc\n');
    scene.box.write(
      ".config/work.inc",
      `[url "https://${scene.pair}@bitbucket.org/"]\n\tinsteadOf = https://bitbucket.org/\n[user]\n\tsigningKey = 1\n`,
    );
    scene.origin();
  },
  "a helper by folder"(scene) {
    scene.global('[includeIf "gitdir:~/work/"]\n\tpath = ~/.config/work.inc\n');
    scene.box.write(".config/work.inc", "[credential]\n\thelper = store\n");
    scene.origin();
    scene.stored([scene.sent]);
  },
  "a helper of the repository's own"(scene) {
    scene.global(`[credential]\n\thelper = store --file ${scene.box.path("unused")}\n`);
    scene.local("[credential]\n\thelper = store\n");
    scene.origin();
    scene.stored([scene.sent]);
  },
  "a helper in a local include"(scene) {
    scene.local("[include]\n\tpath = team.inc\n");
    scene.append(`${scene.gitDir}/team.inc`, "[credential]\n\thelper = store\n");
    scene.origin();
    scene.stored([scene.sent]);
  },
  "a helper of the work tree's own"(scene) {
    scene.local("[extensions]\n\tworktreeConfig = true\n");
    scene.append(`${scene.gitDir}/config.worktree`, "[credential]\n\thelper = store\n");
    scene.origin();
    scene.stored([scene.sent]);
  },
  useHttpPath(scene) {
    scene.global("[credential]\n\thelper = store\n\tuseHttpPath = true\n");
    scene.origin();
    scene.stored([{ ...scene.sent, path }]);
  },
  "a shell helper"(scene) {
    scene.global(
      `[credential]\n\thelper = "!f() { echo username=${scene.sent.user}; echo password=${scene.sent.secret}; }; f"\n`,
    );
    scene.origin();
  },
  "no credential, store is empty"(scene) {
    scene.global(STORE);
    scene.origin();
  },
  "no credential, no helper"(scene) {
    scene.origin();
  },
} as const satisfies Record<string, Plant>;

export type PlaceName = keyof typeof PLACES;

/** Sets a place up. */
export async function plant(scene: Scene, place: PlaceName): Promise<void> {
  const planting: Plant = PLACES[place];
  await planting(scene);
}

/** What lives in a daemon is not put back with the files. */
export async function plantAgain(scene: Scene, place: PlaceName): Promise<void> {
  if (place === "cache") await approve(scene, scene.sent);
}
