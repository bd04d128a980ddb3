"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { Money } from "~/components/money";
import { Age } from "~/components/ui/time";
import { CASE_KIND_LABEL } from "~/domain/exception";
import { useLang, useT } from "~/i18n/use-t";
import { paths } from "~/lib/paths";
import { beijingDate } from "~/lib/time";
import { useKindName } from "../channels/_components/kind-name";
import type { WorkbenchData } from "./workbench";

type Todo = WorkbenchData["todos"][number];

/** 等您处理: each row leads to the list that is filtered to it. */
export function TodoList({ data: { todos, asOf } }: { data: WorkbenchData }) {
  const t = useT("dashboard");
  const [mineOnly, setMineOnly] = useState(false);
  const tell = useTodoWords(asOf);
  const mine = todos.filter((todo) => (todo.kind === "case" && todo.owner === "me") || todo.kind === "difference");
  const shown = mineOnly ? mine : todos;
  return (
    <section aria-label={t("todo.title")} className="min-w-0 border-l border-line max-lg:border-t max-lg:border-l-0">
      <div className="flex h-11 items-center gap-3 px-gutter">
        <h2 className="text-sm font-strong">{t("todo.title")}</h2>
        {shown.length > 0 && <span className="text-xs text-ink-3">{t("todo.count", { count: shown.length })}</span>}
        <span className="grow" />
        {todos.length > 0 && (
          <button type="button" aria-pressed={mineOnly} className="link min-h-7" onClick={() => setMineOnly(!mineOnly)}>
            {mineOnly ? t("todo.all") : t("todo.mine")}
          </button>
        )}
      </div>
      {shown.length === 0 ? (
        <p className="px-gutter pb-4 text-ink-3">{mineOnly ? t("todo.noneMine") : t("todo.none")}</p>
      ) : (
        <ul className="max-h-[252px] overflow-y-auto pb-1.5 max-lg:max-h-none">
          {shown.map((todo) => {
            const { key, title, note, href } = tell(todo);
            return (
              <li key={key} className="not-first:border-t not-first:border-line">
                <Link
                  href={href}
                  prefetch={false}
                  className="flex min-h-10 items-center gap-2 py-0.5 pr-4 pl-gutter -outline-offset-2 hover:bg-hover max-md:min-h-12"
                >
                  <span className="min-w-0 grow">
                    <span className="block truncate leading-[18px] font-medium">{title}</span>
                    <span className="block truncate text-xs text-ink-3">{note}</span>
                  </span>
                  {todo.amountFen !== null && <Money fen={todo.amountFen} />}
                  <ChevronRight aria-hidden className="size-3.5 text-ink-3" />
                </Link>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}

type TodoWords = { key: string; title: string; note: ReactNode; href: string };

function useTodoWords(asOf: Date): (todo: Todo) => TodoWords {
  const t = useT("dashboard");
  const lang = useLang();
  const kindName = useKindName();
  const today = beijingDate(asOf);
  const age = (since: Date | null) => since && <Age since={since} />;
  return (todo) => {
    switch (todo.kind) {
      case "case": {
        const kind = CASE_KIND_LABEL[lang][todo.caseKind];
        return {
          key: `case ${todo.caseKind} ${todo.owner}`,
          title: todo.owner === "me" ? t("todo.caseMine", { kind }) : t("todo.caseNobody", { kind }),
          note: (
            <>
              {t("todo.caseNote", { count: todo.count })} {age(todo.since)}
            </>
          ),
          href: paths.exceptions({ kind: todo.caseKind, owner: todo.owner }),
        };
      }
      case "unknown_attempt":
        return {
          key: todo.kind,
          title: t("todo.unknown"),
          note: (
            <>
              {t("todo.unknownNote", { count: todo.count })} {age(todo.since)}
            </>
          ),
          href: paths.payments({ status: "unknown" }),
        };
      case "refused_message":
        return {
          key: todo.kind,
          title: t("todo.refused"),
          note: t("todo.refusedNote", { count: todo.count }),
          href: paths.inbox({ state: "refused", from: today, to: today }),
        };
      case "difference":
        return {
          key: todo.kind,
          title: t("todo.difference", { count: todo.count }),
          note: (
            <>
              {t("todo.differenceNote")} {age(todo.since)}
            </>
          ),
          href: paths.reconciliation({ owner: "me" }),
        };
      case "facetoface":
        return {
          key: `facetoface ${todo.attention}`,
          title: t(`todo.facetoface.${todo.attention}`),
          note: (
            <>
              {t("todo.facetofaceNote", { count: todo.count })} {age(todo.since)}
            </>
          ),
          href: paths.facetoface({ status: "attention" }),
        };
      case "key_expiry": {
        const kind = kindName(todo.keyKind, todo.provider);
        const over = todo.daysLeft < 0;
        return {
          key: `key ${todo.channelId} ${todo.keyKind}`,
          title: over ? t("todo.keyExpired", { kind }) : t("todo.keyExpiring", { kind }),
          note: over
            ? t("todo.keyNoteExpired", { channel: todo.channelName })
            : t("todo.keyNote", { channel: todo.channelName, days: todo.daysLeft }),
          href: paths.channel(todo.channelId),
        };
      }
      case "no_channel":
        return {
          key: todo.kind,
          title: todo.channels === 0 ? t("todo.noChannel") : t("todo.noneEnabled"),
          note: todo.channels === 0 ? t("todo.noChannelNote") : t("todo.noneEnabledNote", { count: todo.channels }),
          href: paths.channels(),
        };
    }
  };
}
