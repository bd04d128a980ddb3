import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyDataFolder } from "./data-folder.mjs";
import { fingerprint, stampAt } from "./fingerprint.mjs";
import { openLogFile } from "./log-files.mjs";
import { ensureSecrets } from "./secrets.mjs";

/** @type {string} */
let folder;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * @param {string} name
 * @param {string} text
 */
function write(name, text) {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  writeFileSync(path.join(folder, name), text);
}

describe("the fingerprint of sources", () => {
  const print = () => fingerprint(folder, ["src", "package-lock.json"], (file) => !file.endsWith(".test.ts"));

  it("changes with a file's content, name, coming and going, and not with its time or a test", () => {
    write("src/a.ts", "one");
    const first = print();

    write("src/a.ts", "one");
    write("src/a.test.ts", "test");
    expect(print()).toBe(first);
    write("src/a.ts", "two");
    expect(print()).not.toBe(first);
    write("src/a.ts", "one");
    write("package-lock.json", "{}");
    expect(print()).not.toBe(first);
  });

  it("is remembered by a stamp until the work begins anew", () => {
    const stamp = stampAt(path.join(folder, "dist", ".built-from"));
    expect(stamp.matches("abc")).toBe(false);

    stamp.write("abc");
    expect(stamp.matches("abc")).toBe(true);
    stamp.remove();
    expect(stamp.matches("abc")).toBe(false);
  });
});

describe("generated secrets", () => {
  it("are made once, whole and for this user alone", () => {
    const secrets = ensureSecrets(folder);

    expect(ensureSecrets(folder)).toEqual(secrets);
    expect(secrets.MASTER_KEYS).toMatch(/^1:[A-Za-z0-9+/]{43}=$/);
    expect(secrets.NEXTAUTH_SECRET.length).toBeGreaterThanOrEqual(32);
    expect(new Set(Object.values(secrets.database)).size).toBe(4);
    expect(statSync(path.join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
  });

  it("are not made anew for a database that was sealed with others", () => {
    mkdirSync(path.join(folder, "postgres"));

    expect(() => ensureSecrets(folder)).toThrow("bring it back, or begin anew with --reset");
  });
});

it("empties a data folder of what is ours alone", () => {
  for (const name of ["secrets.json", "postgres/base", "clock.json", "simulator/state.json", "holiday/beach.jpg"]) write(name, "x");

  emptyDataFolder(folder);

  expect(
    ["secrets.json", "postgres", "clock.json", "simulator"].filter((name) => statSync(path.join(folder, name), { throwIfNoEntry: false })),
  ).toEqual([]);
  expect(statSync(path.join(folder, "holiday/beach.jpg")).size).toBe(1);
});

it("follows a program's log file by whole lines, from now on", () => {
  /** @type {string[]} */
  const lines = [];
  write("web.log", "of an earlier start\n");
  const log = openLogFile(path.join(folder, "web.log"), (line) => lines.push(line));

  writeSync(log.descriptor, "first 支付");
  log.read();
  expect(lines).toEqual([]);
  writeSync(log.descriptor, "单\nsecond\nhalf");
  log.read();
  expect(lines).toEqual(["first 支付单", "second"]);

  log.close();
  log.close();
});
