import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { makeRepository, startEmulator } from "../../emulator/index.ts";
import { type Asked, ask, basic, bearer } from "./person.ts";

const emulator = await startEmulator();
afterAll(() => emulator.stop());
beforeEach(() => emulator.clearLog());

const API = "https://api.bitbucket.org/2.0";
const ana = (label: string): string => basic(emulator, "ana@acme.example", label);

async function get(path: string, authorization?: string, more: Asked = {}) {
  const response = await ask(emulator, path.startsWith("https:") ? path : API + path, {
    ...more,
    ...(authorization ? { authorization } : {}),
  });
  const text = await response.text();
  const body: unknown = text.startsWith("{") ? JSON.parse(text) : text;
  return { status: response.status, headers: response.headers, body };
}

const failed = (error: unknown) => ({ type: "error", error });

describe("who am I", () => {
  test("an API token under the e-mail", async () => {
    const { status, headers, body } = await get("/user", ana("api-token"));
    expect(status).toBe(200);
    expect(body).toMatchObject({ type: "user", username: "ana", nickname: "ana", display_name: "Ana" });
    expect(headers.get("x-credential-type")).toBe("api_token");
    expect(headers.get("x-oauth-scopes")).toBe(
      "read:repository:bitbucket, write:repository:bitbucket, read:user:bitbucket, read:workspace:bitbucket",
    );
    expect(headers.get("x-accepted-oauth-scopes")).toBe("account");
    expect(headers.get("x-token-id")).toBe(emulator.credential("api-token").id);
    expect(emulator.log.at(-1)).toMatchObject({ service: "rest", credential: "api-token", status: 200 });
  });

  test("under the Git user name: a challenge without a word", async () => {
    const { status, headers, body } = await get("/user", basic(emulator, "ana", "api-token"));
    expect([status, body]).toEqual([401, ""]);
    expect(headers.get("www-authenticate")).toBe('Basic realm="Bitbucket.org HTTP"');
    expect(headers.has("x-oauth-scopes")).toBe(false);
  });

  test("a token that may not read users is alive all the same", async () => {
    const { status, headers, body } = await get("/user", ana("api-token-read"));
    expect(status).toBe(403);
    expect(headers.get("x-oauth-scopes")).toBe("read:repository:bitbucket");
    expect(body).toEqual(
      failed({
        message: "Your credentials lack one or more required privilege scopes.",
        detail: { required: ["read:user:bitbucket"], granted: ["read:repository:bitbucket"] },
      }),
    );
  });

  test("an access token has no account, but headers", async () => {
    const { status, headers } = await get("/user", bearer(emulator, "repository-token"));
    expect(status).toBe(403);
    expect(headers.get("x-credential-type")).toBe("repo_access_token");
    expect(headers.get("x-oauth-scopes")).toBe("repository:write");
  });

  test.each([
    ["api-token", true],
    ["api-token-unscoped", false],
    ["app-password", true],
  ])("Bearer %s; x-accepted-oauth-scopes: %p", async (label, marked) => {
    const { status, headers, body } = await get("/user", bearer(emulator, label));
    expect(status).toBe(401);
    expect(headers.get("www-authenticate")).toBe("BitbucketCustom realm=Bitbucket.org HTTP");
    expect(body).toEqual(
      failed({ message: "Token is invalid, expired, or not supported for this endpoint." }),
    );
    expect(headers.has("x-accepted-oauth-scopes")).toBe(marked);
  });

  test("an app password", async () => {
    const { status, body } = await get("/user", basic(emulator, "ana", "app-password"));
    expect(status).toBe(401);
    expect(body).toMatchObject(
      failed({ message: "App passwords are deprecated and must be replaced with API tokens." }),
    );
  });

  test("an OAuth token out of date", async () => {
    const { status, body } = await get("/user", bearer(emulator, "oauth-expired"));
    expect(status).toBe(401);
    expect(body).toEqual(
      failed({ message: "Access token expired. Use your refresh token to obtain a new access token." }),
    );
  });

  test("an account password", async () => {
    const { status, headers, body } = await get("/user", basic(emulator, "ana", "account-password"));
    expect(status).toBe(401);
    expect(headers.get("content-type")).toBe("text/plain");
    expect(body).toStartWith("Login failed due to incorrect login credentials or method.\n");
  });

  test("e-mails", async () => {
    const { body } = await get("/user/emails", ana("api-token"));
    expect(body).toMatchObject({ values: [{ email: "ana@acme.example", is_primary: true }], size: 1 });
  });
});

