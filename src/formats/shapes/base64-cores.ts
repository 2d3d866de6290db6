/** Texts that can be found in base64 without decoding it. Pure. */

/**
 * The part of a text's base64 that is the same whatever stands before and after it, for each of the three places a text
 * can have in a group of three bytes.
 */
export function base64Cores(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const whole = Buffer.from("\0".repeat(before) + text).toString("base64");
    // Six bits to a sign: the first that has none of what stands before, and the last that has nothing of what follows.
    return whole.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });
}
