import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { commands } from "~/cli/commands";
import { randomBase32 } from "~/lib/id";
import { PROGRAMS, programOptions } from "../../../scripts/launch/bundle.mjs";

/** Promises about secrets that no single module keeps: the sources and what is built from them are read. */

const root = fileURLToPath(new URL("../../..", import.meta.url));

function filesBelow(folder: string, ending: RegExp): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
}
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const ours = [...filesBelow("src", /\.tsx?$/), ...filesBelow("worker", /\.ts$/)].filter((file) => !/\.test\.tsx?$/.test(file));
const server = ours.filter((file) => /^(src\/(server|lib|domain|cli)|worker)\//.test(file) && !file.includes("/testing/"));
/** What the simulator does wrong, it does on purpose. */
const matches = (files: string[], pattern: RegExp) => files.filter((file) => pattern.test(read(file)));

describe("KEY-05 where secrets do not come from", () => {
  it("KEY-05 no secret of the environment gets into what is built", async () => {
    const canary = `canary-${randomBase32()}`;
    const folder = mkdtempSync(path.join(tmpdir(), "xjz-build-"));
    const names = ["MASTER_KEYS", "NEXTAUTH_SECRET", "DATABASE_URL", "MIGRATE_DATABASE_URL", "METRICS_TOKEN"] as const;
    const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
    for (const name of names) process.env[name] = `${canary}-${name}`;
    try {
      await build(programOptions(PROGRAMS, folder));
    } finally {
      for (const name of names) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    const built = readdirSync(folder).map((file) => readFileSync(path.join(folder, file), "utf8"));
    rmSync(folder, { recursive: true });

    expect(built.length).toBeGreaterThanOrEqual(Object.keys(PROGRAMS).length);
    expect(built.filter((text) => text.includes(canary))).toEqual([]);
  });

  it("KEY-05 no source holds a private key, and no page may ask the environment for anything", () => {
    expect(matches(ours, /-----BEGIN (RSA |EC |)PRIVATE KEY-----\s*\\?n?[A-Za-z0-9+/]{40}/)).toEqual([]);
    const pages = ours.filter((file) => /^src\/(app|components|trpc|domain|lib|i18n|messages)\//.test(file));
    expect(matches(pages, /process\.env\.(?!NODE_ENV\b)/)).toEqual([]);
    expect(matches(ours, /NEXT_PUBLIC_/)).toEqual([]);
  });

  it("KEY-05 no command takes a key or a token as a word of the command line", () => {
    const options = commands.flatMap(({ name, options }) => options.map((option) => `${name} --${option.name}`));
    expect(options.filter((text) => /--.*(key|secret|token)/.test(text))).toEqual([]);
  });
});

describe("KEY-06 how secrets are made and compared", () => {
  it("KEY-06 nothing that must not be guessed comes from Math.random", () => {
    // Pauses between retries are the only thing that may be guessed.
    expect(matches(server, /Math\.random/)).toEqual([
      "src/server/outbox/claim.ts",
      "src/server/providers/transport.ts",
      "src/server/services/facetoface/poll.ts",
    ]);
  });

  it("KEY-06 nothing is signed or digested with MD5 or SHA-1", () => {
    expect(matches(server, /["'`](md5|sha-1|RSA-SHA1|RSA-MD5)["'`]/i)).toEqual([]);
    // WeChat Pay names the digest of a statement's bytes, and no other, in an answer whose own signature holds: compared, never made for anybody.
    expect(matches(server, /["'`]sha1["'`]/i)).toEqual(["src/server/providers/wechat/statement.ts"]);
  });

  it("KEY-06 no secret is compared letter by letter", () => {
    const comparison = /\b\w*(token|secret|hmac|mac|bearer)\w*(\.reveal\(\))?\s*[!=]==(?!\s*(?:null|undefined|""|''))/i;
    expect(matches(server, comparison)).toEqual([]);
    // What must be compared in the process is compared in constant time.
    expect(matches(server, /timingSafeEqual/).length).toBeGreaterThan(0);
  });
});