describe("repositories", () => {
  const HIDDEN = failed({
    message:
      "You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.",
  });

  test("one", async () => {
    const { status, body, headers } = await get(
      "/repositories/acme/site",
      bearer(emulator, "repository-token"),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({
      full_name: "acme/site",
      is_private: true,
      mainbranch: { name: "main" },
    });
    expect(headers.get("x-accepted-oauth-scopes")).toBe("repository");
    expect(headers.get("x-ratelimit-limit")).toBe("1000");
  });

  test("HEAD has no body", async () => {
    const { status, body } = await get("/repositories/acme/site", ana("api-token"), { method: "HEAD" });
    expect([status, body]).toEqual([200, ""]);
  });

  test.each([
    ["nobody", "/repositories/acme/site", () => undefined],
    ["a stranger", "/repositories/acme/site", () => basic(emulator, "eve@else.example", "api-token-eve")],
    ["a missing one", "/repositories/acme/missing", () => ana("api-token")],
    ["another's token", "/repositories/acme/site", () => bearer(emulator, "repository-token-docs")],
  ])("hidden: %s", async (_, path, authorization) => {
    const { status, body } = await get(path, authorization());
    expect(status).toBe(404);
    expect(body).toEqual(HIDDEN);
  });

  test("by switch another's token is forbidden", async () => {
    emulator.switches.otherRepositoryRest = 403;
    const { status } = await get("/repositories/acme/site", bearer(emulator, "repository-token-docs"));
    emulator.switches.otherRepositoryRest = 404;
    expect(status).toBe(403);
  });

  test("a legacy scope missing is told in legacy words", async () => {
    const { body } = await get("/repositories/acme/site", bearer(emulator, "repository-token-pipeline"));
    expect(body).toMatchObject({
      error: { detail: { required: ["repository"], granted: ["pipeline:write"] } },
    });
  });

  test("lists come in pages, of ten unless asked, and say what comes next", async () => {
    for (let each = 10; each < 33; each += 1) {
      emulator.world.repositories.set(`other/r${each}`, makeRepository(`other/r${each}`));
    }
    const names: string[] = [];
    const sizes: number[] = [];
    let next: string | undefined = "/repositories/other";
    while (next) {
      const { body } = await get(next, ana("api-token"));
      const page = body as { values: { slug: string }[]; size: number; pagelen: number; next?: string };
      expect([page.size, page.pagelen]).toEqual([24, 10]);
      names.push(...page.values.map(({ slug }) => slug));
      sizes.push(page.values.length);
      next = page.next;
    }
    expect(sizes).toEqual([10, 10, 4]);
    expect(new Set(names).size).toBe(24);
    expect((await get("/repositories/other?pagelen=100", ana("api-token"))).body).toMatchObject({
      pagelen: 100,
    });
    expect((await get("/repositories/other?pagelen=101", ana("api-token"))).status).toBe(400);
  });

  test("nobody sees the public ones only", async () => {
    const { body } = await get("/repositories/acme");
    expect((body as { values: { slug: string }[] }).values.map(({ slug }) => slug)).toEqual(["docs"]);
  });

  test("no such workspace", async () => {
    const { status, body } = await get("/repositories/x", ana("api-token"));
    expect(status).toBe(404);
    expect(body).toEqual(failed({ message: "No workspace with identifier 'x'." }));
  });
});

describe("workspaces of one's own", () => {
  test("all", async () => {
    const { body } = await get("/user/workspaces", ana("api-token"));
    expect(body).toMatchObject({
      values: [{ workspace: { slug: "acme" } }, { workspace: { slug: "other" } }],
    });
  });

  test("a token that is limited to one shows one", async () => {
    const { body } = await get("/user/workspaces", ana("api-token-other-workspace"));
    expect(body).toMatchObject({ values: [{ workspace: { slug: "other" } }], size: 1 });
  });

  test("the permission in one, and in its repositories", async () => {
    const bob = basic(emulator, "bob@acme.example", "api-token-bob");
    expect((await get("/user/workspaces/acme/permission", bob)).body).toMatchObject({ permission: "member" });
    const { body } = await get("/user/workspaces/acme/permissions/repositories", bob);
    const values = (body as { values: { permission: string; repository: { full_name: string } }[] }).values;
    expect(values.map(({ permission, repository }) => [repository.full_name, permission])).toEqual([
      ["acme/site", "read"],
      ["acme/docs", "write"],
      ["acme/guarded", "read"],
    ]);
  });
});

describe("files", () => {
  const SRC = "/repositories/acme/site/src";

  test("raw, with an ETag", async () => {
    const { status, headers, body } = await get(`${SRC}/main/src/index.html`, ana("api-token"));
    expect([status, body]).toEqual([200, "<h1>site</h1>\n"]);
    expect(headers.get("etag")).toMatch(/^"[0-9a-f]{40}"$/);
    expect(headers.get("content-disposition")).toStartWith("attachment");
  });

  test.each([
    ["main/", ["README.md", "src"]],
    ["main/src", ["src/index.html"]],
    ["draft/", ["README.md", "draft.txt", "src"]],
    ["", ["README.md", "src"]],
  ])("the folder %p", async (path, names) => {
    const { body } = await get(`${SRC}/${path}`, ana("api-token"));
    expect((body as { values: { path: string }[] }).values.map((each) => each.path)).toEqual(names);
  });

  test("what a file is", async () => {
    const { body } = await get(`${SRC}/main/README.md?format=meta`, ana("api-token"));
    expect(body).toMatchObject({ type: "commit_file", path: "README.md", size: 7 });
  });

  test.each(["main/missing", "no-such-branch/README.md", "--help/README.md/x"])(
    "%s is missing",
    async (path) => {
      expect((await get(`${SRC}/${path}`, ana("api-token"))).status).toBe(404);
    },
  );
});

describe("keys", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample ana@host";
  const DEPLOY = "/repositories/acme/site/deploy-keys";

  test("an access key is added once and removed", async () => {
    const added = await get(DEPLOY, ana("api-token-keys"), { method: "POST", body: { key, label: "ci" } });
    expect(added.body).toMatchObject({ type: "deploy_key", label: "ci" });
    const again = await get(DEPLOY, ana("api-token-keys"), { method: "POST", body: { key, label: "ci" } });
    expect(again.body).toEqual(failed({ message: "Someone has already registered this as a deploy key." }));
    const { id } = added.body as { id: number };
    expect((await get(`${DEPLOY}/${id}`, ana("api-token-keys"), { method: "DELETE" })).status).toBe(204);
    expect((await get(DEPLOY, ana("api-token-keys"))).body).toMatchObject({ values: [] });
  });

  test("for that, reading and writing code is not enough", async () => {
    const { status, body } = await get(DEPLOY, ana("api-token"));
    expect(status).toBe(403);
    expect(body).toMatchObject({ error: { detail: { required: ["admin:repository:bitbucket"] } } });
  });

  test("one's own key, but not another's", async () => {
    const own = "/users/ana/ssh-keys";
    const added = await get(own, ana("api-token-keys"), { method: "POST", body: { key, label: "laptop" } });
    expect(added.status).toBe(201);
    const { uuid } = added.body as { uuid: string };
    const one = `${own}/${encodeURIComponent(uuid)}`;
    expect((await get(one, ana("api-token-keys"), { method: "DELETE" })).status).toBe(204);
    expect((await get("/users/bob/ssh-keys", ana("api-token-keys"))).status).toBe(403);
  });
});

