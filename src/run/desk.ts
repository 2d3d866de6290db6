/** Answers the questions of one run, and only those that its own git asks, and only about its own repositories. */
import { placeOfPath } from "../core/account.ts";
import { type RepositoryName, repositoryKey } from "../core/bitbucket.ts";
import { environmentOfProcess, folderOfProcess, lineOfProcess, type Process } from "../world/processes.ts";
import { isKin, type Kin } from "./kin.ts";
import type { Tokens } from "./tokens.ts";
import { type Given, isUnaltered } from "./unaltered.ts";

export interface DeskRoom {
  kin: Kin;
  given: Given;
  tokens: Tokens;
  /** Everything known to be asked for before git ran. */
  places: readonly RepositoryName[];
  /** Repositories that a folder leads to now. */
  placesFrom(folder: string): Promise<RepositoryName[]>;
  /** Whether the repository a process works in steers its requests, without the person's consent. */
  isLedAstray(one: Process): Promise<boolean>;
}

interface Question {
  path: string | null;
  username: string | null;
}

function readQuestion(text: string): Question | null {
  try {
    const { path = null, username = null } = JSON.parse(text);
    const isText = (value: unknown) => value === null || typeof value === "string";
    return isText(path) && isText(username) ? { path, username } : null;
  } catch {
    return null;
  }
}

export class Desk {
  /** The git that was started; nobody is answered before there is one. */
  root: number | null = null;
  private readonly places: Set<string>;

  constructor(private readonly room: DeskRoom) {
    this.places = new Set(room.places.map(repositoryKey));
  }

  private askedBy(pid: number): Process[] | null {
    const line = this.root === null ? null : lineOfProcess(pid, this.root);
    if (line === null || !isKin(this.room.kin, line)) return null;
    // The helper itself sends nothing anywhere, and what it has for an environment is its own affair.
    const isAsBefore = line.slice(1).every((one) => {
      const found = environmentOfProcess(one.pid);
      return found === null || isUnaltered(this.room.given, found);
    });
    return isAsBefore ? line : null;
  }

  /** A clone brings its submodules with it: which they are is known only when git is at work on them. */
  private async learnSubmodules(line: readonly Process[]): Promise<void> {
    if (!line.some(({ words }) => words.some((word) => /^submodule(?:--helper)?$/.test(word)))) return;
    const folders = new Set(line.flatMap(({ pid }) => folderOfProcess(pid) ?? []));
    for (const folder of folders)
      for (const place of await this.room.placesFrom(folder)) this.places.add(repositoryKey(place));
  }

  private async isOurs(path: string | null, line: readonly Process[]): Promise<RepositoryName | null> {
    const place = placeOfPath(path);
    if (!place?.repository) return null;
    const wanted = { workspace: place.workspace, repository: place.repository };
    if (!this.places.has(repositoryKey(wanted))) await this.learnSubmodules(line);
    return this.places.has(repositoryKey(wanted)) ? wanted : null;
  }

  /** One line for the helper; empty for anybody else. */
  async answer(pid: number, text: string): Promise<string> {
    const question = readQuestion(text);
    const line = question === null ? null : this.askedBy(pid);
    if (question === null || line === null) return "";
    const place = await this.isOurs(question.path, line);
    const [, needs] = line;
    if (place === null || needs === undefined || (await this.room.isLedAstray(needs))) return "";
    const found = await this.room.tokens.find({ username: question.username, place });
    return found !== null && "pair" in found ? `${JSON.stringify(found.pair)}\n` : "";
  }
}
