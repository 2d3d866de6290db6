/** Surroundings of a credential in the files of builds, packages and servers. */
import type { Context, SignsIn } from "./detection.ts";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

const remote = ({ user, secret }: SignsIn): string =>
  `https://${user}:${secret}@bitbucket.org/acme/widgets.git`;

export const BUILD_CONTEXTS: readonly Context[] = [
  {
    title: "Composer's auth.json",
    path: "/srv/site/auth.json",
    line: 5,
    text: ({ login, secret }) =>
      `{\n  "http-basic": {\n    "bitbucket.org": {\n      "username": "${login}",\n      "password": "${secret}"\n    }\n  }\n}\n`,
  },
  {
    title: "COMPOSER_AUTH with escaped JSON",
    path: "/srv/site/docker-compose.yml",
    line: 4,
    text: ({ login, secret }) => {
      const json = JSON.stringify({
        "http-basic": { "bitbucket.org": { username: login, password: secret } },
      });
      return `services:\n  web:\n    environment:\n      COMPOSER_AUTH: ${JSON.stringify(json)}\n`;
    },
  },
  {
    title: "Bundler's configuration",
    path: "/srv/site/.bundle/config",
    line: 2,
    text: ({ user, secret }) => `---\nBUNDLE_BITBUCKET__ORG: "${user}:${secret}"\n`,
  },
  {
    title: "package.json",
    path: "/srv/site/package.json",
    line: 3,
    text: (one) => `{\n  "dependencies": {\n    "widgets": "git+${remote(one)}#v1.2.0"\n  }\n}\n`,
  },
  {
    title: "yarn.lock",
    path: "/srv/site/yarn.lock",
    line: 3,
    text: (one) =>
      `"widgets@git+https://bitbucket.org/acme/widgets.git":\n  version "1.2.0"\n  resolved "git+${remote(one)}#0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"\n`,
  },
  {
    title: "requirements.txt",
    path: "/srv/app/requirements.txt",
    line: 2,
    text: (one) => `requests==2.32.3\nwidgets @ git+${remote(one)}@v1.2.0\n`,
  },
  {
    title: "a Dockerfile",
    path: "/srv/app/Dockerfile",
    line: 2,
    text: ({ user, secret }) =>
      `FROM golang:1.24\nRUN git config --global url."https://${user}:${secret}@bitbucket.org/".insteadOf "https://bitbucket.org/"\n`,
  },
  {
    title: "Compose's arguments of a build",
    path: "/srv/app/compose.yaml",
    line: 6,
    text: ({ secret }) =>
      `services:\n  web:\n    build:\n      context: .\n      args:\n        - BITBUCKET_ACCESS_TOKEN=${secret}\n`,
  },
  {
    title: "the data of a Kubernetes Secret",
    path: "/srv/k8s/git-credentials.yaml",
    line: 8,
    text: ({ user, secret }) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: bitbucket-widgets\ntype: Opaque\ndata:\n  username: ${base64(user)}\n  password: ${base64(secret)}\n`,
  },
  {
    title: "Argo CD's repository",
    path: "/srv/gitops/repository.yaml",
    line: 11,
    text: ({ user, secret }) =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: widgets\n  labels:\n    argocd.argoproj.io/secret-type: repository\nstringData:\n  type: git\n  url: https://bitbucket.org/acme/widgets.git\n  username: ${user}\n  password: ${secret}\n`,
  },
  {
    title: "a module's source in Terraform",
    path: "/srv/infra/main.tf",
    line: 2,
    text: (one) => `module "network" {\n  source = "git::${remote(one)}//network?ref=v3"\n}\n`,
  },
  {
    title: "Ansible's git",
    path: "/srv/infra/deploy.yml",
    line: 4,
    text: (one) =>
      `- hosts: web\n  tasks:\n    - ansible.builtin.git:\n        repo: "${remote(one)}"\n        dest: /srv/widgets\n`,
  },
  {
    title: "a script of Jenkins",
    path: "/var/lib/jenkins/init.groovy.d/credentials.groovy",
    line: 2,
    text: ({ user, secret }) =>
      `import com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl\nnew UsernamePasswordCredentialsImpl(CredentialsScope.GLOBAL, "bitbucket", "Bitbucket", "${user}", "${secret}")\n`,
  },
  {
    title: "a workflow of GitHub",
    path: "/srv/site/.github/workflows/mirror.yml",
    line: 5,
    text: (one) => `on: push\njobs:\n  mirror:\n    steps:\n      - run: git push --mirror ${remote(one)}\n`,
  },
  {
    title: "Bitbucket Pipelines",
    path: "/srv/site/bitbucket-pipelines.yml",
    line: 6,
    text: ({ secret }) =>
      `pipelines:\n  default:\n    - step:\n        script:\n          - pipe: atlassian/bitbucket-upload-file:0.7.1\n            variables: { BITBUCKET_USERNAME: ana, BITBUCKET_APP_PASSWORD: "${secret}", FILENAME: a.zip }\n`,
  },
];
