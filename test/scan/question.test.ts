/** What is asked, and what an answer means where the emulator gives none like it. */
import { describe, expect, test } from "bun:test";
import type { Answer } from "../../src/core/setup.ts";
import { judge, planFor, type Question } from "../../src/scan/question.ts";
import { aSeen } from "./a-seen.ts";

test("whatever a file calls a repository, only Bitbucket is asked", () => {
  const names = [
    "../..",
    "acme/..",
    "./x",
    "a/b/c",
    "a?b/c",
    "a/b#c",
    "‹secret›/x",
    "@evil.example/x",
    "a/",
    "",
    "a b/c",
  ];
  for (const repository of names)
    for (const kind of ["access-token", "api-token", "oauth"] as const) {
      const plan = planFor([aSeen("/x", { repository, kind, user: "x-token-auth" })]);
      const address = "question" in plan ? plan.question.url : "https://api.bitbucket.org/2.0/user";
      expect(address).toBe("https://api.bitbucket.org/2.0/user");
    }
});

describe("OAuth tokens have the form of many others'", () => {
  test("so only what signs in to Bitbucket by name is sent there", () => {
    const seen = (user: string | null) => planFor([aSeen("/x", { kind: "oauth", user })]);
    expect(seen(null)).toEqual({ alive: "unknown" });
    expect(seen("ana")).toEqual({ alive: "unknown" });
    expect(seen("x-token-auth")).toMatchObject({ question: { scheme: "bearer" } });
  });
});

describe("answers that a dead credential may get, too, prove nothing", () => {
  const said = (status: number, given: Partial<Extract<Answer, { kind: "http" }>> = {}): Answer => ({
    kind: "http",
    status,
    saying: null,
    text: "",
    scopes: null,
    credentialType: null,
    fromBitbucket: true,
    retryAfter: null,
    challenge: null,
    acceptsScopes: false,
    ...given,
  });
  const rest = (path: string): Question => ({
    url: `https://api.bitbucket.org/2.0/${path}`,
    scheme: "bearer",
    user: "",
  });
  const GIT: Question = { url: "https://bitbucket.org/a/b.git/info/refs", scheme: "basic", user: "x" };
  for (const [name, question, answer, is] of [
    ["a repository shown to nobody in particular", rest("repositories/a/b"), said(200), "unknown"],
    [
      "the same, with the token's kind",
      rest("repositories/a/b"),
      said(200, { credentialType: "x" }),
      "alive",
    ],
    ["a repository that is not there", rest("repositories/a/b"), said(404), "unknown"],
    ["the same, with the token's scopes", rest("repositories/a/b"), said(404, { scopes: [] }), "alive"],
    ["an account", rest("user"), said(200), "alive"],
    ["refused by REST", rest("user"), said(401), "dead"],
    ["refused by somebody on the way", rest("user"), said(401, { fromBitbucket: false }), "unknown"],
    ["a page of somebody on the way", GIT, said(200, { fromBitbucket: false }), "unknown"],
    ["refused by Git's door", GIT, said(401), "unknown"],
    ["known by Git's door", GIT, said(403, { saying: { kind: "ip-not-allowed" } }), "alive"],
    ["forbidden without a word", GIT, said(403), "unknown"],
    ["too often", rest("user"), said(429, { scopes: [] }), "unknown"],
    ["out of order", rest("user"), said(503, { scopes: [] }), "unknown"],
    ["no answer", GIT, { kind: "none", fault: "cut-off", detail: "" } as Answer, "unknown"],
  ] as const)
    test(name, () => expect(judge(question, answer)).toBe(is));
});
