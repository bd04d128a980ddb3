import type { z } from "zod";
import { approveOrder, endBatch, moveOrder, orderStatus, refreshBatch } from "../alipay/agent/batch";
import { PICTURE_TYPES } from "../alipay/agent/pictures";
import { answer, type Reply, type WireRequest } from "../http/wire";
import type { AgentBatch } from "../state";
import type { World } from "../world";
import { ControlRefusal } from "./refusal";
import type { ApplicationView, FacetofaceBatchView, FacetofaceDesk, FacetofaceInput, FacetofaceOutput } from "./types";
import { applicationView, facetofaceBatchView, facetofaceDeskView } from "./views-facetoface";

const BATCHES_MAX = 1_000;

/** Acts of Alipay's reviewer (hold, approve, reject), of the merchant (confirm, refuse) and of time (expire). */
export type FacetofaceAct = "hold" | "approve" | "reject" | "confirm" | "refuse" | "expire";

const ACTS: Readonly<Record<FacetofaceAct, (world: World, batch: AgentBatch, reason: string | undefined) => boolean>> = {
  hold: (world, batch, reason) => moveOrder(world, batch, "hold", { reason: reason ?? "资料不完整，请修正后重新提交" }),
  approve: approveOrder,
  reject: (world, batch, reason) => moveOrder(world, batch, "reject", { reason: reason ?? "资料审核未通过", by: "review" }),
  confirm: (world, batch) => moveOrder(world, batch, "confirm"),
  refuse: (world, batch, reason) => moveOrder(world, batch, "refuse", { reason: reason ?? "商户拒绝签约", by: "merchant" }),
  expire: (world, batch) => {
    if (batch.status !== "init") return moveOrder(world, batch, "expire");
    endBatch(world, batch, "timeout");
    return true;
  },
};

function theBatch(world: World, batchNo: string): AgentBatch {
  const batch = world.state.agentBatches.get(batchNo);
  if (!batch) throw new ControlRefusal(404, "not_found", `no batch ${batchNo} at the simulator`);
  refreshBatch(world, batch);
  return batch;
}

export function actOnBatch(world: World, origin: string, act: FacetofaceAct, input: z.infer<typeof FacetofaceInput>): FacetofaceBatchView {
  const batch = theBatch(world, input.batchNo);
  if (!ACTS[act](world, batch, input.reason)) {
    const state = batch.order ? orderStatus(batch.order) : `the batch is ${batch.status} and has no application`;
    throw new ControlRefusal(409, "wrong_state", `cannot ${act}: ${state}`);
  }
  return facetofaceBatchView(origin, batch);
}

/** Newest first. The counts are of all batches, also of those that the list leaves out. */
export function listBatches(world: World, origin: string): FacetofaceOutput {
  const all = [...world.state.agentBatches.values()];
  for (const batch of all) refreshBatch(world, batch);
  const count = (fits: (batch: AgentBatch) => boolean) => all.filter(fits).length;
  return {
    batches: all
      .slice(-BATCHES_MAX)
      .reverse()
      .map((batch) => facetofaceBatchView(origin, batch)),
    counts: {
      created: all.length,
      confirmed: count(({ status }) => status === "submit"),
      cancelled: count(({ status }) => status === "cancel"),
      timedOut: count(({ status }) => status === "timeout"),
    },
  };
}

export function deskOf(world: World, origin: string): FacetofaceDesk {
  for (const batch of world.state.agentBatches.values()) refreshBatch(world, batch);
  return facetofaceDeskView(world, origin);
}

/** Whoever holds the link sees what is asked, whatever became of it. */
export function merchantPage(world: World, request: WireRequest): ApplicationView {
  const token = new URLSearchParams(request.query).get("token") ?? "";
  for (const batch of world.state.agentBatches.values()) {
    if (batch.order?.confirmToken !== token || batch.order.confirmBy === null) continue;
    refreshBatch(world, batch);
    return applicationView(world, request.origin, batch);
  }
  throw new ControlRefusal(404, "not_found", "no application has this link");
}

/** What was sent as a picture is shown as the picture that it was found to be, and as nothing else. */
export function picture(world: World, request: WireRequest): Reply {
  const query = new URLSearchParams(request.query);
  const found = world.state.agentBatches.get(query.get("batchNo") ?? "")?.product?.pictures.find((item) => item.name === query.get("name"));
  const bytes = found && world.pictures.get(found.sha256);
  if (!found || !bytes) throw new ControlRefusal(404, "not_found", "no such picture");
  const headers = {
    "content-type": PICTURE_TYPES[found.format],
    "content-security-policy": "default-src 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
  return answer(200, headers, bytes);
}
