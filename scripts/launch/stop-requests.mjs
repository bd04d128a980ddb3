const PARENT_LOOK_MS = 500;
// npm passes on a Ctrl-C that the terminal has sent us already: two within this time are one.
const SAME_KEYSTROKE_MS = 1_000;

/**
 * Calls `stop` once for whatever asks this process to end first: Ctrl-C, a closed terminal, a polite kill, or the death of
 * whoever started it. A later Ctrl-C calls `hurry`.
 * @param {{ stop: () => void, hurry: () => void }} requests
 */
export function whenAskedToStop({ stop, hurry }) {
  let askedAt = 0;
  function ask() {
    if (askedAt > 0) return;
    askedAt = performance.now();
    stop();
  }
  process.on("SIGINT", () => (askedAt > 0 && performance.now() - askedAt > SAME_KEYSTROKE_MS ? hurry() : ask()));
  process.on("SIGTERM", ask).on("SIGHUP", ask);
  // Started by another Node program, such as a test.
  if (process.send) process.once("disconnect", ask);
  // A killed npm tells nobody: the kernel gives us another parent, and that can be seen.
  if (process.env.npm_lifecycle_event) {
    const parent = process.ppid;
    const look = setInterval(() => process.ppid === parent || ask(), PARENT_LOOK_MS);
    look.unref();
  }
}
