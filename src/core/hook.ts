/** The hooks in which Git can be kept from taking or sending a credential. Pure. */
export const HOOKS = ["pre-commit", "pre-push"] as const;

export type Hook = (typeof HOOKS)[number];
