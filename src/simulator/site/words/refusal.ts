import type { ControlFailure } from "../control-client";
import type { Words } from "./zh";

/** What a refusal means to the person at the screen. */
export const refusalText = (words: Words, failure: ControlFailure): string =>
  words.refusal[failure.code] ?? words.refusalOther(failure.code);
