import type { GenericSchema, InferOutput } from "valibot";

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T;

/** True only where both types allow exactly the same values; whether they may be written to is left aside. */
type Same<A, B> = [Frozen<A>, Frozen<B>] extends [Frozen<B>, Frozen<A>]
  ? [keyof A, keyof B] extends [keyof B, keyof A]
    ? true
    : false
  : false;

/**
 * Takes a schema only if it describes the core's own type, no less and no more; otherwise the type check fails and
 * names this sentence. So what is published cannot drift from what is used.
 */
export function contract<T>() {
  return <S extends GenericSchema>(
    schema: S,
    ..._same: Same<InferOutput<S>, T> extends true ? [] : ["the schema differs from the core's type"]
  ): S => schema;
}
