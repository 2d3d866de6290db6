import { availableParallelism } from "node:os";

/** How many threads run at the same time here. */
export function processors(): number {
  return availableParallelism();
}
