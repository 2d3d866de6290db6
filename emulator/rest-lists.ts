/** Accounts, workspaces and repositories as REST tells them: the members that tools read. [doc] */
import { noWorkspace } from "./answers.ts";
import { permissionOf } from "./authenticate.ts";
import { page } from "./paging.ts";
import type { Granted } from "./rest-endpoints.ts";
import { type Account, covers, fullNameOf, ownerOf, type Repository, type Workspace } from "./world.ts";

const API = "https://api.bitbucket.org/2.0";

function accountBody(account: Account): Record<string, unknown> {
  return {
    type: "user",
    uuid: account.uuid,
    account_id: account.accountId,
    display_name: account.displayName,
    nickname: account.username,
    username: account.username,
    links: { self: { href: `${API}/users/${encodeURIComponent(account.uuid)}` } },
  };
}

function workspaceBody({ slug, name, uuid }: Workspace): Record<string, unknown> {
  return { type: "workspace", slug, name, uuid, links: { self: { href: `${API}/workspaces/${slug}` } } };
}

function repositoryBody(repository: Repository): Record<string, unknown> {
  const fullName = fullNameOf(repository);
  const { slug, uuid, workspace, project, mainBranch } = repository;
  return {
    type: "repository",
    full_name: fullName,
    name: slug,
    slug,
    uuid,
    scm: "git",
    is_private: repository.private,
    workspace: { type: "workspace", slug: workspace },
    project: { type: "project", key: project },
    mainbranch: { type: "branch", name: mainBranch },
    links: {
      self: { href: `${API}/repositories/${fullName}` },
      html: { href: `https://bitbucket.org/${fullName}` },
      clone: [
        { name: "https", href: `https://bitbucket.org/${fullName}.git` },
        { name: "ssh", href: `git@bitbucket.org:${fullName}.git` },
      ],
    },
  };
}

/** Endpoints about an account are only reached with one. */
function asking({ of, credential }: Granted): Account {
  const account = ownerOf(of.world, credential);
  if (!account) throw new Error("an account was needed");
  return account;
}

/** Those the account is a member of, within what its token is limited to. */
function ownWorkspaces(granted: Granted): Workspace[] {
  const { username } = asking(granted);
  const limit = granted.credential?.limit?.workspace;
  return [...granted.of.world.workspaces.values()].filter(
    ({ slug, members }) => members.has(username) && (limit ?? slug) === slug,
  );
}

function visible({ of, credential, parameters }: Granted): Repository[] {
  return [...of.world.repositories.values()].filter(
    (each) =>
      each.workspace === parameters.workspace &&
      covers(credential?.limit ?? null, each) &&
      permissionOf(of.world, credential, each) !== "none",
  );
}

export function user(granted: Granted): Response {
  return Response.json(accountBody(asking(granted)));
}

export function emails(granted: Granted): Response {
  const { email } = asking(granted);
  return page([{ type: "email", email, is_primary: true, is_confirmed: true }], granted.call.url);
}

export function workspaces(granted: Granted): Response {
  const { username } = asking(granted);
  const values = ownWorkspaces(granted).map((each) => ({
    type: "workspace_access",
    administrator: each.members.get(username) === "owner",
    workspace: workspaceBody(each),
  }));
  return page(values, granted.call.url);
}

export function workspacePermission(granted: Granted): Response {
  const { workspace = "" } = granted.parameters;
  const found = ownWorkspaces(granted).find(({ slug }) => slug === workspace);
  if (!found) return noWorkspace(workspace);
  const account = asking(granted);
  return Response.json({
    type: "workspace_membership",
    permission: found.members.get(account.username),
    user: accountBody(account),
    workspace: workspaceBody(found),
  });
}

export function repositoryPermissions(granted: Granted): Response {
  const { workspace = "" } = granted.parameters;
  if (!ownWorkspaces(granted).some(({ slug }) => slug === workspace)) return noWorkspace(workspace);
  const user = accountBody(asking(granted));
  const values = visible(granted).map((repository) => ({
    type: "repository_permission",
    permission: permissionOf(granted.of.world, granted.credential, repository),
    user,
    repository: { type: "repository", full_name: fullNameOf(repository), uuid: repository.uuid },
  }));
  return page(values, granted.call.url);
}

export function repositories(granted: Granted): Response {
  const { workspace = "" } = granted.parameters;
  if (!granted.of.world.workspaces.has(workspace)) return noWorkspace(workspace);
  return page(visible(granted).map(repositoryBody), granted.call.url);
}

export function repository(granted: Granted): Response {
  if (!granted.repository) throw new Error("a repository was needed");
  return Response.json(repositoryBody(granted.repository));
}
