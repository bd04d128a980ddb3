import type { Ctx } from "~/server/context";

/** Where a worker dies: at its nth turn at the database, before it or after its commit. Calls lie between turns, so this is everywhere. */
export type Death = { turn: number; when: "before" | "after" };

export class Died extends Error {
  override readonly name = "Died";
}

/** A context whose work ends at one point, as that of a process which is killed there: what was committed stays, nothing follows. */
export function dying(ctx: Ctx, death: Death | null): { ctx: Ctx; turns(): number } {
  let turns = 0;
  const through =
    (run: Ctx["transaction"]): Ctx["transaction"] =>
    async (work) => {
      turns += 1;
      const isOver = death !== null && (turns > death.turn || (turns === death.turn && death.when === "before"));
      if (isOver) throw new Died();
      const result = await run(work);
      if (turns === death?.turn) throw new Died();
      return result;
    };
  return { ctx: { ...ctx, transaction: through(ctx.transaction), read: through(ctx.read) }, turns: () => turns };
}
