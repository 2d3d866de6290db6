import { expect, test } from "bun:test";
import { Turns } from "../../src/probes/turns.ts";

test("no more than so many at once, all of them in their order, whatever fails", async () => {
  const turns = new Turns(3);
  const began: number[] = [];
  let now = 0;
  let most = 0;
  const work = (n: number) =>
    turns.take(async () => {
      began.push(n);
      most = Math.max(most, ++now);
      await Bun.sleep(1);
      now -= 1;
      if (n % 4 === 0) throw new Error(`${n}`);
      return n;
    });
  const results = await Promise.allSettled(Array.from({ length: 12 }, (_, n) => work(n)));
  expect(most).toBe(3);
  expect(began).toEqual(Array.from({ length: 12 }, (_, n) => n));
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(3);
});
