import { lookup as resolveName } from "node:dns";
import type { IncomingHttpHeaders } from "node:http";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll, isBrokenCircuitError } from "cockatiel";
import ipaddr from "ipaddr.js";
import { LRUCache } from "lru-cache";
import { Agent, type Dispatcher } from "undici";
import type { Environment, Provider } from "~/domain/provider";
import { ProviderError } from "~/lib/errors";

export type ProviderRequest = {
  url: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  headers: Readonly<Record<string, string>>;
  body: string | Buffer | null;
  /** From the first step (resolving the name) to the last byte of the answer. */
  deadlineMs?: number;
  maxBytes?: number;
  environment: Environment;
  /** Only where a statement is fetched. Calls reach the hosts of calls and downloads those of statements, never each other's. */
  statementOf?: StatementSource;
  /** Whose circuit this is: tenant, provider, environment. One tenant's trouble opens nobody else's. */
  breakerKey: string;
};

export type ProviderResponse = { status: number; headers: IncomingHttpHeaders; body: Buffer; ms: number };

/** What an observer learns of each call: enough to count and time, nothing secret. */
export type ProviderCall = {
  breakerKey: string;
  host: string;
  outcome: "answered" | "unavailable" | "unknown";
  code: string | null;
  status: number | null;
  ms: number;
};

export const DEADLINE_MS = 5_000;
const MAX_BYTES = 1024 * 1024;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 10_000;

type Outside = Exclude<Environment, "simulator">;

/** The only hosts that a channel may name outside the simulator (security IN-07). */
const PROVIDER_HOSTS: Record<Outside, ReadonlySet<string>> = {
  live: new Set(["openapi.alipay.com", "api.mch.weixin.qq.com", "api2.mch.weixin.qq.com"]),
  sandbox: new Set(["openapi-sandbox.dl.alipaydev.com", "openapi.sandbox.dl.alipaydev.com"]),
};

/** Whose statement is fetched: the provider names the address, so the channel's own origin is what binds it in the simulator. */
export type StatementSource = { provider: Provider; channelOrigin: string };

/**
 * Where statements lie. Alipay's documents write nothing of the host; these two are in every address that its answers are known to carry.
 * Another one is refused until it is listed here: a statement that is late costs less than a door. WeChat Pay keeps them beside its calls.
 */
const STATEMENT_HOSTS: Record<Provider, Record<Outside, ReadonlySet<string>>> = {
  alipay: { live: new Set(["dwbillcenter.alipay.com"]), sandbox: new Set(["dwbillcenter.alipaydev.com"]) },
  wechat: { live: new Set(["api.mch.weixin.qq.com", "api2.mch.weixin.qq.com"]), sandbox: new Set() },
};

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Why a channel of this environment may not talk to this address, as a stable word; null when it may. */
export function addressRefusal(text: string, environment: Environment, statementOf?: StatementSource): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return "not_a_url";
  if (url.username || url.password || url.hash) return "credentials_or_fragment";
  if (environment === "simulator") {
    if (url.protocol !== "http:" && url.protocol !== "https:") return "not_http";
    if (!LOOPBACK_HOSTS.has(url.hostname)) return "not_loopback";
    return statementOf && url.origin !== statementOf.channelOrigin ? "other_origin" : null;
  }
  if (url.protocol !== "https:") return "not_https";
  if (url.port !== "") return "not_port_443";
  const hosts = statementOf ? STATEMENT_HOSTS[statementOf.provider] : PROVIDER_HOSTS;
  return hosts[environment].has(url.hostname) ? null : "host_not_allowed";
}

/**
 * One request to a provider over a kept-alive connection. Any HTTP status is an answer; judging it is the adapter's.
 * Throws ProviderError: `unavailable` when nothing was sent, `unknown` when it perhaps was.
 */
export async function send(request: ProviderRequest): Promise<ProviderResponse> {
  const startedAt = performance.now();
  const tell = (outcome: ProviderCall["outcome"], code: string | null, status: number | null) => {
    // A statement's address is the provider's choice: one that was refused must not become a label of ours.
    const named = !(request.statementOf && code === "address_refused") && URL.canParse(request.url);
    const host = named ? new URL(request.url).host : "";
    const call = { breakerKey: request.breakerKey, host, outcome, code, status, ms: performance.now() - startedAt };
    for (const observer of shared().observers) observer(call);
  };
  try {
    const response = await throughBreaker(request, startedAt);
    tell("answered", null, response.status);
    return response;
  } catch (error) {
    if (error instanceof ProviderError) tell(error.kind === "unavailable" ? "unavailable" : "unknown", error.code, null);
    throw error;
  }
}

