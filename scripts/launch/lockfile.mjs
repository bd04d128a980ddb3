/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, dev?: boolean, os?: string[], cpu?: string[], libc?: string[],
 *   optionalDependencies?: Record<string, string>, [more: string]: unknown }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage>, [more: string]: unknown }} Lock
 */

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const PROCESSORS = ["arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/**
 * Optional packages that the lock's packages ask for and that the lock leaves out. `npm install` drops those which it could not fetch at that moment,
 * and `npm ci` then refuses the lock.
 * @param {Lock} lock
 */
export function missingOptional(lock) {
  /** @type {{ name: string, version: string, dev: boolean }[]} */
  const missing = [];
  for (const [place, locked] of Object.entries(lock.packages)) {
    for (const [name, range] of Object.entries(locked.optionalDependencies ?? {})) {
      if (place !== "" && resolves(lock, place, name)) continue;
      if (place === "" && lock.packages[`node_modules/${name}`]) continue;
      missing.push({ name, version: range.replace(/^[~^]/, ""), dev: locked.dev === true });
    }
  }
  return missing;
}

/**
 * Node's own walk: a package looks in its own node_modules, then in those of each folder above.
 * @param {Lock} lock
 * @param {string} place
 * @param {string} name
 */
function resolves(lock, place, name) {
  for (let above = place; above !== ""; above = above.slice(0, Math.max(0, above.lastIndexOf("/node_modules/")))) {
    if (lock.packages[`${above}/node_modules/${name}`]) return true;
  }
  return lock.packages[`node_modules/${name}`] !== undefined;
}

/**
 * The same lock with an entry for each missing optional package, limited to the platform that its name tells.
 * Throws for a name that tells none: without a limit, npm would try to install it everywhere.
 * @param {Lock} lock
 * @returns {Lock}
 */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  for (const { name, version, dev } of missingOptional(lock)) {
    packages[`node_modules/${name}`] = { version, ...(dev ? { dev: true } : {}), optional: true, ...platformOf(name) };
  }
  return { ...lock, packages: Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1))) };
}

/** @param {string} name */
export function platformOf(name) {
  const words = name.split(/[-/]/).map((word) => (word === "windows" ? "win32" : word));
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  const libc = words.includes("musl") ? ["musl"] : words.some((word) => word.startsWith("gnu")) ? ["glibc"] : [];
  if (os.length === 0 && !cpu.includes("wasm32")) throw new Error(`${name} does not tell its platform: install it where it can be fetched`);
  return { ...(os.length ? { os } : {}), ...(cpu.length ? { cpu } : {}), ...(libc.length ? { libc } : {}) };
}

/**
 * Whether what npm wrote down as installed is what the lock asks for. Optional packages may be absent: they belong to other platforms.
 * @param {Lock} lock package-lock.json
 * @param {Lock | null} installed node_modules/.package-lock.json
 */
export function isInstalled(lock, installed) {
  if (!installed) return false;
  return Object.entries(lock.packages).every(([place, wanted]) => {
    if (place === "") return true;
    const found = installed.packages[place];
    if (!found) return wanted.optional === true;
    return found.version === wanted.version && (!wanted.integrity || found.integrity === wanted.integrity);
  });
}
