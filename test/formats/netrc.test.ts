import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { NetrcEntryName } from "../../src/core/plan.ts";
import { dropNetrcEntry, readNetrc, setNetrcEntry } from "../../src/formats/netrc.ts";
import { latin, text } from "./real-git.ts";

const read = (file: string) =>
  readNetrc(latin(file)).map((e) => [e.machine, e.login, e.password, e.line, e.occurrence]);

function set(file: string, entry: Partial<NetrcEntryName>, login = "new", password = "tok"): string {
  const edited = setNetrcEntry(latin(file), { machine: "h", occurrence: 0, ...entry }, { login, password });
  return edited.ok ? text(edited.bytes) : `cannot: ${edited.reason}`;
}

describe("reading a netrc", () => {
  test("one line, many lines, several on one line, comments", () => {
    expect(
      read("machine h login a password b\n# machine x\nmachine\n  i\n login c # d\r\n\tpassword e\n"),
    ).toEqual([
      ["h", "a", "b", 1, 0],
      ["i", "c", "e", 4, 0],
    ]);
    expect(read("machine h login a password b machine h password c default login d password e")).toEqual([
      ["h", "a", "b", 1, 0],
      ["h", null, "c", 1, 1],
      [null, "d", "e", 1, 0],
    ]);
  });

  test("words in any case, accounts, a password that is a keyword", () => {
    expect(read("MACHINE h Login a account login PASSWORD machine\n")).toEqual([["h", "a", "machine", 1, 0]]);
  });

  test("macros are passed over up to an empty line", () => {
    expect(
      read("machine h login a password b\nmacdef init\nmachine x login y\n\nmachine i login c password d"),
    ).toEqual([
      ["h", "a", "b", 1, 0],
      ["i", "c", "d", 5, 0],
    ]);
    expect(read("macdef x y\r\nmachine a\r\n\r\nmachine h")).toEqual([["h", null, null, 4, 0]]);
  });

  test("quoted values; nothing behind a quote that stays open", () => {
    expect(read('machine h login "a b" password "c\\"d\\n#"\n')).toEqual([["h", "a b", 'c"d\n#', 1, 0]]);
    expect(read('machine h login a password b\nmachine i login "c\nmachine j')).toEqual([
      ["h", "a", "b", 1, 0],
      ["i", null, null, 2, 0],
    ]);
  });

  test("the first whole pair counts", () => {
    expect(read("machine h login a login b password c password d")).toEqual([["h", "b", "c", 1, 0]]);
  });

  test("nothing is no entry", () => {
    expect(read("")).toEqual([]);
    expect(read("\xff\0 machine")).toEqual([]);
  });
});

describe("editing a netrc", () => {
  test("changes two tokens and nothing else", () => {
    expect(set("# x\r\nmachine  h\r\n\tlogin a\r\n\tpassword  b # c\r\n\xff", {})).toBe(
      "# x\r\nmachine  h\r\n\tlogin new\r\n\tpassword  tok # c\r\n\xff",
    );
    expect(set("machine h password b login a machine h login c password d", { occurrence: 1 })).toBe(
      "machine h password b login a machine h login new password tok",
    );
    expect(set("machine h login a password b\ndefault login a password b", { machine: null })).toBe(
      "machine h login a password b\ndefault login new password tok",
    );
  });

  test("adds what is missing", () => {
    expect(set("machine h\n  password b\n", {})).toBe("machine h\n  login new password tok\n");
    expect(set("machine h login a\n", {})).toBe("machine h login new password tok\n");
    expect(set("machine h\nmachine i", {})).toBe("machine h login new password tok\nmachine i");
    expect(set("default", { machine: null })).toBe("default login new password tok");
  });

  test("quotes only what it must, and reads it back", () => {
    for (const hard of ["a b", '"x', "#x", 'q"\\ \n\t', "", "ATATT3x-_=1F", 'a"b\\', "é"]) {
      const edited = setNetrcEntry(
        latin("machine h"),
        { machine: "h", occurrence: 0 },
        { login: hard, password: hard },
      );
      expect(edited.ok && readNetrc(edited.bytes)[0]).toMatchObject({ login: hard, password: hard });
    }
    expect(set("machine h", {}, "u", "ATATT3x-_=1F")).toBe("machine h login u password ATATT3x-_=1F");
  });

  test("an entry that is gone is refused", () => {
    expect(set("machine i", {})).toBe("cannot: has no entry for `h` any more");
    expect(set("machine h", { occurrence: 1 })).toStartWith("cannot:");
    expect(set("machine h", {}, "a\0")).toStartWith("cannot:");
  });
});

describe("taking an entry out", () => {
  function drop(file: string, entry: Partial<NetrcEntryName> = {}): string {
    const edited = dropNetrcEntry(latin(file), { machine: "h", occurrence: 0, ...entry });
    return edited.ok ? text(edited.bytes) : `cannot: ${edited.reason}`;
  }

  test.each([
    ["alone on its line", "a\nmachine h login a password b\n# c\n", "a\n# c\n"],
    ["over several lines", "machine h\r\n\tlogin a\r\n\tpassword b\r\nmachine i\r\n", "machine i\r\n"],
    ["a comment on its line stays", "machine h # since 2019\n login a\n", " # since 2019\n"],
    [
      "others on its line",
      "machine g login a machine h login b machine i\n",
      "machine g login a machine i\n",
    ],
    ["the first on its line", "machine h login b machine i\n", " machine i\n"],
    ["with an account and unknown words", "machine h port 1 account c login a\nmachine i", "machine i"],
    ["a macro after it", "machine h login a\nmacdef x\n\tcd\n\nmachine i\n", "macdef x\n\tcd\n\nmachine i\n"],
    ["quoted", 'machine h login "a b"\tpassword "c"\n', ""],
    ["without a line end", "machine i login a\nmachine h login b", "machine i login a\n"],
    ["blank lines around it stay", "machine i\n\nmachine h\n\n# e\n", "machine i\n\n\n# e\n"],
    ["bytes that are no text", "# \xff\nmachine h\n", "# \xff\n"],
  ])("%s", (_, file, wanted) => expect(drop(file)).toBe(wanted));

  test("the one that is meant", () => {
    const file = "machine h login a\nmachine h login b\ndefault login c\n";
    expect(drop(file, { occurrence: 1 })).toBe("machine h login a\ndefault login c\n");
    expect(drop(file, { machine: null })).toBe("machine h login a\nmachine h login b\n");
    expect(drop(file, { occurrence: 2 })).toBe("cannot: has no entry for `h` any more");
  });

  test("all other entries are read as before", () => {
    const word = fc.constantFrom(
      "machine h",
      "machine i",
      "default",
      "login a",
      "password b",
      "account c",
      "x",
      "# d\n",
      "macdef m\nmachine h\n\n",
      '"q"',
    );
    const blank = fc.constantFrom(" ", "\n", "\r\n", "\t ", "\n\n");
    fc.assert(
      fc.property(fc.array(fc.tuple(word, blank), { maxLength: 14 }), fc.nat(3), (parts, occurrence) => {
        const file = parts.flat().join("");
        const before = read(file);
        const at = before.findIndex(([machine, , , , count]) => machine === "h" && count === occurrence);
        const after = drop(file, { occurrence });
        if (at < 0) return after.startsWith("cannot: ");
        const kept = (entries: typeof before) =>
          entries.map(([machine, login, password]) => [machine, login, password]);
        expect(kept(read(after))).toEqual(kept(before.toSpliced(at, 1)));
        return true;
      }),
    );
  });
});
