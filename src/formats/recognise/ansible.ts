/** Ansible: what its tasks clone, what they are given, and the variables of its roles for Bitbucket. */
import type { Format } from "../format.ts";
import { pairSeen } from "../shapes/pair.ts";
import { urlsIn } from "../shapes/urls.ts";
import type { Sighting } from "../sighting.ts";
import { beside, keyOf, type Leaf } from "../structure/leaf.ts";
import { yamlLeaves } from "../structure/yaml.ts";
import { urlSeen } from "./text.ts";

const OF_REPO =
  "write `git@bitbucket.org:…` with `key_file` and an access key of the repository; a URL with a password stays in the clone's `.git/config`";

const OF_VARIABLE =
  "put the value into Ansible Vault; where a module asks REST, the user becomes the Atlassian e-mail and the password an API token, with `no_log`";

const SECRET = /^(?:bitbucket_(?:app_)?(?:password|token|pass)|BITBUCKET_PASSWORD)$/;

const USERS = ["bitbucket_user", "bitbucket_username", "BITBUCKET_USERNAME"];

/** Vault's own text is no secret: only who has its key reads it. */
const isVaulted = ({ value }: Leaf): boolean => value.startsWith("$ANSIBLE_VAULT");

function ofVariable(leaf: Leaf, leaves: readonly Leaf[]): Sighting[] {
  return pairSeen({
    user: beside(leaf, leaves, USERS)?.value ?? null,
    secret: leaf.value,
    start: leaf.start,
    end: leaf.end,
    use: keyOf(leaf) === "BITBUCKET_PASSWORD" ? "rest" : "unknown",
    place: `\`${keyOf(leaf)}\``,
    advice: OF_VARIABLE,
  });
}

function ofRepo(leaf: Leaf, text: string): Sighting[] {
  return urlsIn(text.slice(leaf.start, leaf.end)).flatMap((url) =>
    urlSeen(url, { place: "`repo` of a task", advice: OF_REPO }).map((one) => ({
      ...one,
      start: one.start + leaf.start,
      end: one.end + leaf.start,
    })),
  );
}

function find(text: string): Sighting[] {
  if (!/bitbucket/i.test(text)) return [];
  const leaves = yamlLeaves(text);
  return leaves.flatMap((leaf) => {
    if (isVaulted(leaf)) return [];
    if (SECRET.test(keyOf(leaf))) return ofVariable(leaf, leaves);
    return keyOf(leaf) === "repo" ? ofRepo(leaf, text) : [];
  });
}

export const ansible: Format = {
  id: "ansible",
  title: "Ansible: tasks and variables",
  claims: (path) =>
    /\/(?:tasks|handlers|defaults|vars|group_vars|host_vars|playbooks)\/.*\.ya?ml$|\/(?:playbook|site|deploy)[\w-]*\.ya?ml$|\/(?:group|host)_vars\/[^/.]+$/.test(
      path,
    ),
  find,
  examples: () => [
    {
      title: "a task that clones with a password",
      path: "/srv/ops/roles/site/tasks/main.yml",
      text: ({ app }) =>
        `- name: Clone\n  ansible.builtin.git:\n    repo: "https://ana:${app}@bitbucket.org/acme/widgets.git"\n    dest: /srv/widgets\n`,
      finds: [{ line: 3, kind: "app-password", certainty: "literal-verified", user: "ana", use: "git" }],
    },
    {
      title: "variables of a role",
      path: "/srv/ops/group_vars/all.yml",
      text: ({ legacy }) => `bitbucket_user: ana\nbitbucket_password: ${legacy}\n`,
      finds: [{ line: 2, kind: "legacy-app-password", certainty: "literal-shaped", user: "ana" }],
    },
    {
      title: "the environment of a module that asks REST with a user's name",
      path: "/srv/ops/playbooks/keys.yml",
      text: ({ api }) =>
        `- hosts: localhost\n  environment:\n    BITBUCKET_USERNAME: ana\n    BITBUCKET_PASSWORD: ${api}\n`,
      finds: [
        { line: 4, kind: "api-token", certainty: "literal-verified", use: "rest", trouble: "wrong-user" },
      ],
    },
    {
      title: "a repository whose user and password are variables",
      path: "/srv/ops/roles/site/tasks/main.yml",
      text: () =>
        '- git:\n    repo: "https://{{ bitbucket_user }}:{{ bitbucket_password }}@bitbucket.org/acme/widgets.git"\n',
      finds: [
        { line: 2, kind: "unknown", certainty: "variable-named", name: "bitbucket_password", use: "git" },
      ],
    },
    {
      title: "Ansible Vault, and SSH",
      path: "/srv/ops/group_vars/all.yml",
      text: () =>
        "bitbucket_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6638643965323633646262656665\nrepo: git@bitbucket.org:acme/widgets.git\n",
      finds: [],
    },
  ],
};
