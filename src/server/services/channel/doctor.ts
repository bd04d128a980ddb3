import { LRUCache } from "lru-cache";
import type { KeyKind } from "~/domain/channel";
import { CHECK_NAMES, type Check, type CheckName, expiryOf, verdictOf } from "~/domain/channel-check";
import { AppError } from "~/lib/errors";
import type { Id } from "~/lib/id";
import { minutes, seconds } from "~/lib/time";
import type { Ctx } from "~/server/context";
import { examineAlipay } from "~/server/providers/alipay/doctor";
import { parseCertificate as parseAlipayCertificate } from "~/server/providers/alipay/parse";
import type { ProviderChannel } from "~/server/providers/port";
import { examineWechat } from "~/server/providers/wechat/doctor";
import { parseCertificate } from "~/server/providers/wechat/parse";
import { moveChannel } from "./change";
import { checkCallback } from "./check-callback";
import { isLiveRow, type KeyRow, listKeys } from "./keys";
import { readProviderChannel } from "./provider-channel";
import { findChannel } from "./queries";

/** A slow answer is still an answer, and tells more than none. */
const DEADLINE_MS = seconds(8);

/** All that a run looks at, read once. */
type Patient = { channel: ProviderChannel; keys: KeyRow[] };
type Run = { patient: Patient; fromProvider: () => Promise<Check[]> };

/** One press of the button asks for its checks one after the other; they share what was read and what the provider said. */
const runs = new LRUCache<string, Promise<Run>>({ max: 500, ttl: minutes(2) });

/** One check of a run, so that a page can show them as they come. Throws `not_found`; a sick channel is an answer. */
export async function runCheck(ctx: Ctx, { channelId, name, run }: { channelId: string; name: CheckName; run: string }): Promise<Check> {
  const key = `${ctx.tenantId}:${channelId}:${run}`;
  const begun = runs.get(key) ?? beginRun(ctx, channelId);
  runs.set(key, begun);
  begun.catch(() => runs.delete(key));
  const { patient, fromProvider } = await begun;
  const names: readonly CheckName[] = CHECK_NAMES[patient.channel.provider];
  if (!names.includes(name)) throw new AppError("invalid_input", "this provider has no such check", { field: "name" });
  if (name === "expiry") return checkExpiry(patient.keys, ctx.now());
  if (name === "callback") return checkCallback(patient.channel);
  const found = (await fromProvider()).find((check) => check.name === name);
  if (!found) throw new Error(`the provider's examination left out ${name}`);
  return found;
}

/** The whole examination, in the page's order. */
export async function examineChannel(ctx: Ctx, channelId: string): Promise<Check[]> {
  const { patient, fromProvider } = await beginRun(ctx, channelId);
  const checks = [...(await fromProvider()), checkExpiry(patient.keys, ctx.now()), await checkCallback(patient.channel)];
  const names: readonly CheckName[] = CHECK_NAMES[patient.channel.provider];
  return checks.sort((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
}

/** Enables a channel that passes its examination. Throws `not_allowed_now` naming the first check that failed. */
export async function enableChannel(ctx: Ctx, channelId: string): Promise<void> {
  const failed = (await examineChannel(ctx, channelId)).find((check) => verdictOf(check) === "failed");
  if (failed)
    throw new AppError("not_allowed_now", `check ${failed.name} failed`, {
      reason: "check_failed",
      check: failed.name,
      cause: failed.cause ?? "",
    });
  await moveChannel(ctx, channelId, "enable");
}

async function beginRun(ctx: Ctx, channelId: string): Promise<Run> {
  const vault = await ctx.vault();
  const patient = await ctx.read(async (tx) => {
    const row = await findChannel(tx, ctx, channelId);
    if (!row || row.deletedAt) throw new AppError("not_found", "channel", { what: "channel" });
    const channel = await readProviderChannel(tx, ctx, vault, channelId as Id<"channel">);
    if (!channel) throw new AppError("not_found", "channel", { what: "channel" });
    return { channel, keys: await listKeys(tx, ctx, row.id) };
  });
  let asked: Promise<Check[]> | null = null;
  return {
    patient,
    fromProvider() {
      asked ??= askProvider(ctx, patient).then((checks) => checks.map((check) => ({ ...check, ms: Math.round(check.ms * 10) / 10 })));
      return asked;
    },
  };
}

async function askProvider(ctx: Ctx, { channel, keys }: Patient): Promise<Check[]> {
  const text = (kind: KeyKind) => keys.findLast((key) => key.kind === kind && isLiveRow(key))?.publicText ?? null;
  if (channel.provider === "alipay") {
    const appCert = channel.keyMode === "certificate" ? text("app_cert") : null;
    const appCertKey = appCert ? parseAlipayCertificate("appCert", appCert).key : null;
    return examineAlipay(channel, { now: ctx.now, deadlineMs: DEADLINE_MS, appCertKey });
  }
  const merchantCert = text("merchant_cert");
  const merchantCertificate = merchantCert ? parseCertificate(merchantCert, "merchantCert") : null;
  return examineWechat(channel, { now: ctx.now, deadlineMs: DEADLINE_MS, merchantCertificate });
}

/** Of several certificates of one kind the one that lasts longest counts. Local, so it takes no time worth showing. */
function checkExpiry(keys: readonly KeyRow[], now: Date): Check {
  const lastOf = new Map<KeyKind, Date | null>();
  for (const { kind, notAfter } of keys.filter(isLiveRow)) {
    const known = lastOf.get(kind);
    if (known === undefined || (known !== null && (notAfter === null || notAfter > known))) lastOf.set(kind, notAfter);
  }
  const [first] = [...lastOf].flatMap(([kind, at]) => (at ? [{ kind, at }] : [])).sort((a, b) => a.at.getTime() - b.at.getTime());
  if (!first) return { name: "expiry", ok: true, evidence: null, ms: 0 };
  const { daysLeft, tone } = expiryOf(first.at, now);
  const evidence = `${first.kind}, ${first.at.toISOString().slice(0, 10)}, ${daysLeft} d`;
  if (first.at <= now) return { name: "expiry", ok: false, evidence, cause: "certificate_expired", next: "renew_certificate", ms: 0 };
  if (tone === "quiet") return { name: "expiry", ok: true, evidence, ms: 0 };
  return { name: "expiry", ok: true, evidence, cause: "expires_soon", next: "renew_certificate", ms: 0 };
}
