import { batchExpiresAt, orderStatus } from "../alipay/agent/batch";
import { type AgentOrderEvent, agentOrderMachine } from "../alipay/agent/machine";
import { ACCOUNT_WISHES } from "../alipay/agent/wishes";
import { confirmUrl } from "../alipay/methods/agent";
import type { AgentBatch } from "../state";
import type { World } from "../world";
import type { ApplicationView, FacetofaceBatchView, FacetofaceDesk } from "./types";

const DESK_MAX = 200;

export function facetofaceBatchView(origin: string, batch: AgentBatch): FacetofaceBatchView {
  const { order } = batch;
  const move = order?.moves.at(-1);
  return {
    batchNo: batch.batchNo,
    appId: batch.appId,
    batchStatus: batch.status,
    orderNo: order?.orderNo ?? null,
    orderStatus: move?.status ?? null,
    rejectReason: move?.reason ?? null,
    confirmUrl: order && move?.status === "MERCHANT_CONFIRM" ? confirmUrl(origin, order) : null,
    account: batch.account,
    shopName: batch.product?.fields.shop_name ?? null,
    pictures: (batch.product?.pictures ?? []).map(({ name, bytes }) => ({ name, bytes })),
    createdAt: batch.createdAt.toISOString(),
    confirmedTimes: batch.confirmedTimes,
  };
}

/** Everything that was sent, for the reviewer's desk and the merchant's page. */
export function applicationView(world: World, origin: string, batch: AgentBatch): ApplicationView {
  const { order, product } = batch;
  const can = (event: AgentOrderEvent) => order !== null && agentOrderMachine.can(orderStatus(order), event);
  return {
    ...facetofaceBatchView(origin, batch),
    appName: world.state.alipay.accounts.get(batch.appId)?.name ?? null,
    merchantPid: batch.merchantPid,
    contact: batch.contact,
    orderTicket: batch.orderTicket,
    fields: product?.fields ?? {},
    shopAddress: product?.shopAddress ?? {},
    pictures: (product?.pictures ?? []).map(({ name, filename, format, bytes, sha256 }) => ({
      name,
      filename,
      format,
      bytes,
      // The hash tells a browser when the picture is another one.
      url: `/control/facetoface/picture?${new URLSearchParams({ batchNo: batch.batchNo, name, v: sha256.slice(0, 12) })}`,
    })),
    signedAt: product?.at.toISOString() ?? null,
    isCorrected: order?.isCorrected ?? false,
    endedBy: order?.endedBy ?? null,
    moves: (order?.moves ?? []).map(({ status: state, at, reason }) => ({ status: state, at: at.toISOString(), reason })),
    can: {
      hold: can("hold"),
      approve: can("approve"),
      reject: can("reject"),
      confirm: can("confirm"),
      expire: batch.status === "init" || can("expire"),
    },
    endsAt: deadline(batch)?.toISOString() ?? null,
  };
}

function deadline(batch: AgentBatch): Date | null {
  if (batch.status === "init") return batchExpiresAt(batch);
  return batch.order && orderStatus(batch.order) === "MERCHANT_CONFIRM" ? batch.order.confirmBy : null;
}

/** Newest first. */
export const facetofaceDeskView = (world: World, origin: string): FacetofaceDesk => ({
  applications: [...world.state.agentBatches.values()]
    .slice(-DESK_MAX)
    .reverse()
    .map((batch) => applicationView(world, origin, batch)),
  wishes: Object.entries(ACCOUNT_WISHES).map(([word, { zh, en }]) => ({ word, zh, en })),
});
