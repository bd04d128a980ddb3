import type { JobName } from "~/server/outbox/jobs";
import { refreshCertificates } from "~/server/services/channel";
import { rollUp } from "~/server/services/dashboard";
import { sealEvents } from "~/server/services/event";
import { cancelBatch, pollFacetoface, submitOrder } from "~/server/services/facetoface";
import { checkBooks } from "~/server/services/invariant";
import { applyStored, tidyUp } from "~/server/services/notification";
import { cancelPaymentAtProviders, closeTransaction, expirePayment, finishPayment, queryTransaction } from "~/server/services/payment";
import { beginDays, reconcileDay } from "~/server/services/reconciliation";
import type { Handler } from "./run-job";

/** Every job by name. A job without a handler does not compile. */
export const handlers = {
  "apply-notification": applyStored,
  "query-transaction": queryTransaction,
  "close-transaction": closeTransaction,
  "finish-payment": finishPayment,
  "expire-payment": expirePayment,
  "cancel-payment": cancelPaymentAtProviders,
  "roll-up": rollUp,
  "seal-events": sealEvents,
  "tidy-up": tidyUp,
  "check-books": checkBooks,
  "refresh-certificates": refreshCertificates,
  "begin-days": beginDays,
  "reconcile-day": reconcileDay,
  "submit-facetoface": submitOrder,
  "cancel-facetoface-batch": cancelBatch,
  "poll-facetoface": (ctx, subject) => pollFacetoface(ctx, subject),
} satisfies Record<JobName, Handler>;
