import type { ListFacetofaceInput } from "~/domain/facetoface-input";
import type { Ctx } from "~/server/context";
import { emit } from "~/server/services/event";
import { listFacetoface } from "./queries";

/** More rows than a person reads; who needs more narrows the filter. */
const EXPORT_MAX = 10_000;
const PAGE = 500;

export type ExportedFacetoface = Awaited<ReturnType<typeof listFacetoface>>["items"][number];

/**
 * The applications under a filter in the order of the list, a page at a time, at most EXPORT_MAX of them. That somebody took them
 * is in the audit log before the first row leaves; what they searched for is not, it may be a name (PII-01).
 */
export async function* exportFacetoface(ctx: Ctx, input: ListFacetofaceInput): AsyncGenerator<ExportedFacetoface[], void> {
  const { q, cursor: _cursor, limit: _limit, ...filter } = input;
  const details = { ...filter, searched: q !== undefined, rowsMax: EXPORT_MAX };
  await ctx.transaction((tx) => emit(tx, ctx, { type: "facetoface.export", subject: ctx.tenantId, details }));
  let cursor: string | undefined;
  for (let count = 0; count < EXPORT_MAX; count += PAGE) {
    const page = await listFacetoface(ctx, { ...input, cursor, limit: PAGE });
    yield page.items;
    if (!page.nextCursor) return;
    cursor = page.nextCursor;
  }
}
