"use client";

import { useMemo } from "react";
import { useUrlState } from "~/components/ui/url-state";
import { useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { api } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { CasePane } from "./case-pane";
import { LIST_DEFAULTS, type ListState, listInput } from "./list-state";

/** Beside the list, before somebody has chosen: the case that has waited longest. */
export function FirstCase({ rights, userId }: { rights: Rights; userId: Id<"user"> }) {
  const t = useT("exception");
  const [state] = useUrlState<ListState>(LIST_DEFAULTS);
  const input = useMemo(() => listInput(state), [state]);
  const { data } = api.exception.list.useQuery(input);
  const [first] = data?.items ?? [];
  if (!data) return null;
  if (!first) return <p className="px-gutter py-6 text-md text-ink-2">{t("nothing")}</p>;
  return <CasePane key={first.id} id={first.id} rights={rights} userId={userId} />;
}
