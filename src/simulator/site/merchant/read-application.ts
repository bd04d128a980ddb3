import type { ApplicationView } from "../../control/types";
import { control } from "../control-client";

/** What a confirm link is about, by the token in it. */
export const readApplication = (token: string): Promise<ApplicationView> =>
  control<ApplicationView>("GET", `facetoface/merchant?${new URLSearchParams({ token })}`);
