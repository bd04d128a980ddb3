export { type Applied, applyTrade, buyerPlace, isRace, judge, lockAttempt } from "./apply-trade";
export { type Attempt, type AttemptRequest, findFirstAttempt, launchAttempt, prepareAttempt, startAttempt } from "./attempt";
export { askFromCheckout, type Checkout, type CheckoutView, getCheckout, openCheckout, startFromCheckout } from "./checkout";
export { checkoutUrl, tokenHash } from "./checkout-link";
export { cancelPayment, cancelPaymentAtProviders, closeTransaction, expirePayment, findPayment, finishPayment, getPayment } from "./close";
export { type CreatedPayment, createPayment } from "./create";
export type { Payment, Transaction } from "./move";
export { countPayments, getPaymentDetail, listPayments, sumPayments } from "./queries";
export { findTransaction, getTransaction, queryAttempt, queryTransaction } from "./query";
