import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { roleMay } from "~/domain/tenant";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { Prefetched, prefetcher } from "~/trpc/server";
import { MembersPage } from "./_components/members-page";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("member"))("title") };
}

export default async function Page() {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "member.read", fresh: false });
  if (forbidden) return <Forbidden reason={forbidden.details.reason} />;
  const access = identity.tenant?.access;
  const mayManage = access?.kind === "member" && roleMay(access.role, "member.write");
  const api = await prefetcher();
  await Promise.all([api.member.list.prefetch({ limit: 50 }), mayManage && api.member.invitations.prefetch()]);
  return (
    <Prefetched>
      <MembersPage mayManage={mayManage} />
    </Prefetched>
  );
}
