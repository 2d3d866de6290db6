/** Every format that is recognised, in the order in which their word counts where several see the same place. */
import type { Format } from "./format.ts";
import { bitbucketPipelines } from "./recognise/bitbucket-pipelines.ts";
import { composer } from "./recognise/composer.ts";
import { dependabot } from "./recognise/dependabot.ts";
import { githubActions } from "./recognise/github-actions.ts";
import { gitlabCi } from "./recognise/gitlab-ci.ts";
import { jenkinsCasc } from "./recognise/jenkins-casc.ts";
import { jenkinsCredentials } from "./recognise/jenkins-credentials.ts";
import { jenkinsInit } from "./recognise/jenkins-init.ts";
import { jenkinsJob } from "./recognise/jenkins-job.ts";
import { jenkinsfile } from "./recognise/jenkinsfile.ts";
import { otherCi } from "./recognise/other-ci.ts";
import { renovate } from "./recognise/renovate.ts";

export const FORMATS: readonly Format[] = [
  // Git and the shell
  // Package managers
  composer,
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
  // Servers and infrastructure
  // Programs on a desktop
];
