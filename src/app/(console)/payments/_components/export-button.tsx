"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { toast } from "~/components/ui/toast";
import { useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { useDownload } from "../../_components/save-file";
import { exportInput, filterInput, type ListState } from "./list-state";
import { useReason } from "./use-reason";

/** The server stops there; who needs more narrows the filter. */
const EXPORT_MAX = 10_000;

/** 导出 1,284 笔: what the filter finds, in the order of the list. */
export function ExportButton({ state, rights }: { state: ListState; rights: Rights }) {
  const t = useT("payment");
  const common = useT("common");
  const { data: sum } = api.payment.sum.useQuery(filterInput(state));
  const [dismissed, setDismissed] = useState<unknown>(null);
  const count = sum?.count;
  const told = count === undefined ? EXPORT_MAX.toLocaleString("en-US") : count.toLocaleString("en-US");
  const file = useDownload(paths.exportPayments(), () => toast(count === undefined ? t("export.plain") : t("export.done", { count })));
  const reason = useReason()(rights.export ? null : "role", rights) ?? (count === 0 ? t("export.nothing") : null);
  return (
    <>
      <Button
        icon={<Download />}
        className="max-md:hidden"
        busy={file.busy}
        busyLabel={t("export.busy")}
        reason={reason}
        onClick={() => void file.start(exportInput(state))}
      >
        {sum === undefined ? t("export.plain") : sum === null ? t("export.buttonMany", { max: told }) : t("export.button", { count: told })}
      </Button>
      <Dialog
        open={Boolean(file.error) && file.error !== dismissed}
        onClose={() => setDismissed(file.error)}
        title={t("export.failed")}
        actions={<Button onClick={() => setDismissed(file.error)}>{common("close")}</Button>}
      >
        <CommandError error={file.error} />
      </Dialog>
    </>
  );
}
