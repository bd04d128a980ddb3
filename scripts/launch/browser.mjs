import { installPackage, isProgram, mayInstall } from "./debian.mjs";
import { Failure } from "./failure.mjs";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** For a browser that runs as root, on a machine without a graphics card, and asks nobody outside for anything. */
export const chromiumArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The browser for the journeys: the one CHROMIUM_PATH names, or the first found where systems put it. */
export function findBrowser() {
  return (process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : PLACES).find(isProgram) ?? null;
}

/**
 * Finds a browser, or installs Debian's where we may.
 * @param {import("./progress.mjs").Progress} progress
 * @returns {Promise<string>}
 */
export async function ensureBrowser(progress) {
  const found = findBrowser();
  if (found) return found;
  if (!mayInstall()) throw new Failure("no browser was found: install Chromium, or name one in CHROMIUM_PATH");
  await installPackage(progress, "chromium");
  const installed = findBrowser();
  if (!installed) throw new Failure("Chromium was installed but is in none of the usual places: name it in CHROMIUM_PATH");
  return installed;
}
