import { Pool } from "undici";

/** What must come back. `orStatus` is as right, whatever stands in its body. */
export type Expected = { status: number; body: string; orStatus?: number };
export type Shot = { path: string; headers: Record<string, string>; body: Buffer; expect: Expected };
export type Volley = { perSecond: number; p50: number; p99: number; wrong: number; seconds: number };

/** Sends every shot once over `connections` kept-alive connections, one request at a time on each, and compares each answer. */
export async function fire(url: string, shots: readonly Shot[], connections: number): Promise<Volley> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const times: number[] = [];
  let wrong = 0;
  let next = 0;
  const gun = async () => {
    for (let shot = shots[next++]; shot; shot = shots[next++]) {
      const began = performance.now();
      const { statusCode, body } = await pool.request({ method: "POST", path: shot.path, headers: shot.headers, body: shot.body });
      const text = await body.text();
      times.push(performance.now() - began);
      if (!isRight(shot.expect, statusCode, text)) wrong += 1;
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, gun));
  const seconds = (performance.now() - began) / 1_000;
  await pool.close();
  times.sort((a, b) => a - b);
  return {
    perSecond: shots.length / seconds,
    p50: times[Math.floor(times.length * 0.5)] ?? 0,
    p99: times[Math.floor(times.length * 0.99)] ?? 0,
    wrong,
    seconds,
  };
}

function isRight({ status, body, orStatus }: Expected, statusCode: number, text: string): boolean {
  if (statusCode === orStatus) return true;
  return statusCode === status && (body === "" || text === body);
}
