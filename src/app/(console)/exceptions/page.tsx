import type { Metadata } from "next";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { rightsOf } from "../_components/rights";
import { FirstCase } from "./_components/first-case";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("exception"))("title") };
}

export default async function ExceptionsPage() {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "exception.read", fresh: false });
  // The layout says why.
  if (forbidden) return null;
  return <FirstCase rights={rightsOf(identity)} userId={identity.userId} />;
}
