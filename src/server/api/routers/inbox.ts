import { z } from "zod";
import { ListNotifications, RerunNotification } from "~/domain/notification-input";
import { idOf } from "~/domain/payment-input";
import { router, tenantProcedure } from "~/server/api/trpc";
import * as notification from "~/server/services/notification";

export const inboxRouter = router({
  list: tenantProcedure("inbox.read")
    .input(ListNotifications)
    .query(({ ctx, input }) => notification.listNotifications(ctx.service, input)),
  counts: tenantProcedure("inbox.read")
    .input(ListNotifications)
    .query(({ ctx, input }) => notification.countNotifications(ctx.service, input)),
  get: tenantProcedure("inbox.read")
    .input(z.strictObject({ notificationId: idOf("notification") }))
    .query(({ ctx, input }) => notification.getNotificationDetail(ctx.service, input.notificationId)),
  rerun: tenantProcedure("inbox.rerun")
    .input(RerunNotification)
    .mutation(({ ctx, input }) => notification.rerunNotification(ctx.service, input.notificationId, input.mode)),
});
