/** Where commands and environments are written down, whatever language it is in. */
import { baseName } from "../format.ts";

const NAMES =
  /^(?:Dockerfile|Containerfile|Makefile|Justfile|Taskfile|Jenkinsfile|Vagrantfile|Procfile|\.env|\.?bash|\.?zsh|\.?profile|environment)/i;

const ENDINGS =
  /\.(?:sh|bash|zsh|fish|ksh|ps1|bat|cmd|env|envrc|ya?ml|toml|ini|conf|cfg|json|mk|py|rb|pl|php|js|ts|groovy|dockerfile|service|tf|md|rst|txt|log|plist)$/i;

/** Whether a file may hold commands or variables of an environment: by its name, its ending, or having no ending. */
export function isScript(path: string): boolean {
  const name = baseName(path);
  return NAMES.test(name) || ENDINGS.test(name) || !name.slice(1).includes(".");
}
