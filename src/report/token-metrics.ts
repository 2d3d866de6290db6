/** Prometheus' text format, for the textfile folder of a node exporter. */

import { endOf } from "../core/account.ts";
import type { ReportedToken, TokenReport } from "../core/token-report.ts";

/** As the format wants values of labels: backslash, quote and line end escaped. */
function labelsOf({ name, kind }: ReportedToken): string {
  const escaped = name.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
  return `{name="${escaped}",kind="${kind}"}`;
}

interface Metric {
  name: string;
  help: string;
  samples: readonly string[];
}

function metricText({ name, help, samples }: Metric): string {
  if (samples.length === 0) return "";
  const lines = samples.map((sample) => `${name}${sample}`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("\n")}\n`;
}

/** In whole seconds. Null: there is no sample. */
function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.floor(milliseconds / 1000);
}

function perToken(
  tokens: readonly ReportedToken[],
  value: (token: ReportedToken) => number | null,
): string[] {
  return tokens.flatMap((token) => {
    const known = value(token);
    return known === null ? [] : [`${labelsOf(token)} ${known}`];
  });
}

/** All tokens, those that expire soon and the others: what is soon is for the alert to say. */
export function tokenMetrics({ tokens, toRevoke }: Pick<TokenReport, "tokens" | "toRevoke">): string {
  const metrics: Metric[] = [
    {
      name: "git_rekey_token_expiry_timestamp_seconds",
      help: "When the token expires: the end of its last day, UTC.",
      samples: perToken(tokens, ({ expires }) => seconds(expires === null ? null : endOf(expires))),
    },
    {
      name: "git_rekey_token_last_accepted_timestamp_seconds",
      help: "When Bitbucket last accepted the token from Git.",
      samples: perToken(tokens, ({ acceptedAt }) =>
        seconds(acceptedAt === null ? null : Date.parse(acceptedAt)),
      ),
    },
    {
      name: "git_rekey_token_refusals",
      help: "How often Bitbucket has refused the token since it last accepted it.",
      samples: perToken(tokens, ({ refusals }) => refusals),
    },
    { name: "git_rekey_tokens", help: "Tokens that git-rekey answers with.", samples: [` ${tokens.length}`] },
    {
      name: "git_rekey_tokens_to_revoke",
      help: "Tokens that are no longer used here and are still to be revoked at Bitbucket.",
      samples: [` ${toRevoke.length}`],
    },
  ];
  return metrics.map(metricText).join("");
}
