/** A refusal of the control interface: what the caller reads is `{error, message}`. */
export class ControlRefusal extends Error {
  override readonly name = "ControlRefusal";
  constructor(
    readonly status: number,
    readonly error: string,
    message: string,
  ) {
    super(message);
  }
}
