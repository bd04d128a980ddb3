import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { AccountFrame } from "~/components/account-frame";
import { getT } from "~/i18n/get-t";
import { Words } from "~/i18n/words";
import { paths } from "~/lib/paths";
import { safeNext } from "~/lib/safe-next";
import { createServerContext } from "~/server/api/server-context";
import { DEMO_ACCOUNTS } from "~/server/demo-accounts";
import { SignInForm } from "./sign-in-form";

type Props = { searchParams: Promise<{ next?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("auth"))("signIn") };
}

export default async function SignInPage({ searchParams }: Props) {
  const { next } = await searchParams;
  const target = safeNext(typeof next === "string" ? next : undefined, paths.home());
  const context = await createServerContext();
  if (await context.identify()) redirect(target);
  return (
    <Words of={["auth"]}>
      <AccountFrame>
        <SignInForm next={target} accounts={context.sys.config.demo ? DEMO_ACCOUNTS : []} />
      </AccountFrame>
    </Words>
  );
}
