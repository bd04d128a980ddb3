"use client";

import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { useT } from "~/i18n/use-t";

/** A question from a row has no place of its own on the sheet for its failure. */
export function QueryFailed({ error, onClose }: { error: unknown; onClose: () => void }) {
  const t = useT("facetoface");
  const common = useT("common");
  return (
    <Dialog
      open={Boolean(error)}
      onClose={onClose}
      title={t("answered.failed")}
      actions={<Button onClick={onClose}>{common("close")}</Button>}
    >
      <CommandError error={error} noMoney />
    </Dialog>
  );
}
