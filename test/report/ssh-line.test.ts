import { expect, test } from "bun:test";
import type { ReportedSsh } from "../../src/core/report-ssh.ts";
import { sshText } from "../../src/report/ssh-line.ts";

const PLAIN: ReportedSsh = {
  name: "bitbucket.org",
  host: "bitbucket.org",
  port: 22,
  via: null,
  as: "person",
  key: "SHA256:abc",
  comment: "ana@laptop",
  said: null,
};

const text = (more: Partial<ReportedSsh>, isExplained = false) => sshText({ ...PLAIN, ...more }, isExplained);

test("what tells nothing new is left out", () => {
  expect(text({})).toBe("signs in with a person's key: SHA256:abc (ana@laptop)");
  expect(text({ comment: null })).toBe("signs in with a person's key: SHA256:abc");
  expect(text({ key: null, comment: null })).toBe("signs in with a person's key");
  expect(text({ as: null, key: null, comment: null })).toBe("");
});

test("an access key, an alias, another port, a way through", () => {
  expect(text({ as: "access-key", comment: null })).toContain("which reads and cannot push: SHA256:abc");
  expect(text({ name: "work" })).toStartWith("`work` is bitbucket.org; signs in");
  const there = { host: "altssh.bitbucket.org", port: 443, via: "nc %h %p" };
  expect(text(there)).toStartWith(
    "`bitbucket.org` is altssh.bitbucket.org on port 443; goes through `nc %h %p`; signs in",
  );
});

test("what stops it, unless a finding says it", () => {
  const stopped = { as: null, key: null, comment: null, said: "ssh says: no" };
  expect(text(stopped)).toBe("ssh says: no");
  expect(text(stopped, true)).toBe("");
});
