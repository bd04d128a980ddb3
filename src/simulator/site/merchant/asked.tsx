import { Clock } from "lucide-react";
import { type ReactNode, useState } from "react";
import { timeText } from "~/components/ui/time-text";
import { categoryName } from "~/domain/mcc";
import type { ApplicationView } from "../../control/types";
import { control } from "../control-client";
import { Left } from "../desk/signing";
import { Button } from "../parts/controls";
import { Dialog } from "../parts/dialog";
import { Code } from "../parts/show";
import { Refusal } from "../parts/states";
import { usePreferences, useWords } from "../preferences";
import { useAct } from "../use-act";
import { useNow } from "../use-live";
import { readApplication } from "./read-application";

type Props = { application: ApplicationView; token: string; onAnswer: (application: ApplicationView) => void };

/** What the merchant is asked, and the two answers. */
export function Asked({ application, token, onAnswer }: Props) {
  const { merchant: words, cancel, signing } = useWords();
  const { lang } = usePreferences();
  const now = useNow();
  const [refuses, setRefuses] = useState(false);
  const { run, busy, failure } = useAct(async (act: "confirm" | "refuse") => {
    await control("POST", `facetoface/${act}`, { batchNo: application.batchNo });
    onAnswer(await readApplication(token));
  });
  const { fields, shopAddress, endsAt } = application;
  return (
    <>
      <div className="bill">
        <p className="to">{words.asks(application.appName ?? words.someone)}</p>
        <p className="product">{words.product}</p>
        {endsAt && (
          <p className="until">
            <Clock aria-hidden />
            {words.left}{" "}
            <b>
              <Left until={endsAt} />
            </b>
            <span>{words.until(timeText(new Date(endsAt), "minute", now))}</span>
          </p>
        )}
      </div>
      <dl className="lines">
        <Line label={words.account}>{application.account}</Line>
        {fields.shop_name && <Line label={words.shop}>{fields.shop_name}</Line>}
        {shopAddress.detail_address && <Line label={words.address}>{shopAddress.detail_address}</Line>}
        {fields.mcc_code && <Line label={words.mcc}>{categoryName(fields.mcc_code, lang) ?? fields.mcc_code}</Line>}
        {fields.rate && <Line label={words.rate}>{`${fields.rate}%`}</Line>}
        <Line label={words.authorises}>{fields.sign_and_auth === "true" ? signing.yes : signing.no}</Line>
        {application.orderNo && (
          <Line label={words.orderNo}>
            <Code text={application.orderNo} />
          </Line>
        )}
      </dl>
      <div className="decide">
        {!refuses && <Refusal failure={failure} />}
        <Button look="pay" size="touch" busy={busy && !refuses} busyLabel={words.confirming} onClick={() => run("confirm")}>
          {words.confirm}
        </Button>
        <Button size="touch" reason={busy && words.confirming} onClick={() => setRefuses(true)}>
          {words.refuse}
        </Button>
      </div>
      <Dialog
        open={refuses}
        onClose={() => setRefuses(false)}
        busy={busy}
        title={words.refuseTitle}
        actions={
          <>
            <Button data-first-focus onClick={() => setRefuses(false)}>
              {cancel}
            </Button>
            <Button look="danger" busy={busy} busyLabel={words.refusing} onClick={() => run("refuse")}>
              {words.refuseVerb}
            </Button>
          </>
        }
      >
        <p>{words.refuseEffect}</p>
        <Refusal failure={failure} />
      </Dialog>
    </>
  );
}

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <div>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </div>
);
