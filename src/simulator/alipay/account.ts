import { createPublicKey, type KeyObject } from "node:crypto";
import { after, days } from "~/lib/time";
import type { AccountInput, AlipayAccountOutput } from "../control/types";
import { issueCertificate, type Name, readRsaPublicKey } from "../crypto/certificate";
import { newEcKey, newRsaKey, privateKey, publicPem } from "../crypto/keys";
import type { AlipayAccount, AlipayAuthority } from "../state";
import type { World } from "../world";

const ROOT: Name = {
  C: "CN",
  O: "Simulator Ant Financial",
  OU: "Certification Authority",
  CN: "Simulator Ant Financial Certification Authority R1",
};
const OTHER_ROOT: Name = { ...ROOT, CN: "Simulator Ant Financial Certification Authority E1" };
const LIFE_DAYS = 5 * 365;

/** Registers an application, or takes its new key. What is ours (Alipay's key and its certificate) stays as it was. */
export async function registerAlipay(world: World, input: Extract<AccountInput, { provider: "alipay" }>): Promise<AlipayAccountOutput> {
  const appKey = readRsaPublicKey(input.appPublicKey);
  const authority = await ensureAuthority(world);
  const appPublicKey = appKey.export({ type: "spki", format: "pem" }).toString();
  const known = world.state.alipay.accounts.get(input.appId);
  const ours = known ?? (await newAlipayKeys(world, authority, input.appId));
  const account: AlipayAccount = {
    appId: input.appId,
    sellerId: input.sellerId,
    name: input.name ?? known?.name ?? null,
    appPublicKey,
    aesKey: input.aesKey ?? known?.aesKey ?? null,
    privateKey: ours.privateKey,
    alipayCert: ours.alipayCert,
    appCert: known?.appPublicKey === appPublicKey ? known.appCert : issue(world, authority, `${input.appId}-${input.sellerId}`, appKey),
  };
  // Two registrations at once make two keys; the first one stored is the one that both get.
  const stored = world.state.alipay.accounts.get(input.appId);
  if (stored && !known) return registerAlipay(world, input);
  world.state.alipay.accounts.set(input.appId, account);
  world.changed("account", input.appId);
  return accountOutput(account, authority);
}

export const bareBase64 = (pem: string): string => pem.replace(/-----[^-]+-----|\s+/g, "");

const accountOutput = (account: AlipayAccount, authority: AlipayAuthority): AlipayAccountOutput => ({
  alipayPublicKey: bareBase64(publicPem(account.privateKey)),
  appCert: account.appCert,
  alipayCert: account.alipayCert,
  alipayRootCert: authority.bundle,
});

async function newAlipayKeys(world: World, authority: AlipayAuthority, appId: string) {
  const key = await newRsaKey();
  return { privateKey: key, alipayCert: issue(world, authority, `支付宝（模拟） ${appId}`, createPublicKey(privateKey(key))) };
}

function issue(world: World, authority: AlipayAuthority, commonName: string, key: KeyObject): string {
  return issueCertificate({
    subject: { C: "CN", O: "Simulator Ant Financial", CN: commonName },
    publicKey: key,
    issuer: ROOT,
    issuerKey: privateKey(authority.privateKey),
    notBefore: after(world.now(), -days(1)),
    lifeDays: LIFE_DAYS,
    isAuthority: false,
  });
}

/** Alipay's root file holds certificates of several algorithms, and only the RSA ones count: so does ours. */
async function ensureAuthority(world: World): Promise<AlipayAuthority> {
  if (world.state.alipay.authority) return world.state.alipay.authority;
  const [rsa, ec] = await Promise.all([newRsaKey(), newEcKey()]);
  const notBefore = after(world.now(), -days(1));
  const root = (name: Name, key: string) =>
    issueCertificate({
      subject: name,
      issuer: name,
      publicKey: createPublicKey(privateKey(key)),
      issuerKey: privateKey(key),
      notBefore,
      lifeDays: 20 * 365,
      isAuthority: true,
    });
  const certificate = root(ROOT, rsa);
  // Another caller may have been faster while the keys were made.
  world.state.alipay.authority ??= { privateKey: rsa, certificate, bundle: root(OTHER_ROOT, ec) + certificate };
  return world.state.alipay.authority;
}
