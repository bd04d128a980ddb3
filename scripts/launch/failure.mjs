/** A failure that a person can act on: shown as its message, without a stack. */
export class Failure extends Error {
  /**
   * @param {string} message one line that says what is wrong and what to do
   * @param {{ detail?: string, cause?: unknown }} [more] `detail` is shown above the message, such as the last lines of a program's output
   */
  constructor(message, more = {}) {
    super(message, { cause: more.cause });
    this.name = "Failure";
    this.detail = more.detail ?? "";
  }
}

/**
 * Runs a command's main function; whatever it throws becomes text on standard error and exit code 1.
 * @param {() => Promise<number | undefined>} main answers the exit code
 */
export async function runMain(main) {
  try {
    requireNode(process.versions.node);
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

/**
 * npm only warns about an old Node, and what fails later fails in a riddle.
 * @param {string} version
 */
export function requireNode(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 9))
    throw new Failure(`Node.js 20.9 or newer is needed, and this is ${version}: install a newer one`);
}

/** @param {unknown} error */
export function describeFailure(error) {
  if (error instanceof Failure) return `${error.detail ? `${error.detail.trimEnd()}\n\n` : ""}✗ ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
