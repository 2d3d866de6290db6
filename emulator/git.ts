/** Git's smart HTTP: the real `git http-backend`, as a CGI child, streamed both ways. */
import type { Children } from "./children.ts";
import type { Storage } from "./storage.ts";
import { type Credential, fullNameOf, type Repository } from "./world.ts";

/** One request to a repository that has been granted. */
export interface GitRequest {
  request: Request;
  repository: Repository;
  /** `/info/refs`, `/git-upload-pack` or `/git-receive-pack` */
  action: string;
  /** `?service=…` of an advertisement; else empty. */
  query: string;
  credential: Credential | null;
}

/** What the hooks of the repository go by: whose push it is says which branches are closed to it. */
export function hookEnvironment(repository: Repository, owner: string | null): Record<string, string> {
  const closed = repository.restrictions.filter(({ allowed }) => !allowed.includes(owner ?? ""));
  return {
    EMULATOR_REPOSITORY: fullNameOf(repository),
    EMULATOR_MAIN_BRANCH: repository.mainBranch,
    EMULATOR_RESTRICTED: closed.map(({ branch }) => branch).join(" "),
  };
}

function environment(of: GitRequest, storage: Storage): Record<string, string> {
  const { request, repository } = of;
  const header = (name: string): string => request.headers.get(name) ?? "";
  return {
    GIT_PROJECT_ROOT: storage.root,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: `/${fullNameOf(repository)}.git${of.action}`,
    QUERY_STRING: of.query,
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: header("content-type"),
    HTTP_CONTENT_ENCODING: header("content-encoding"),
    GIT_PROTOCOL: header("git-protocol"),
    REMOTE_USER: of.credential?.label ?? "anonymous",
    REMOTE_ADDR: "127.0.0.1",
    ...hookEnvironment(repository, of.credential?.owner ?? null),
  };
}

/** Feeds a request body to the child; a child that reads no further has its reasons. */
async function feed(body: Request["body"], stdin: Bun.FileSink): Promise<void> {
  try {
    for await (const chunk of body ?? []) {
      stdin.write(chunk);
      await stdin.flush();
    }
  } finally {
    await stdin.end();
  }
}

interface CgiHead {
  status: number;
  headers: Headers;
}

function parseHead(text: string): CgiHead {
  const headers = new Headers();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name && value !== undefined) headers.append(name, value);
  }
  const status = Number.parseInt(headers.get("status") ?? "200", 10);
  headers.delete("status");
  return { status, headers };
}

/** Splits what a CGI program writes into its head and a stream of the rest. */
async function cgiAnswer(stdout: ReadableStream<Uint8Array>): Promise<CgiHead & { body: ReadableStream }> {
  const reader = stdout.getReader();
  let got = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const { done, value } = await reader.read();
    if (done) break;
    got = Buffer.concat([got, value]);
    end = got.indexOf("\r\n\r\n");
  }
  if (end < 0) return { status: 500, headers: new Headers(), body: new Blob([]).stream() };
  const rest = got.subarray(end + 4);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (rest.length > 0) controller.enqueue(new Uint8Array(rest));
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: () => reader.cancel(),
  });
  return { ...parseHead(got.toString("latin1", 0, end)), body };
}

const ANNOUNCEMENT = /^([0-9a-f]{4})(# service=[a-z-]+)\n/;

/** Bitbucket's first line, which has no line feed. Protocol version 2 has no such line. [seen once] */
function withoutLineFeed(advertisement: Buffer): Buffer {
  const found = ANNOUNCEMENT.exec(advertisement.toString("latin1", 0, 64));
  if (!found) return advertisement;
  const [whole, length = "", text = ""] = found;
  const shorter = (Number.parseInt(length, 16) - 1).toString(16).padStart(4, "0");
  return Buffer.concat([Buffer.from(shorter + text), advertisement.subarray(whole.length)]);
}

/** Answers with what real git says. `serviceLineLf`: leave the advertisement as git writes it. */
export async function serveGit(
  of: GitRequest,
  storage: Storage,
  children: Children,
  serviceLineLf: boolean,
): Promise<Response> {
  await storage.folderOf(of.repository);
  const child = children.git(["http-backend"], environment(of, storage), of.request.signal);
  // http-backend relays hooks' words over HTTP; its own complaints would otherwise fill the pipe.
  new Response(child.stderr).text().catch(() => "");
  feed(of.request.body, child.stdin).catch(() => child.kill());
  const { status, headers, body } = await cgiAnswer(child.stdout);
  if (of.action !== "/info/refs" || serviceLineLf) return new Response(body, { status, headers });
  const advertisement = Buffer.from(await new Response(body).arrayBuffer());
  return new Response(new Uint8Array(withoutLineFeed(advertisement)), { status, headers });
}
