import { router } from "~/server/api/trpc";
import { checkoutRouter } from "./checkout";

/** Pages without an account. */
export const publicRouter = router({
  checkout: checkoutRouter,
});
