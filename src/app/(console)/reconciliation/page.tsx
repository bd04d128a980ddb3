import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { PageHead } from "~/components/ui/page-head";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { CalendarPage } from "./_components/calendar-page";
import { calendarInput, HOME_DEFAULTS, openInput, readState } from "./_components/list-state";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("reconciliation"))("title") };
}

export default async function ReconciliationPage({ searchParams }: Props) {
  const { forbidden } = await enterPage({ kind: "tenant", permission: "reconciliation.read", fresh: false });
  if (forbidden) {
    return (
      <>
        <PageHead title={(await getT("reconciliation"))("title")} />
        <Forbidden reason={forbidden.details.reason} />
      </>
    );
  }
  const state = readState(HOME_DEFAULTS, await searchParams);
  const api = await prefetcher();
  await Promise.all([api.reconciliation.calendar.prefetch(calendarInput(state)), api.reconciliation.list.prefetch(openInput(state))]);
  return (
    <Words of={["reconciliation"]}>
      <Prefetched>
        <CalendarPage />
      </Prefetched>
    </Words>
  );
}
