/** The one place that names this version; a test compares it with package.json. */
export const VERSION = "0.1.0";

export const TOOL = { name: "git-rekey", version: VERSION } as const;