/** Calls `observer` after each request. Answers a function that stops it. */
export function observeCalls(observer: (call: ProviderCall) => void): () => void {
  shared().observers.add(observer);
  return () => shared().observers.delete(observer);
}

export type RetryOptions = {
  totalMs: number;
  attempts?: number;
  baseMs?: number;
  /** Which failures are worth another try. Only a read, or a call that repeats its own number, may list `unknown`. */
  on: readonly ("unavailable" | "unknown")[];
};

/** Repeats a call that is safe to repeat, with jittered pauses, inside one hard deadline. `call` gets the milliseconds left. */
export async function retrying<T>(options: RetryOptions, call: (deadlineMs: number) => Promise<T>): Promise<T> {
  const { totalMs, attempts = 3, baseMs = 100, on } = options;
  const endsAt = performance.now() + totalMs;
  for (let attempt = 1; ; attempt++) {
    try {
      return await call(Math.max(1, endsAt - performance.now()));
    } catch (error) {
      const again =
        error instanceof ProviderError && !UNREPEATABLE.has(error.code) && on.some((kind) => kind === error.kind) && attempt < attempts;
      const pauseMs = Math.max(baseMs * 2 ** (attempt - 1) * (0.5 + Math.random()), retryAfter(error));
      // A pause that leaves no time to ask would only delay the same answer.
      if (!again || performance.now() + pauseMs >= endsAt) throw error;
      await sleep(pauseMs);
    }
  }
}

/** Asking at once again cannot help with these. */
const UNREPEATABLE: ReadonlySet<string> = new Set(["circuit_open", "address_refused", "timeout", "connect_timeout"]);
const retryAfter = (error: unknown) => (error instanceof ProviderError ? (error.extra.retryAfterMs ?? 0) : 0);

/** Closes every connection; for the end of a process and of test files. */
export async function closeTransport(): Promise<void> {
  const { agents } = shared();
  delete (globalThis as Holder)[SHARED];
  await Promise.all(Object.values(agents).map((agent) => agent.destroy()));
}

async function throughBreaker(request: ProviderRequest, startedAt: number): Promise<ProviderResponse> {
  const refusal = addressRefusal(request.url, request.environment, request.statementOf);
  if (refusal) throw new ProviderError("unavailable", "address_refused", `address refused: ${refusal}`);
  const breaker = breakerOf(request.breakerKey);
  const open = () => new ProviderError("unavailable", "circuit_open", "too many failures in a row, pausing", { retryAfterMs: OPEN_MS });
  // While one trial call is out, the others would wait for it beyond their own deadline.
  if (breaker.state === CircuitState.HalfOpen) throw open();
  try {
    return await breaker.execute(() => exchange(request, startedAt));
  } catch (error) {
    if (isBrokenCircuitError(error)) throw open();
    throw error;
  }
}

function breakerOf(key: string): CircuitBreakerPolicy {
  const { breakers } = shared();
  let breaker = breakers.get(key);
  if (!breaker) {
    const failures = handleAll.orWhenResult((result) => (result as ProviderResponse).status >= 500);
    breaker = circuitBreaker(failures, { halfOpenAfter: OPEN_MS, breaker: new ConsecutiveBreaker(FAILURES_TO_OPEN) });
    breakers.set(key, breaker);
  }
  return breaker;
}

