import { router, userProcedure } from "~/server/api/trpc";

export const memberRouter = router({
  /** Who is signed in. */
  me: userProcedure.query(({ ctx }) => {
    const { userId, name, email, locale, isOperator } = ctx.identity;
    return { userId, name, email, locale, isOperator };
  }),
});
