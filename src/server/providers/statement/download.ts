import { invariant, ProviderError } from "~/lib/errors";
import { beijingDate, type CivilDate, isCivilDate } from "~/lib/time";
import type { ProviderChannel } from "../port";
import { send } from "../transport";
import { DOWNLOAD_MS, FILE_BYTES_MAX } from "./limits";

/**
 * Fetches the file behind an address that a verified answer named, and answers its bytes as received. What it must be, the caller knows.
 * Not repeated here: an address is good for half a minute at Alipay, and who asks again gets a new one. Throws ProviderError.
 */
export async function downloadStatement(
  channel: ProviderChannel,
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const { status, body } = await send({
    url,
    method: "GET",
    headers: { accept: "*/*", "user-agent": "xjz-payment-platform/1.0", ...headers },
    body: null,
    deadlineMs: DOWNLOAD_MS,
    maxBytes: FILE_BYTES_MAX,
    environment: channel.environment,
    statementOf: { provider: channel.provider, channelOrigin: originOf(channel) },
    // A store of files that is down says nothing about payments.
    breakerKey: `${channel.tenantId}:${channel.provider}-statement:${channel.environment}`,
  });
  if (status === 429) throw new ProviderError("unavailable", "rate_limited", "too many downloads", { httpStatus: status });
  if (status !== 200)
    throw new ProviderError("unknown", `http_${status}`, "the statement's address did not answer 200", { httpStatus: status });
  if (body.length === 0)
    throw new ProviderError("unknown", "empty_file", "the statement's address answered nothing", { httpStatus: status });
  return body;
}

const originOf = (channel: ProviderChannel): string => new URL(channel.provider === "alipay" ? channel.gateway : channel.baseUrl).origin;

/** Neither provider has a statement of today; both would blame the caller. */
export function checkDay(day: string, now: Date): asserts day is CivilDate {
  invariant(isCivilDate(day) && day < beijingDate(now), "a statement is of a day before today");
}
