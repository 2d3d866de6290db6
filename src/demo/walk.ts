/** Plays the scenes, shows what is typed and answered, and checks every claim. */
import { EXIT, Stop } from "../cli/exit.ts";
import type { Shell } from "../cli/shell.ts";
import { paints, wrap } from "../report/style.ts";
import type { Ran } from "./child.ts";
import { pause } from "./pause.ts";
import { SCENES, type Scene } from "./scenes.ts";
import { breakSite, type Site, type Stage } from "./stage.ts";

/** Room left of what a command answers. */
const INDENT = "  ";

type Act = Scene["acts"][number];

function wentAsTold(act: Act, { code }: Ran): boolean {
  return act.code === "fails" ? code !== null && code !== 0 : code === act.code;
}

/** What did not go as told, or null. */
function complaint(stage: Stage, site: Site, act: Act, ran: Ran): string | null {
  if (!wentAsTold(act, ran)) {
    const wanted = act.code === "fails" ? "a failure" : `exit code ${act.code}`;
    return `\`${act.types}\` left with ${ran.code ?? "a signal"} where ${wanted} was expected`;
  }
  const broken = act.claims.find((claim) => !claim.holds(stage, site, ran));
  return broken === undefined ? null : `after \`${act.types}\` it is not true that ${broken.says}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^(?=.)/gm, INDENT);
}

async function perform(shell: Shell, stage: Stage, site: Site, act: Act): Promise<void> {
  const paint = paints(shell.outStyle);
  act.before?.(site);
  stage.emulator.clearLog();
  shell.out(`\n${INDENT}${paint.cyan("$")} ${paint.bold(act.types)}\n`);
  const ran = await stage.run({
    args: act.args,
    cwd: site.folder,
    ...(act.takesToken ? { stdin: site.tokenFile } : {}),
    env: {
      COLUMNS: String(shell.outStyle.width - INDENT.length),
      ...(shell.outStyle.colour ? { FORCE_COLOR: "1" } : {}),
    },
  });
  const shown = indented(ran.text);
  if (shown !== "") shell.out(`${shown}\n`);
  const wrong = complaint(stage, site, act, ran);
  if (wrong !== null) {
    throw new Stop(EXIT.findings, `the demo did not go as told: ${wrong}; all that it made has been removed`);
  }
  for (const { says } of act.claims) {
    const lines = wrap(`checked: ${says}`, shell.outStyle.width - INDENT.length - 2);
    shell.out(lines.map((line, i) => `${INDENT}${i === 0 ? paint.green("✓") : " "} ${line}\n`).join(""));
  }
}

function paragraph(shell: Shell, text: string): void {
  shell.out(`${wrap(text, shell.outStyle.width).join("\n")}\n`);
}

/** `pauses`: a person is watching and decides when to go on. */
export async function walk(shell: Shell, stage: Stage, pauses: boolean): Promise<void> {
  const paint = paints(shell.outStyle);
  paragraph(
    shell,
    "A Bitbucket runs inside this process, and Git works in a temporary home folder. Your own home, Git " +
      "configuration and credentials are neither read nor touched, and nothing leaves this machine.",
  );
  const site = await breakSite(stage);
  for (const [index, scene] of SCENES.entries()) {
    shell.out(`\n${paint.bold(`${index + 1}. ${scene.title}`)}\n`);
    paragraph(shell, scene.says(site));
    if (pauses) await pause(paint.dim("Enter goes on, Ctrl-C ends the demo "), stage.ending);
    for (const act of scene.acts) await perform(shell, stage, site, act);
  }
}

/** The last words, when all has been removed. */
export function farewell(shell: Shell): void {
  shell.out("\n");
  for (const line of [
    "Shown: a refused app password, its cause, a proven repair, and the way back.",
    "Removed: the emulated Bitbucket, its home folder and the credentials in it.",
    "Next: `git rekey doctor` in your clone; `git rekey demo --shell` to practise.",
  ])
    paragraph(shell, line);
}
