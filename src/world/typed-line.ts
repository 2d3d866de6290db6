/** Makes a line out of the keys that a terminal in raw mode sends. Pure. */

export type TypedState = "open" | "done" | "cancelled";

/** A paste in brackets, as some terminals send it; every other sequence is a key that edits nothing here. */
const PASTE_BEGINS = "\u001b[200~";
const PASTE_ENDS = "\u001b[201~";

/** One escape sequence: with parameters, of one letter, or of a key with Alt. */
const SEQUENCE = /^\u001b(?:\[[0-9;?]*[ -/]*[@-~]|O[@-~]|[^[O\u001b])/;

/** What may still become a sequence when more arrives. */
const BEGINNING = /^\u001b(?:\[[0-9;?]*[ -/]*|O)?$/;

export class TypedLine {
  state: TypedState = "open";
  private text = "";
  private waiting = "";
  private pasting = false;

  /** The line so far. */
  get line(): string {
    return this.text;
  }

  /** Takes keys, and gives back what a screen that echoes should show. */
  push(keys: string): string {
    let input = this.waiting + keys;
    let echo = "";
    this.waiting = "";
    while (input !== "" && this.state === "open") {
      if (BEGINNING.test(input)) {
        this.waiting = input;
        break;
      }
      const key = SEQUENCE.exec(input)?.[0] ?? String.fromCodePoint(input.codePointAt(0) ?? 0);
      input = input.slice(key.length);
      echo += this.press(key);
    }
    return echo;
  }

  private press(key: string): string {
    if (key === PASTE_BEGINS || key === PASTE_ENDS) {
      this.pasting = key === PASTE_BEGINS;
      return "";
    }
    if (key.startsWith("\u001b")) return "";
    // A line end that was pasted in brackets is part of the text: only the Enter key answers.
    if (this.pasting) return this.add(key);
    switch (key) {
      case "\r":
      case "\n":
        this.state = "done";
        return "";
      case "\u0003":
        this.state = "cancelled";
        return "";
      case "\u0004":
        // The end of input on an empty line; elsewhere it does nothing, as in a shell.
        if (this.text === "") this.state = "cancelled";
        return "";
      case "\u007f":
      case "\b":
        return this.erase(1);
      case "\u0015":
        return this.erase(Number.POSITIVE_INFINITY);
      default:
        return this.add(key);
    }
  }

  private add(key: string): string {
    this.text += key;
    return key < " " ? "" : key;
  }

  private erase(count: number): string {
    const letters = [...this.text];
    const gone = Math.min(count, letters.length);
    this.text = letters.slice(0, letters.length - gone).join("");
    return "\b \b".repeat(gone);
  }
}
