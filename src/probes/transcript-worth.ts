/** Which lines of a log are read at all: each pattern looks for words only, because every line goes through it. */
import { GIT_HOST } from "../core/bitbucket.ts";
import { SAYING_KEYS } from "../core/bitbucket-says.ts";
import { UNNAMED_KEYS } from "./git-says.ts";

/** Only lines with one of these words are looked at; all others are passed over, which makes large logs cheap. */
export const WORTH =
  /bitbucket|atlassian|authen|authori|curl|remote|fatal|error|https?:|HTTP|\bgit\b|passw|token|credential|askpass|CHANGE-|denied|username|repositor|requested|whitelist|rate limit|certificate|x509|PKIX|Forbidden|workspace|Login failed|safe\.directory|terminal prompts|LFS|Cloning into|Klone nach|Clonage dans|Clonando|正克隆到|-pack\b|Pushing to|Fetching |openPush|openFetch|smudge|UnknownHost|schannel|ssh|publickey|host key|HOST IDENTIFICATION|PRIVATE KEY|known_hosts|Auth fail|HostKey|conq:|pubkey|deploy key|deployment key|unable to negotiate|stdio forwarding|banner exchange|(?:closed|reset) by|timed out|Network is|No route/i;

const escaped = [GIT_HOST, ...SAYING_KEYS, ...UNNAMED_KEYS].map((word) => word.replaceAll(".", "\\."));
/** One pattern: most lines have none of the words, and to look for each of them alone takes several times as long. */
const SPEAKS = new RegExp([...new Set(escaped)].join("|"), "i");

/** Whether the line may say something by itself. What names Bitbucket does, and what holds a word of a message. */
export function maySpeak(text: string): boolean {
  return SPEAKS.test(text);
}
