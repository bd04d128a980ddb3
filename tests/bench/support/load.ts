import { Pool } from "undici";

export type Shot = { path: string; headers: Record<string, string>; body: Buffer; expect: { status: number; body: string } };
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
      if (statusCode !== shot.expect.status || (shot.expect.body !== "" && text !== shot.expect.body)) wrong += 1;
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
