import type { Metadata } from "next";
import { Forbidden } from "~/components/forbidden";
import { ProviderSchema } from "~/domain/provider-input";
import { getT } from "~/i18n/get-t";
import { enterPage } from "~/server/api/server-context";
import { getSystem } from "~/server/system";
import { CreateForm } from "../_components/create-form";
import { mayWriteChannels } from "../_components/may-write";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getT("channel"))("newTitle") };
}

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function NewChannelPage({ searchParams }: Props) {
  const { identity, forbidden } = await enterPage({ kind: "tenant", permission: "channel.read", fresh: false });
  if (forbidden) return <Forbidden />;
  const t = await getT("channel");
  const { config } = await getSystem();
  const provider = ProviderSchema.safeParse((await searchParams).provider);
  return (
    <CreateForm
      provider={provider.data ?? "alipay"}
      environment={config.demo || config.testClock ? "simulator" : "live"}
      simulatorUrl={config.simulatorUrl}
      readOnly={mayWriteChannels(identity) ? null : t("readOnly")}
    />
  );
}
