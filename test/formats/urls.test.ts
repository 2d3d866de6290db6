/** URLs of Bitbucket with a user, as files of all kinds have them. */
import { expect, test } from "bun:test";
import { urlsIn } from "../../src/formats/shapes/urls.ts";

test("a branch, tag or query behind a repository is no part of its name", () => {
  for (const behind of [
    "",
    ".git",
    ".git#v2.1.0",
    ".git@v2.1.0#egg=widgets",
    "?tag=v2#0a1b2c3",
    "@main",
    ".git.",
  ]) {
    const [url] = urlsIn(`git+https://ana:secret-word@bitbucket.org/acme/widgets${behind} `);
    expect(url?.repository).toEqual({ workspace: "acme", repository: "widgets" });
  }
});

test("a URL of something else than a repository leads to none", () => {
  for (const path of ["/", "/acme", "/acme#top", "/2.0/user"]) {
    const [url] = urlsIn(`https://ana:secret-word@api.bitbucket.org${path} `);
    expect(url?.repository).toBeNull();
  }
});
