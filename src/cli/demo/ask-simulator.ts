/** Nobody else uses the simulator while the demonstration is made: what takes longer hangs. */
const DEADLINE_MS = 20_000;

/** One call of the simulator's control side. Throws when it is refused. */
export async function askSimulator(simulatorUrl: string, what: string, body: Record<string, unknown>): Promise<unknown> {
  const answer = await fetch(`${simulatorUrl}/control/${what}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!answer.ok) throw new Error(`the simulator refused ${what}: HTTP ${answer.status}`);
  return answer.json();
}
