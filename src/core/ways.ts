/** Every way to sign in, side by side. Pure. */
import type { AdvisedWay, Situation, SshHere } from "./advice.ts";

export type WayId = "helper" | "ssh-access-key" | "ssh-own-key" | "access-token" | "remote" | "url-once";

export interface WayFacts {
  id: WayId;
  title: string;
  /** What a person types. */
  command: string;
  /** What somebody who has the secret can do. */
  reaches: string;
  expires: string;
  rest: string;
  /** What it takes. */
  needs: string;
}

export const WAYS: readonly WayFacts[] = [
  {
    id: "helper",
    title: "API token, kept by git-rekey's helper",
    command: "git rekey fix --with helper",
    reaches: "every repository you may read, and push to those you may write, as the token's scopes allow",
    expires: "in at most a year; the helper says so 14 days before",
    rest: "yes, with your e-mail address as the user name",
    needs: "two lines in your Git configuration; mends every clone of yours at once",
  },
  {
    id: "ssh-access-key",
    title: "SSH with an access key",
    command: "git rekey fix --with ssh --key access",
    reaches: "reads the repositories it is added to; cannot push",
    expires: "never",
    rest: "no",
    needs: "an administrator of the repository; SSH on port 22, or 443 by altssh.bitbucket.org",
  },
  {
    id: "ssh-own-key",
    title: "SSH with your own key",
    command: "git rekey fix --with ssh --key person",
    reaches: "everything you may read and push to",
    expires: "never",
    rest: "no",
    needs: "SSH on port 22, or 443 by altssh.bitbucket.org; a passphrase keeps the file from being enough",
  },
  {
    id: "access-token",
    title: "Repository access token",
    command: "git rekey fix --with access-token",
    reaches: "one repository: reads it, and pushes with `repository:write`",
    expires: "when you say; choose at most a year",
    rest: "yes, for that repository",
    needs: "an administrator of the repository; no Premium",
  },
  {
    id: "remote",
    title: "API token, typed when Git asks",
    command: "git rekey fix --with remote",
    reaches: "every repository you may read, and push to those you may write, as the token's scopes allow",
    expires: "in at most a year",
    rest: "yes, with your e-mail address as the user name",
    needs: "a change in each clone; somebody at the terminal, or Git's own `store`",
  },
  {
    id: "url-once",
    title: "Token in the URL, for one operation",
    command: "git rekey fix --with url-once",
    reaches: "as the token; other users of the machine can see it meanwhile",
    expires: "revoke the token afterwards",
    rest: "no",
    needs: "a program that can do nothing else; somebody at the terminal",
  },
];

const NO_SSH: Partial<Record<SshHere, string>> = {
  closed: "SSH does not get through from here, neither on port 22 nor on 443",
  "no-client": "there is no ssh here",
  forbidden: "Git is told not to use SSH here",
};

/** Why a way is closed on this machine; null where it is open. */
export function whyNotHere(id: WayId, { ssh, push, machine }: Situation): string | null {
  if (id === "ssh-access-key" && push) return "an access key cannot push, and pushing is wanted here";
  if (id === "ssh-access-key" || id === "ssh-own-key") return NO_SSH[ssh] ?? null;
  if (id === "url-once" && machine !== "desk") return "it is for people at a terminal";
  return null;
}

/** The one that is advised; null where nothing is to be done. */
export function advisedId(way: AdvisedWay, { machine, push }: Situation): WayId | null {
  if (way === "none") return null;
  if (way === "ssh") return machine === "desk" || push ? "ssh-own-key" : "ssh-access-key";
  return way;
}
