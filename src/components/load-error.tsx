"use client";

import { useT } from "~/i18n/use-t";
import { storyOf } from "./app-error";
import { ThreeLines } from "./three-lines";
import { Button } from "./ui/button";

type CommandErrorProps = {
  error: unknown;
  /** The command has nothing to do with money, so an unknown outcome leaves no money in doubt. */
  noMoney?: boolean;
  className?: string;
};

/** Three lines for a command that failed, beside its button or inside its dialog. Announced at once. */
export function CommandError({ error, noMoney, className }: CommandErrorProps) {
  const t = useT("errors");
  if (!error) return null;
  const story = storyOf(error, { reading: false });
  return (
    <div role="alert" className={className}>
      <ThreeLines
        size="compact"
        what={t(`${story.words}.what`)}
        movement={noMoney ? "none" : story.movement}
        money={noMoney ? t("noMoney") : t(`${story.words}.money`)}
        next={
          <>
            {noMoney && story.words === "provider_unknown" ? t("noMoneyUnknownNext") : t(`${story.words}.next`)}{" "}
            {story.requestId && <span className="text-ink-3">{t("reference", { id: story.requestId })}</span>}
          </>
        }
      />
    </div>
  );
}

/** Three lines and 重试 in the place of content that did not load. */
export function LoadError({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT("errors");
  const common = useT("common");
  const story = storyOf(error, { reading: true });
  return (
    <div role="alert" className="grid max-w-prose justify-items-start gap-4 px-gutter py-6">
      <ThreeLines
        what={t(`${story.words}.what`)}
        movement={story.movement}
        money={t(`${story.words}.money`)}
        next={
          <>
            {t(`${story.words}.next`)} {story.requestId && <span className="text-ink-3">{t("reference", { id: story.requestId })}</span>}
          </>
        }
      />
      {onRetry && <Button onClick={onRetry}>{common("retry")}</Button>}
    </div>
  );
}
