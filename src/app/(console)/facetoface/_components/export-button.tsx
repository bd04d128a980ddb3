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
import { useDownload } from "../../_components/save-file";
import { countInput, filterInput, LIST_STATUSES, type ListState } from "./list-state";
import type { Rights } from "./rights";
import { useReason } from "./use-reason";

/** 导出 37 张: what the filter finds, in the order of the list. */
export function ExportButton({ state, rights }: { state: ListState; rights: Rights }) {
  const t = useT("facetoface");
  const common = useT("common");
  const { data } = api.facetoface.counts.useQuery(countInput(state));
  const [dismissed, setDismissed] = useState<unknown>(null);
  const found = data?.[LIST_STATUSES.find((status) => status === state.status) ?? "all"];
  const count = data && found !== undefined && found < data.countMax ? found : undefined;
  const file = useDownload(paths.exportFacetoface(), () => toast(count === undefined ? t("export.plain") : t("export.done", { count })));
  const say = useReason();
  const reason = rights.export ? (count === 0 ? t("export.nothing") : null) : rights.role ? t("export.role") : say("role", rights);
  return (
    <>
      <Button
        icon={<Download />}
        className="max-md:hidden"
        busy={file.busy}
        busyLabel={t("export.busy")}
        reason={reason}
        onClick={() => void file.start(filterInput(state))}
      >
        {count === undefined ? t("export.plain") : t("export.button", { count })}
      </Button>
      <Dialog
        open={Boolean(file.error) && file.error !== dismissed}
        onClose={() => setDismissed(file.error)}
        title={t("export.failed")}
        actions={<Button onClick={() => setDismissed(file.error)}>{common("close")}</Button>}
      >
        <CommandError error={file.error} noMoney />
      </Dialog>
    </>
  );
}
