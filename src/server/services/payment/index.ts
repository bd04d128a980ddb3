export { type Applied, applyTrade, buyerPlace, isRace, judge, lockAttempt } from "./apply-trade";
export { type Attempt, type AttemptRequest, launchAttempt, prepareAttempt, startAttempt } from "./attempt";
export { checkoutUrl, tokenHash } from "./checkout-link";
export { cancelPayment, cancelPaymentAtProviders, closeTransaction, expirePayment, findPayment, finishPayment, getPayment } from "./close";
export { type CreatedPayment, createPayment } from "./create";
export type { Payment, Transaction } from "./move";
export { findTransaction, getTransaction, queryAttempt, queryTransaction } from "./query";
