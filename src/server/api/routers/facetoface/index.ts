import { router } from "~/server/api/trpc";
import { facetofaceLife } from "./life";
import { facetofaceReads } from "./reads";
import { facetofaceSubmission } from "./submission";

/** 当面付代开通: what is shown, what submits, and what happens to an application afterwards. */
export const facetofaceRouter = router({ ...facetofaceReads, ...facetofaceSubmission, ...facetofaceLife });
