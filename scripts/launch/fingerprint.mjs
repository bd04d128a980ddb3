import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * One hash over the names and contents of files and whole folders. What does not exist counts as absent, so that a file's coming or going changes the hash.
 * @param {string} base
 * @param {string[]} names relative to `base`
 * @param {(file: string) => boolean} [counts] whether a file matters
 */
export function fingerprint(base, names, counts = () => true) {
  const hash = createHash("sha256");
  for (const name of names) {
    for (const file of filesBelow(base, name)) {
      if (!counts(file)) continue;
      const content = readFileSync(path.join(base, file));
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest("hex");
}

/**
 * @param {string} base
 * @param {string} name
 * @returns {string[]} files in a fixed order, with forward slashes
 */
function filesBelow(base, name) {
  const full = path.join(base, name);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [name];
  return readdirSync(full)
    .sort()
    .flatMap((entry) => filesBelow(base, `${name}/${entry}`));
}

/**
 * A stamp remembers from which fingerprint something was made.
 * @param {string} file
 */
export function stampAt(file) {
  return {
    /** @param {string} value */
    matches: (value) => existsSync(file) && readFileSync(file, "utf8") === value,
    /** @param {string} value */
    write: (value) => {
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, value);
    },
    /** Taken away before the work begins, so that half-done work is never taken for done. */
    remove: () => rmSync(file, { force: true }),
  };
}
