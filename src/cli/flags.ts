/** Parts of the command table that several commands share. */

export const text = (input: string): string => input;

export const formatFlags = {
  format: { kind: "enum", values: ["text", "json"], default: "text", brief: "How results are written" },
  json: { kind: "boolean", default: false, withNegated: false, brief: "Short for --format json" },
} as const;

export const changeFlags = {
  yes: {
    kind: "boolean",
    default: false,
    withNegated: false,
    brief: "Agree to all safe steps; the token comes from stdin",
  },
} as const;

/** Where no token is asked for. */
export const yesFlags = {
  yes: { kind: "boolean", default: false, withNegated: false, brief: "Agree without being asked" },
} as const;

/** At most one argument. */
export const one = (brief: string, placeholder: string) =>
  ({ kind: "array", parameter: { brief, parse: text, placeholder }, maximum: 1 }) as const;
