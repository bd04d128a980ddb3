"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { CommandError } from "~/components/load-error";
import { Button } from "~/components/ui/button";
import { Dialog } from "~/components/ui/dialog";
import { toast } from "~/components/ui/toast";
import type { WorkbenchRange } from "~/domain/dashboard";
import { ROLE_LABEL } from "~/domain/tenant";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import type { Rights } from "../_components/rights";
import { useDownload } from "../_components/save-file";

/** 导出日报: the figures of the page as a file. */
export function ReportButton({ range, rights }: { range: WorkbenchRange; rights: Rights }) {
  const t = useT("dashboard");
  const common = useT("common");
  const lang = useLang();
  const [dismissed, setDismissed] = useState<unknown>(null);
  const file = useDownload(paths.exportWorkbench(), () => toast(t("reportDone")));
  const reason = rights.export ? null : rights.role ? t("reason.role", { role: ROLE_LABEL[lang][rights.role] }) : t("reason.grant");
  return (
    <>
      <Button
        icon={<Download />}
        className="max-md:hidden"
        busy={file.busy}
        busyLabel={t("reportBusy")}
        reason={reason}
        onClick={() => void file.start({ range })}
      >
        {t("report")}
      </Button>
      <Dialog
        open={Boolean(file.error) && file.error !== dismissed}
        onClose={() => setDismissed(file.error)}
        title={t("report")}
        actions={<Button onClick={() => setDismissed(file.error)}>{common("close")}</Button>}
      >
        <CommandError error={file.error} />
      </Dialog>
    </>
  );
}
