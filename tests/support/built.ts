import { rmSync } from "node:fs";
import path from "node:path";
import { randomBase32 } from "~/lib/id";
import { buildBundles, programOptions } from "../../scripts/launch/bundle.mjs";
import { repository } from "./processes";

export type Built = { file: string; remove(): void };

/** Bundles one program of this repository as the build does: a test that starts it often should not translate it each time. */
export async function buildProgram(entry: string): Promise<Built> {
  // Inside the repository, so that packages are found from there.
  const folder = path.join(repository, "node_modules", ".cache", `test-${randomBase32(12)}`);
  await buildBundles([programOptions({ program: entry }, folder)]);
  return { file: path.join(folder, "program.mjs"), remove: () => rmSync(folder, { recursive: true, force: true }) };
}