function exchange(request: ProviderRequest, startedAt: number): Promise<ProviderResponse> {
  const url = new URL(request.url);
  const agent = request.environment === "simulator" ? shared().agents.loopback : shared().agents.outside;
  const maxBytes = request.maxBytes ?? MAX_BYTES;

  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null;
    let settled = false;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let size = 0;
    const chunks: Buffer[] = [];

    const fail = (error: ProviderError) => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      controller?.abort(error);
      reject(error);
    };
    const onDeadline = () => {
      if (controller) fail(new ProviderError("unknown", "timeout", `no answer from ${url.host} in time`));
      else fail(new ProviderError("unavailable", "connect_timeout", `no connection to ${url.host} in time`));
    };
    const timer = setTimeout(onDeadline, request.deadlineMs ?? DEADLINE_MS);

    const handler: Dispatcher.DispatchHandler = {
      // Called when a connection is there and before the first byte is written: the border between unsent and perhaps done.
      onRequestStart(started) {
        controller = started;
        if (settled) started.abort(new Error("deadline passed before sending"));
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        if (statusCode < 200) return;
        status = statusCode;
        headers = responseHeaders;
        if (statusCode >= 300 && statusCode < 400) fail(new ProviderError("unknown", "redirect", `${url.host} answered with a redirect`));
      },
      onResponseData(_controller, chunk) {
        size += chunk.length;
        if (size > maxBytes) fail(new ProviderError("unknown", "too_large", `answer of ${url.host} exceeds ${maxBytes} bytes`));
        else chunks.push(chunk);
      },
      onResponseEnd() {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        resolve({ status, headers, body: Buffer.concat(chunks, size), ms: performance.now() - startedAt });
      },
      onResponseError(_controller, error) {
        fail(controller ? lost(url, error) : unsent(url, error));
      },
    };
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { ...request.headers },
        body: request.body,
        // One deadline rules all phases; the library's own are per phase and would only blur the outcome.
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      handler,
    );
  });
}

const lost = (url: URL, cause: Error) =>
  new ProviderError("unknown", "connection_lost", `connection to ${url.host} broke after sending`, {}, { cause });

function unsent(url: URL, cause: Error): ProviderError {
  const code = "code" in cause ? String(cause.code) : "";
  const word =
    cause instanceof AddressRefused
      ? "address_refused"
      : code === "ECONNREFUSED"
        ? "connection_refused"
        : code === "ENOTFOUND" || code.startsWith("EAI_")
          ? "dns_failed"
          : code === "UND_ERR_CONNECT_TIMEOUT"
            ? "connect_timeout"
            : /CERT|TLS|SSL/.test(code)
              ? "tls_failed"
              : "not_connected";
  return new ProviderError("unavailable", word, `no connection to ${url.host}`, {}, { cause });
}

class AddressRefused extends Error {
  override readonly name = "AddressRefused";
}

/**
 * Resolves a name and refuses it when any address of it is outside `allowed`. The socket connects to what was checked here,
 * so a name that changes its mind between check and use gains nothing.
 */
export function checkedLookup(allowed: (address: string) => boolean, resolve: typeof resolveName = resolveName): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { family: options.family, hints: options.hints, all: true, verbatim: true }, (error, addresses) => {
      if (error) return callback(error, "", 0);
      const [first] = addresses;
      if (!first || !addresses.every(({ address }) => allowed(address))) {
        return callback(new AddressRefused(`${hostname} resolves to an address that is not allowed`), "", 0);
      }
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/** Whether an address is reachable for everyone: no private, loopback, link-local, mapped or reserved range. */
export const isPublicAddress = (address: string): boolean => isIP(address) !== 0 && ipaddr.parse(address).range() === "unicast";
export const isLoopbackAddress = (address: string): boolean => isIP(address) !== 0 && ipaddr.parse(address).range() === "loopback";

type Shared = {
  agents: { outside: Agent; loopback: Agent };
  breakers: LRUCache<string, CircuitBreakerPolicy>;
  observers: Set<(call: ProviderCall) => void>;
};
const SHARED = Symbol.for("xjz.provider-transport");
type Holder = { [SHARED]?: Shared };

// The bundle and Next's own modules are two instances in one process: connections and circuits must be one.
function shared(): Shared {
  const holder = globalThis as Holder;
  holder[SHARED] ??= {
    agents: { outside: agentFor(isPublicAddress), loopback: agentFor(isLoopbackAddress) },
    breakers: new LRUCache({ max: 10_000 }),
    observers: new Set(),
  };
  return holder[SHARED];
}

function agentFor(allowed: (address: string) => boolean): Agent {
  return new Agent({
    // Enough for the poller's 256 questions in flight; more would only queue at the provider.
    connections: 256,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    connect: { timeout: DEADLINE_MS, lookup: checkedLookup(allowed), autoSelectFamily: true },
  });
}
