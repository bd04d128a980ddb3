import { createPublicKey, type KeyObject } from "node:crypto";
import { ProviderError } from "~/lib/errors";
import { randomBase32 } from "~/lib/id";
import { seconds } from "~/lib/time";
import { fingerprintOf } from "../key-material";
import type { AlipayChannel } from "../port";
import { signText } from "../rsa";
import { askGateway, type GatewayAnswer } from "./client";
import { verifyBytes } from "./sign";

export type DoctorCheck = {
  name: "key_pair" | "gateway" | "signature" | "clock";
  ok: boolean;
  /** Short and safe to show: a fingerprint, a status, a number of seconds. */
  evidence: string | null;
  /** Stable words; the screen has the sentences. */
  cause?: string;
  next?: string;
  ms: number;
};

/** How far the gateway's clock may be from ours. Alipay names no limit; a minute is visible and harmless. */
const SKEW_MAX_MS = seconds(60);

type DoctorOptions = {
  now: () => Date;
  deadlineMs?: number /** Certificate mode: the key in our own certificate. */;
  appCertKey?: KeyObject | null;
};

/** Looks at a channel as a whole with one harmless question: the state of a trade that cannot exist. Never throws for a sick channel. */
export async function examineAlipay(channel: AlipayChannel, options: DoctorOptions): Promise<DoctorCheck[]> {
  const local = await checkKeyPair(channel, options.appCertKey ?? null);
  const startedAt = performance.now();
  const question = { out_trade_no: `doctor_${randomBase32()}` };
  const { now, deadlineMs } = options;
  const outcome = await askGateway(channel, "alipay.trade.query", question, { now, deadlineMs }).catch((error: unknown) => {
    if (error instanceof ProviderError) return error;
    throw error;
  });
  const ms = performance.now() - startedAt;
  return [withGatewayWord(local, outcome), gatewayCheck(outcome, ms), signatureCheck(channel, outcome, ms), clockCheck(outcome, now(), ms)];
}

async function checkKeyPair(channel: AlipayChannel, appCertKey: KeyObject | null): Promise<DoctorCheck> {
  const startedAt = performance.now();
  const fingerprint = fingerprintOf(channel.privateKey);
  const publicKey = appCertKey ?? createPublicKey(channel.privateKey);
  const probe = `doctor ${fingerprint}`;
  const signature = Buffer.from(await signText(probe, channel.privateKey), "base64");
  const ok = verifyBytes(Buffer.from(probe), signature, publicKey);
  const check = { name: "key_pair" as const, evidence: `SHA-256 ${fingerprint.slice(0, 16)}…`, ms: performance.now() - startedAt };
  return ok ? { ...check, ok } : { ...check, ok, cause: "certificate_of_another_key", next: "upload_matching_certificate" };
}

/** Only the gateway knows which public key was registered for the application. */
function withGatewayWord(local: DoctorCheck, outcome: GatewayAnswer | ProviderError): DoctorCheck {
  if (!local.ok || !wordOf(outcome).includes("isv.invalid-signature")) return local;
  return { ...local, ok: false, cause: "not_the_registered_key", next: "register_app_public_key" };
}

/** The gateway's word, also out of an answer that could not be verified: good enough for advice, for nothing else. */
function wordOf(outcome: GatewayAnswer | ProviderError): string {
  if (outcome instanceof ProviderError) return outcome.extra.claimed ?? "";
  return `${outcome.node.code} ${outcome.node.sub_code ?? ""}`.trim();
}

function gatewayCheck(outcome: GatewayAnswer | ProviderError, ms: number): DoctorCheck {
  const check = { name: "gateway" as const, ms };
  const word = wordOf(outcome);
  if (outcome instanceof ProviderError && word === "") {
    return {
      ...check,
      ok: false,
      evidence: outcome.code,
      cause: outcome.code,
      next: NEXT_FOR_SILENCE[outcome.code] ?? "check_gateway_address",
    };
  }
  if (word === "40004 ACQ.TRADE_NOT_EXIST") return { ...check, ok: true, evidence: word };
  const refused = Object.keys(NEXT_FOR_REFUSAL).find((code) => word.includes(code));
  return {
    ...check,
    ok: false,
    evidence: word,
    cause: refused ?? "unexpected_answer",
    next: NEXT_FOR_REFUSAL[refused ?? ""] ?? "see_provider_console",
  };
}

const NEXT_FOR_SILENCE: Readonly<Record<string, string>> = {
  circuit_open: "wait_and_retry",
  timeout: "wait_and_retry",
  connect_timeout: "check_network",
  connection_refused: "check_network",
  connection_lost: "wait_and_retry",
  dns_failed: "check_network",
  not_connected: "check_network",
  tls_failed: "check_network",
};
const NEXT_FOR_REFUSAL: Readonly<Record<string, string>> = {
  "isv.invalid-app-id": "check_app_id",
  "isv.invalid-signature": "register_app_public_key",
  "isv.invalid-timestamp": "synchronise_clock",
  "isv.invalid-encrypt": "check_aes_key",
  "isv.insufficient-isv-permissions": "sign_product_contract",
  "isv.app-call-limited": "wait_and_retry",
};

function signatureCheck(channel: AlipayChannel, outcome: GatewayAnswer | ProviderError, ms: number): DoctorCheck {
  const check = { name: "signature" as const, ms };
  if (!(outcome instanceof ProviderError)) return { ...check, ok: true, evidence: outcome.keyId };
  const ours = fingerprintOf(channel.privateKey);
  // The commonest slip in the console: copying the application's public key instead of Alipay's.
  if ([...channel.verificationKeys.values()].some(({ key }) => fingerprintOf(key) === ours)) {
    return { ...check, ok: false, evidence: null, cause: "own_public_key", next: "copy_alipay_public_key" };
  }
  const next = NEXT_FOR_UNVERIFIED[outcome.code];
  if (next) return { ...check, ok: false, evidence: outcome.code, cause: outcome.code, next };
  return { ...check, ok: false, evidence: outcome.code, cause: "no_answer", next: "fix_gateway_first" };
}

const NEXT_FOR_UNVERIFIED: Readonly<Record<string, string>> = {
  bad_signature: "copy_alipay_public_key",
  unsigned: "check_app_id",
  unknown_certificate: "upload_alipay_certificate",
  key_expired: "upload_alipay_certificate",
};

function clockCheck(outcome: GatewayAnswer | ProviderError, now: Date, ms: number): DoctorCheck {
  const check = { name: "clock" as const, ms };
  const serverAt = outcome instanceof ProviderError || outcome.serverTime === null ? Number.NaN : Date.parse(outcome.serverTime);
  if (Number.isNaN(serverAt)) return { ...check, ok: false, evidence: null, cause: "no_server_time", next: "fix_gateway_first" };
  const skewMs = now.getTime() - serverAt;
  const evidence = `${skewMs < 0 ? "-" : "+"}${Math.round(Math.abs(skewMs) / 1_000)} s`;
  if (Math.abs(skewMs) <= SKEW_MAX_MS) return { ...check, ok: true, evidence };
  return { ...check, ok: false, evidence, cause: "clock_skew", next: "synchronise_clock" };
}
