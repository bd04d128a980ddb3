import { describe, expect, it } from "vitest";
import { completeLock, isInstalled, missingOptional, platformOf } from "./lockfile.mjs";

const lock = {
  lockfileVersion: 3,
  packages: {
    "": { version: "1.0.0" },
    "node_modules/tool": { version: "2.0.0", optionalDependencies: { "@tool/darwin-arm64": "2.0.0", "@tool/linux-x64": "^2.0.0" } },
    "node_modules/@tool/linux-x64": { version: "2.0.0", optional: true },
    "node_modules/linter": {
      version: "3.0.0",
      dev: true,
      optionalDependencies: { "@linter/cli-linux-arm64-musl": "3.0.0", inner: "1.0.0" },
    },
    "node_modules/linter/node_modules/inner": { version: "1.0.0", optional: true },
  },
};

describe("a lock without other platforms' packages", () => {
  it("names what is missing, wherever a package looks for it", () => {
    expect(missingOptional(lock)).toEqual([
      { name: "@tool/darwin-arm64", version: "2.0.0", dev: false },
      { name: "@linter/cli-linux-arm64-musl", version: "3.0.0", dev: true },
    ]);
  });

  it("is completed with entries for those platforms alone", () => {
    const { packages } = completeLock(lock);

    expect(packages["node_modules/@tool/darwin-arm64"]).toEqual({ version: "2.0.0", optional: true, os: ["darwin"], cpu: ["arm64"] });
    expect(packages["node_modules/@linter/cli-linux-arm64-musl"]).toEqual({
      version: "3.0.0",
      dev: true,
      optional: true,
      os: ["linux"],
      cpu: ["arm64"],
      libc: ["musl"],
    });
    expect(missingOptional({ packages })).toEqual([]);
  });

  it("refuses a package that would be installed everywhere", () => {
    expect(() => platformOf("fast-thing")).toThrow("does not tell its platform");
  });
});

describe("what is installed", () => {
  const installed = {
    packages: {
      "node_modules/tool": { version: "2.0.0" },
      "node_modules/@tool/linux-x64": { version: "2.0.0" },
      "node_modules/linter": { version: "3.0.0" },
    },
  };

  it("is what the lock asks for, but for optional packages", () => {
    expect(isInstalled(lock, installed)).toBe(true);
  });

  it("is not, when a version differs, a package is missing or nothing was finished", () => {
    expect(isInstalled(lock, { packages: { ...installed.packages, "node_modules/tool": { version: "2.0.1" } } })).toBe(false);
    expect(isInstalled(lock, { packages: { "node_modules/tool": { version: "2.0.0" } } })).toBe(false);
    expect(isInstalled(lock, null)).toBe(false);
  });
});
