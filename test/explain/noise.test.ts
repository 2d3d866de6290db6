import { describe, expect, test } from "bun:test";
import { readTranscript } from "../../src/probes/transcript.ts";
import { NOISES } from "./noise.ts";
import { TRANSCRIPTS } from "./transcripts.ts";

function idsOf(input: string | Uint8Array): string[] {
  return readTranscript(input).said.map(({ id }) => id);
}

for (const [noise, wrap] of Object.entries(NOISES))
  describe(noise, () => {
    for (const { name, text, ids } of TRANSCRIPTS)
      test(name, () => {
        expect(idsOf(wrap(text))).toEqual([...ids]);
      });
  });
