"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { LoadError } from "~/components/load-error";
import { StatusChip } from "~/components/status-chip";
import { IconButton } from "~/components/ui/button";
import { Chip } from "~/components/ui/chip";
import { PageHead } from "~/components/ui/page-head";
import { Skeleton } from "~/components/ui/states";
import { useT } from "~/i18n/use-t";
import type { Id } from "~/lib/id";
import { paths } from "~/lib/paths";
import { api, type RouterOutputs } from "~/trpc/client";
import type { Rights } from "../../_components/rights";
import { MessageFacts } from "./message-facts";
import { MessageSteps } from "./message-steps";
import { MessageStory } from "./message-story";
import { MessageViewer } from "./message-viewer";
import { RerunButtons } from "./rerun-buttons";
import { RerunResult } from "./rerun-result";
import { StateChip } from "./state-chip";
import { useRerun } from "./use-rerun";

export type MessageDetail = RouterOutputs["inbox"]["get"];

type MessagePageProps = { id: Id<"notification">; rights: Rights };

/** One message: what came, how it was looked at step by step, and what it did; it can be run again, dry or for real. */
export function MessagePage({ id, rights }: MessagePageProps) {
  const { data: detail, error, refetch } = api.inbox.get.useQuery({ notificationId: id });
  const rerun = useRerun(id);
  if (error && !detail) return <LoadError error={error} onRetry={() => void refetch()} />;
  if (!detail) return <Waiting />;
  return (
    <>
      <Head detail={detail}>
        <RerunButtons rerun={rerun} rights={rights} />
      </Head>
      <MessageFacts detail={detail} />
      <div className="grid min-h-0 grow grid-cols-[452px_minmax(0,1fr)] max-lg:grid-cols-1">
        <section className="min-w-0 overflow-y-auto px-gutter pt-4 pb-6 max-lg:overflow-visible">
          <MessageStory detail={detail} />
          <MessageSteps detail={detail} />
        </section>
        <section className="flex min-h-0 min-w-0 flex-col border-l border-line max-lg:border-t max-lg:border-l-0">
          <MessageViewer detail={detail} />
          <RerunResult rerun={rerun} detail={detail} />
        </section>
      </div>
    </>
  );
}

function Head({ detail, children }: { detail: MessageDetail; children: React.ReactNode }) {
  const t = useT("inbox");
  const common = useT("common");
  const router = useRouter();
  const { message, cases, newerId, olderId } = detail;
  const open = cases.find(({ status }) => status === "open");
  const go = (to: Id<"notification"> | null) => to && router.push(paths.message(to));
  return (
    <PageHead
      className="pb-3"
      trail={
        <Link className="hover:text-ink" href={paths.inbox()} prefetch={false}>
          {t("title")}
        </Link>
      }
      title={t(`kind.${message.kind}`)}
      meta={
        <>
          {message.failedStep ? <Chip tone="bad">{verdictOf(t, message.failedStep)}</Chip> : <Chip tone="ok">{t("verdict.verified")}</Chip>}
          {open ? (
            <StatusChip of="caseKind" status={open.kind} />
          ) : (
            message.state !== "refused" && <StateChip state={message.state} caseIsOpen={false} />
          )}
        </>
      }
    >
      <IconButton label={common("prev")} icon={<ChevronUp />} disabled={!newerId} onClick={() => go(newerId)} />
      <IconButton label={common("next")} icon={<ChevronDown />} disabled={!olderId} onClick={() => go(olderId)} />
      {children}
    </PageHead>
  );
}

const FAILED = ["format", "channel", "key", "signed_text", "signature", "decrypt", "fields"] as const;

const verdictOf = (t: ReturnType<typeof useT<"inbox">>, step: string) => t(`verdict.${FAILED.find((one) => one === step) ?? "signature"}`);

function Waiting() {
  return (
    <div aria-busy className="grid gap-4 px-gutter py-6">
      {["w-1/3", "w-3/5", "w-1/2", "w-2/3"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
  );
}
