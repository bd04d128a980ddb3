import { z } from "zod";
import { CivilDateSchema } from "./civil-date";
import { notificationMachine } from "./notification";
import { idOf } from "./payment-input";
import { ProviderSchema } from "./provider-input";

export const ListNotifications = z.strictObject({
  state: z.enum(notificationMachine.states).optional(),
  provider: ProviderSchema.optional(),
  channelId: idOf("channel").optional(),
  /** Our number or the provider's, exactly. */
  q: z.string().trim().min(1).max(64).optional(),
  from: CivilDateSchema.optional(),
  to: CivilDateSchema.optional(),
  cursor: z.string().max(200).optional(),
  limit: z.number().int().min(1).max(100).default(50),
});
export type ListNotificationsInput = z.output<typeof ListNotifications>;

export const RerunNotification = z.strictObject({ notificationId: idOf("notification"), mode: z.enum(["dry", "real"]) });
