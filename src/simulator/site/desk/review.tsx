import { ExternalLink } from "lucide-react";
import { useId, useState } from "react";
import type { ApplicationView } from "../../control/types";
import { control } from "../control-client";
import { Button } from "../parts/controls";
import { CopyButton } from "../parts/show";
import { Refusal } from "../parts/states";
import { useWords } from "../preferences";
import { useAct } from "../use-act";
import { stageOf } from "./application-stage";

const REASON_MAX = 200;

/** What Alipay's reviewer does. Buttons that may not be pressed stay and say why. */
export function Review({ application }: { application: ApplicationView }) {
  const { signing: words } = useWords();
  const [reason, setReason] = useState("");
  const id = useId();
  const { run, busy, failure } = useAct(async (act: "approve" | "hold" | "reject" | "expire") => {
    const isReasoned = act === "hold" || act === "reject";
    await control("POST", `facetoface/${act}`, { batchNo: application.batchNo, ...(isReasoned && { reason: reason.trim() }) });
    setReason("");
  });
  const { can, confirmUrl } = application;
  const notNow = words.notNow(words.stageOf[stageOf(application)]);
  const unreasoned = reason.trim() === "" && words.reasonMissing;
  return (
    <fieldset className="review" aria-label={words.review(application.shopName ?? words.unnamed)} aria-busy={busy}>
      {can.reject && (
        <div className="reason">
          <label htmlFor={id}>{words.reason}</label>
          <input
            id={id}
            value={reason}
            maxLength={REASON_MAX}
            placeholder={words.reasonHint}
            autoComplete="off"
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
      )}
      <div className="acts">
        <Button look="primary" reason={!can.approve && notNow} onClick={() => run("approve")}>
          {words.approve}
        </Button>
        <Button reason={can.hold ? unreasoned : notNow} onClick={() => run("hold")}>
          {words.hold}
        </Button>
        <Button reason={can.reject ? unreasoned : notNow} onClick={() => run("reject")}>
          {words.reject}
        </Button>
        <Button look="ghost" reason={!can.expire && notNow} onClick={() => run("expire")}>
          {words.expire}
        </Button>
        {confirmUrl && (
          <span className="to-merchant">
            <a className="button md" href={new URL(confirmUrl).pathname} target="_blank" rel="noreferrer">
              {words.toMerchant}
              <ExternalLink aria-hidden />
            </a>
            <CopyButton text={confirmUrl} thing={words.confirmLink} />
          </span>
        )}
      </div>
      <Refusal failure={failure} />
    </fieldset>
  );
}
