import type { ControlError } from "../control/types";

/** A refusal of the control interface, or `unreachable` where nobody answered. */
export class ControlFailure extends Error {
  override readonly name = "ControlFailure";
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** One call of the control interface, such as `control("POST", "pay", {…})`. Throws `ControlFailure`. */
export async function control<T>(method: "GET" | "POST" | "PATCH" | "PUT", route: string, body?: object): Promise<T> {
  let answer: Response;
  let value: unknown;
  try {
    answer = await fetch(`/control/${route}`, {
      method,
      ...(body ? { headers: { "content-type": "application/json" }, body: JSON.stringify(body) } : {}),
    });
    value = await answer.json();
  } catch (error) {
    throw new ControlFailure("unreachable", error instanceof Error ? error.message : String(error));
  }
  if (answer.ok) return value as T;
  const { error, message } = value as ControlError;
  throw new ControlFailure(error, message);
}
