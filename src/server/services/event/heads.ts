import { appendFile, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { SystemCtx } from "~/server/context";

/**
 * Heads of the chains, kept outside the database: who can rewrite the tables still cannot rewrite these (AUD-02).
 * One JSON line per sealed batch; ship the file to write-once storage where the database's administrator has no hand.
 */
export type Head = { tenantId: string; seq: string; hash: string; at: string };

/** Above this the file is cut down to the newest head of each tenant, which is what a verification needs. */
const FILE_MAX_BYTES = 16_000_000;

const fileOf = (sys: SystemCtx): string => path.join(sys.config.dataDir, "event-heads.jsonl");

export async function appendHead(sys: SystemCtx, head: Head): Promise<void> {
  const file = fileOf(sys);
  await appendFile(file, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  const { size } = await stat(file);
  if (size > FILE_MAX_BYTES) await keepNewest(file);
}

/** All heads of one tenant, oldest first. A line that is not whole (the machine stopped while writing) is passed over. */
export async function readHeads(sys: SystemCtx, tenantId: string): Promise<Head[]> {
  return (await readLines(fileOf(sys))).filter((head) => head.tenantId === tenantId);
}

async function keepNewest(file: string): Promise<void> {
  const newest = new Map((await readLines(file)).map((head) => [head.tenantId, head]));
  const next = `${file}.${process.pid}`;
  await writeFile(next, [...newest.values()].map((head) => `${JSON.stringify(head)}\n`).join(""), { mode: 0o600 });
  await rename(next, file);
}

async function readLines(file: string): Promise<Head[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => parseHead(line) ?? []);
}

function parseHead(line: string): Head | null {
  const match = /^\{"tenantId":"(\w+)","seq":"(\d+)","hash":"([0-9a-f]{64})","at":"([^"]+)"\}$/.exec(line);
  if (!match) return null;
  const [, tenantId = "", seq = "", hash = "", at = ""] = match;
  return { tenantId, seq, hash, at };
}
