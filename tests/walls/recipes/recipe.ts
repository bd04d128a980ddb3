import type { Ids } from "../world";

/**
 * How the neighbour test (TEN-09) calls a procedure. A new procedure needs a recipe in the file of its router, else the test fails:
 *
 * - `refers`: inputs that name somebody else's things. Whoever is admitted must be refused, and exactly as for things that do not exist.
 *   One input for each id that the procedure takes, the other ids being one's own.
 * - `filters`: inputs that look for somebody else's things. The answer must be the one for things that do not exist.
 * - `own`: inputs that name nothing of others. The answer must hold nothing of the neighbour's.
 *
 * `theirs` are the neighbour's ids (or absent ones), `mine` those of the caller's tenant.
 */
export type Recipe =
  | { refers: (theirs: Ids, mine: Ids) => unknown[] }
  | { filters: (theirs: Ids) => unknown[] }
  | { own: (mine: Ids) => unknown[] };

export type Recipes = Record<string, Recipe>;
