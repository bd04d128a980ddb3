import { ensureBuilt } from "./launch/built.mjs";
import { runMain } from "./launch/failure.mjs";
import { ensureInstalled } from "./launch/install.mjs";
import { createProgress } from "./launch/progress.mjs";

runMain(async () => {
  const progress = createProgress();
  await ensureInstalled(progress);
  await ensureBuilt(progress, { force: true });
  return 0;
});
