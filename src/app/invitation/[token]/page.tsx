import type { Metadata } from "next";
import { AccountFrame } from "~/components/account-frame";
import { ThreeLines } from "~/components/three-lines";
import { ButtonLink } from "~/components/ui/button-link";
import { timeText } from "~/components/ui/time-text";
import { OpenInvitation } from "~/domain/member";
import { ROLE_LABEL } from "~/domain/tenant";
import { getLang, getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { AppError } from "~/lib/errors";
import { paths } from "~/lib/paths";
import { createServerContext } from "~/server/api/server-context";
import { openInvitation } from "~/server/services/member";
import { TRPCReactProvider } from "~/trpc/client";
import { AcceptAsMember, AcceptAsNewcomer, SwitchAccount } from "./accept";

type Props = { params: Promise<{ token: string }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("auth"))("invitation.join"), referrer: "no-referrer" };
}

export default async function InvitationPage({ params }: Props) {
  const { token } = await params;
  const { sys, identify } = await createServerContext();
  const [t, lang, invitation, identity] = await Promise.all([getT("auth"), getLang(), findInvitation(sys, token), identify()]);
  if (!invitation) return <Gone />;

  const { tenantName, role, email, expiresAt, hasAccount } = invitation;
  return (
    <Words of={["auth"]}>
      <TRPCReactProvider>
        <AccountFrame>
          <h1 className="mt-4 text-xl font-strong">{t("invitation.title", { tenant: tenantName })}</h1>
          <p className="mt-2 text-ink-2">{t("invitation.role", { role: ROLE_LABEL[lang][role], email })}</p>
          <p className="mb-6 text-xs text-ink-3">{t("invitation.until", { time: timeText(expiresAt, "minute", sys.now()) })}</p>
          {identity === null && !hasAccount && <AcceptAsNewcomer token={token} email={email} />}
          {identity === null && hasAccount && (
            <div className="grid gap-4">
              <p>{t("invitation.hasAccount", { email })}</p>
              <ButtonLink variant="primary" size="form" href={paths.signIn(paths.invitation(token))}>
                {t("invitation.signInFirst")}
              </ButtonLink>
            </div>
          )}
          {identity !== null && identity.email === email && <AcceptAsMember token={token} />}
          {identity !== null && identity.email !== email && (
            <SwitchAccount token={token} text={t("invitation.other", { invited: email, current: identity.email })} />
          )}
        </AccountFrame>
      </TRPCReactProvider>
    </Words>
  );
}

async function Gone() {
  const t = await getT("auth");
  return (
    <AccountFrame>
      <h1 className="mt-4 mb-6 text-xl font-strong">{t("invitation.gone.title")}</h1>
      <ThreeLines what={t("invitation.gone.what")} movement="none" money={t("invitation.gone.money")} next={t("invitation.gone.next")} />
      <ButtonLink size="form" className="mt-6 w-full" href={paths.signIn()}>
        {t("invitation.toSignIn")}
      </ButtonLink>
    </AccountFrame>
  );
}

async function findInvitation(sys: Parameters<typeof openInvitation>[0], token: string) {
  const parsed = OpenInvitation.safeParse({ token });
  if (!parsed.success) return null;
  try {
    return await openInvitation(sys, parsed.data.token);
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
