/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { ansible } from "./recognise/ansible.ts";
import { atlantis } from "./recognise/atlantis.ts";
import { bitbucketPipelines } from "./recognise/bitbucket-pipelines.ts";
import { bundler } from "./recognise/bundler.ts";
import { cargo } from "./recognise/cargo.ts";
import { compose } from "./recognise/compose.ts";
import { composer } from "./recognise/composer.ts";
import { composerAuth } from "./recognise/composer-auth.ts";
import { crontab } from "./recognise/crontab.ts";
import { dependabot } from "./recognise/dependabot.ts";
import { deploy } from "./recognise/deploy.ts";
import { dockerBuild } from "./recognise/docker-build.ts";
import { dockerConfig } from "./recognise/docker-config.ts";
import { dockerfile } from "./recognise/dockerfile.ts";
import { documentation } from "./recognise/documentation.ts";
import { gitConfig } from "./recognise/git-config.ts";
import { gitCredentials } from "./recognise/git-credentials.ts";
import { gitTraces } from "./recognise/git-traces.ts";
import { githubActions } from "./recognise/github-actions.ts";
import { gitlabCi } from "./recognise/gitlab-ci.ts";
import { gitops } from "./recognise/gitops.ts";
import { go } from "./recognise/go.ts";
import { gradle } from "./recognise/gradle.ts";
import { ide } from "./recognise/ide.ts";
import { jenkinsCasc } from "./recognise/jenkins-casc.ts";
import { jenkinsCredentials } from "./recognise/jenkins-credentials.ts";
import { jenkinsInit } from "./recognise/jenkins-init.ts";
import { jenkinsJob } from "./recognise/jenkins-job.ts";
import { jenkinsfile } from "./recognise/jenkinsfile.ts";
import { kubernetes } from "./recognise/kubernetes.ts";
import { log } from "./recognise/log.ts";
import { maven } from "./recognise/maven.ts";
import { netrc } from "./recognise/netrc.ts";
import { npm } from "./recognise/npm.ts";
import { otherCi } from "./recognise/other-ci.ts";
import { python } from "./recognise/python.ts";
import { renovate } from "./recognise/renovate.ts";
import { shell } from "./recognise/shell.ts";
import { shellHistory } from "./recognise/shell-history.ts";
import { sourcetree } from "./recognise/sourcetree.ts";
import { swiftpm } from "./recognise/swiftpm.ts";
import { systemd } from "./recognise/systemd.ts";
import { terraform } from "./recognise/terraform.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  gitConfig,
  gitCredentials,
  netrc,
  gitTraces,
  shellHistory,
  crontab,
  systemd,
  shell,
  documentation,
  log,
  // Servers and infrastructure
  kubernetes,
  gitops,
  terraform,
  ansible,
  deploy,
  atlantis,
  // Package managers
  composer,
  composerAuth,
  npm,
  python,
  go,
  cargo,
  swiftpm,
  bundler,
  maven,
  gradle,
  dockerfile,
  dockerBuild,
  compose,
  dockerConfig,
  // CI
  jenkinsfile,
  jenkinsJob,
  jenkinsCredentials,
  jenkinsCasc,
  jenkinsInit,
  githubActions,
  gitlabCi,
  bitbucketPipelines,
  dependabot,
  renovate,
  otherCi,
  // Programs on a desktop
  sourcetree,
  ide,
];
