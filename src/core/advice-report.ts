import { type Advice, advise, commandFor, type Situation, situationWords, WHY } from "./advice.ts";
import { advisedId, WAYS, type WayFacts, type WayId, whyNotHere } from "./ways.ts";

/** Schema `git-rekey/advice@1`: the ways to sign in from one machine, side by side. */
export interface AdviceReport {
  schema: "git-rekey/advice@1";
  tool: { name: "git-rekey"; version: string };
  situation: Situation;
  advice: Advice & { why: string; seen: string; command: string | null };
  ways: readonly (WayFacts & {
    advised: boolean;
    /** Why it is closed here; null where it is open. */
    closed: string | null;
  })[];
}

/** Everything there is to say about the ways from here. Pure. */
export function adviceReport(situation: Situation, tool: AdviceReport["tool"]): AdviceReport {
  const advice = advise(situation);
  const advised: WayId | null = advisedId(advice.way, situation);
  return {
    schema: "git-rekey/advice@1",
    tool,
    situation,
    advice: {
      ...advice,
      why: WHY[advice.reason],
      seen: situationWords(situation),
      command: commandFor(advice, situation),
    },
    ways: WAYS.map((way) => ({
      ...way,
      advised: way.id === advised,
      closed: whyNotHere(way.id, situation),
    })),
  };
}