describe("wrong addresses", () => {
  test.each([
    "/repositories",
    "/workspaces",
    "/snippets",
    "/user/permissions/repositories",
    "/user/permissions/workspaces",
  ])("removed: %s", async (path) => {
    const { status, body } = await get(path);
    expect(status).toBe(410);
    const data = {
      announcement_url: "https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-2770",
    };
    expect(body).toEqual({
      type: "error",
      error: {
        message: "CHANGE-2770 - Functionality has been deprecated",
        detail: "Please read the changelog entry for more details.",
        data,
      },
      data,
    });
  });

  test("removed, and by switch asking first", async () => {
    emulator.switches.removedEndpointsNeedAuth = true;
    expect((await get("/workspaces")).status).toBe(401);
    expect((await get("/workspaces", ana("api-token"))).status).toBe(410);
    emulator.switches.removedEndpointsNeedAuth = false;
  });

  test("unknown", async () => {
    const { status, body } = await get("/nothing", ana("api-token"));
    expect(status).toBe(404);
    expect(body).toEqual(
      failed({ message: "Resource not found", detail: "There is no API hosted at this URL" }),
    );
  });

  test("without /2.0", async () => {
    const { status, body } = await get("https://api.bitbucket.org/user", ana("api-token"));
    expect(status).toBe(403);
    expect(body).toEqual(failed({ message: "Forbidden" }));
  });

  test.each(["api", "!api"])("a token on bitbucket.org/%s", async (prefix) => {
    const { status } = await get(`https://bitbucket.org/${prefix}/2.0/user`, ana("api-token"));
    expect(status).toBe(410);
  });
});
