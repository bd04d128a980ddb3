const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 };

/**
 * What the terminal shows of a program's line; the log file has them all.
 * @param {string} program
 * @param {string} line
 * @param {{ showFrom: number, plain: boolean }} wanted lines of JSON from this level up, and whether other text is wanted
 * @returns {string | null}
 */
export function shownLine(program, line, { showFrom, plain }) {
  if (line.trim() === "") return null;
  const entry = parseEntry(line);
  if (!entry) return plain ? `${program.padEnd(9)} ${line}` : null;
  if (levelOf(entry.level) < showFrom) return null;
  const cause = (entry.err ?? entry.error)?.message;
  const reason = cause && cause !== entry.msg ? `: ${cause}` : "";
  return `${program.padEnd(9)} ${levelName(levelOf(entry.level))} ${entry.msg ?? ""}${reason}`;
}

/**
 * From which level lines are shown: all that are written, when somebody asked for a level.
 * @param {string | undefined} logLevel
 */
export const showFromLevel = (logLevel) => LEVELS[/** @type {keyof typeof LEVELS} */ (logLevel)] ?? LEVELS.warn;

/**
 * @param {string} line
 * @returns {{ level?: number | string, msg?: string, err?: { message?: string }, error?: { message?: string } } | null}
 */
function parseEntry(line) {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** @param {number | string | undefined} level */
const levelOf = (level) => (typeof level === "number" ? level : (LEVELS[/** @type {keyof typeof LEVELS} */ (level)] ?? LEVELS.info));

/** @param {number} level */
const levelName = (level) => Object.entries(LEVELS).find(([, value]) => value >= level)?.[0] ?? "fatal";
