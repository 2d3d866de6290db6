import type { Source } from "./setup.ts";

/** How a source is called in a sentence. */
export function labelOf(source: Source): string {
  switch (source.kind) {
    case "url":
      return "the URL";
    case "netrc":
      return "netrc";
    case "header":
      return `\`${source.label}\``;
    case "helper":
      return source.label.startsWith("a ") ? source.label : `the helper \`${source.label}\``;
    default:
      return source.label;
  }
}
