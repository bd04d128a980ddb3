import { AppError, ProviderError } from "~/lib/errors";
import { minutes } from "~/lib/time";
import type { CallOptions, VerificationKey, WechatChannel } from "../port";
import { DecipherError, readSealed, unseal } from "./cipher";
import { type Call, exchange, isSuccess, readAnswer, readRefusal } from "./client";
import { JsonError, type JsonObject, parseJson } from "./exact-json";
import { FieldError, readInstant, readObject, readText } from "./fields";
import { parseCertificate, sameSerial } from "./parse";

/**
 * Fetches the platform certificates that are live for this merchant. The answer is signed by one of the certificates inside it:
 * they are decrypted first (the APIv3 key vouches for them), then the answer is verified with what came out, or with a key
 * that the channel knew before. Throws ProviderError; `declined` means that this merchant is in public-key mode and has none.
 */
export async function fetchCertificates(channel: WechatChannel, options: CallOptions): Promise<VerificationKey[]> {
  const call: Call = { method: "GET", path: "/v3/certificates" };
  const response = await exchange(channel, call, options);
  const now = options.now();
  if (!isSuccess(response)) {
    const { status, code, requestId } = readRefusal(channel.verificationKeys, call, response, now);
    const kind = status === 404 ? "declined" : "unknown";
    throw new ProviderError(kind, code, `certificates refused: HTTP ${status} ${code}`, {
      httpStatus: status,
      traceId: requestId ?? undefined,
    });
  }
  const inside = openCertificates(channel, response.body);
  const known = new Map([...channel.verificationKeys, ...inside.map((key) => [key.id, key] as const)]);
  readAnswer(known, call, response, () => null, now);
  return inside;
}

/** Nothing here is believed because of where it stands: each certificate is authenticated by the APIv3 key. */
function openCertificates(channel: WechatChannel, body: Buffer): VerificationKey[] {
  try {
    const list = readObject(parseJson(body.toString()), "body").get("data");
    if (!Array.isArray(list) || list.length === 0) throw new FieldError("data", list === undefined ? "missing" : "malformed");
    return list.map((entry) => openCertificate(channel, readObject(entry, "data")));
  } catch (error) {
    if (error instanceof DecipherError)
      throw new ProviderError("unknown", error.reason, "a platform certificate does not decrypt", {}, { cause: error });
    if (error instanceof FieldError || error instanceof JsonError || error instanceof AppError) {
      throw new ProviderError("unknown", "bad_answer", `certificates: ${error.message}`, {}, { cause: error });
    }
    throw error;
  }
}

function openCertificate(channel: WechatChannel, entry: JsonObject): VerificationKey {
  const id = readText(entry, "serial_no", /^[0-9A-F]{8,40}$/);
  const { plaintext } = unseal(channel.apiV3Keys, readSealed(readObject(entry.get("encrypt_certificate"), "encrypt_certificate")));
  const { serial, key, notBefore, notAfter } = parseCertificate(plaintext.toString(), "encrypt_certificate");
  if (!sameSerial(serial, id)) throw new FieldError("serial_no");
  // The answer may shorten a certificate's life, never lengthen it.
  const effective = readInstant(entry, "effective_time");
  const expire = readInstant(entry, "expire_time");
  return {
    id,
    key,
    notBefore: new Date(Math.max(effective.getTime(), notBefore.getTime())),
    notAfter: new Date(Math.min(expire.getTime(), notAfter.getTime())),
    revokedAt: null,
  };
}

/** A forged serial must not become a way to make us hammer WeChat Pay (CB-07). */
export const REFRESH_GAP_MS = minutes(5);

/** Where attempts are remembered: in the process, or in a table when several processes share the limit. */
export type RefreshStore = {
  /** True at most once in `gapMs` per key: the caller may fetch. */
  claim(key: string, now: Date, gapMs: number): boolean | Promise<boolean>;
  running: Map<string, Promise<VerificationKey[] | null>>;
};

export function memoryRefreshStore(): RefreshStore {
  const lastAt = new Map<string, number>();
  return {
    running: new Map(),
    claim(key, now, gapMs) {
      const last = lastAt.get(key);
      if (last !== undefined && now.getTime() - last < gapMs) return false;
      lastAt.set(key, now.getTime());
      return true;
    },
  };
}

/**
 * For an unknown serial, never inside a request that waits: joins the fetch under way, begins one, or answers null when the
 * last attempt, good or bad, is less than five minutes old.
 */
export async function refreshCertificates(
  channel: WechatChannel,
  store: RefreshStore,
  options: CallOptions,
): Promise<VerificationKey[] | null> {
  const key = `${channel.tenantId}:${channel.channelId}`;
  const running = store.running.get(key);
  if (running) return running;

  const started = begin(channel, store, key, options);
  store.running.set(key, started);
  try {
    return await started;
  } finally {
    store.running.delete(key);
  }
}

async function begin(channel: WechatChannel, store: RefreshStore, key: string, options: CallOptions): Promise<VerificationKey[] | null> {
  return (await store.claim(key, options.now(), REFRESH_GAP_MS)) ? fetchCertificates(channel, options) : null;
}
