import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

/** TEN-09, for addresses: every page and every route handler, and by what each decides who may see it. Procedures have tests/walls. */

const app = fileURLToPath(new URL("../src/app", import.meta.url));

const files = (readdirSync(app, { recursive: true }) as string[])
  .map((file) => file.split(path.sep).join("/"))
  .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file))
  .sort();
const read = (file: string): string => readFileSync(path.join(app, file), "utf8");

/** What each asks, as it stands in its source. A new address fails here until it has its line. */
const GUARDS: Record<string, RegExp> = {
  "api/auth/[...nextauth]/route.ts": /NextAuth\(/,
  "api/trpc/[trpc]/route.ts": /fetchRequestHandler\(/,
  "api/facetoface/pictures/route.ts": /uploadPicture\(request\)/,
  "api/facetoface/pictures/[pictureId]/route.ts": /showPicture\(request, /,
  // A signature stands for the right.
  "api/payment/alipay/notify/[channelId]/route.ts": /callbackRoute/,
  "api/payment/wechat/notify/[channelId]/route.ts": /callbackRoute/,
  "api/payment/notification/[channelId]/route.ts": /callbackRoute/,
  // A token in the address stands for the right.
  "checkout/[token]/page.tsx": /checkout/i,
  "invitation/[token]/page.tsx": /openInvitation\(/,
  "sign-in/page.tsx": /identify\(\)/,
};

const guardOf = (file: string): RegExp | undefined => {
  if (file.startsWith("(console)/")) return /await enterPage\(\{ kind: "(tenant|operator)"/;
  if (file.startsWith("api/export/")) return /download\(request, /;
  return GUARDS[file];
};

it("SES-01 TEN-09 every page and every route decides for itself who may see it", () => {
  const open = files.filter((file) => !guardOf(file)?.test(read(file)));

  expect(open).toEqual([]);
  expect(files.length).toBeGreaterThan(15);
});

it("names no address that is gone", () => {
  expect(Object.keys(GUARDS).filter((file) => !files.includes(file))).toEqual([]);
});
