import { describe, expect, it } from "vitest";
import { programEnvironments, readSettings } from "./settings.mjs";

const read = (env = {}) => readSettings({ NODE_ENV: "test", ...env }, "/srv/clone");

describe("settings", () => {
  it("has a default for everything", () => {
    expect(read()).toEqual({
      dataDir: "/srv/clone/.data",
      host: "127.0.0.1",
      port: 3000,
      simulatorPort: 3100,
      appUrl: "http://localhost:3000",
      simulatorUrl: "http://127.0.0.1:3100",
      demo: true,
      testClock: true,
      databaseUrl: null,
    });
  });

  it("takes an empty variable for one that was not given", () => {
    expect(read({ PORT: "", DATABASE_URL: "", DEMO: "" })).toEqual(read());
  });

  it.each([
    ["PORT", "80a"],
    ["PORT", "65536"],
    ["SIMULATOR_PORT", "0"],
    ["APP_URL", "example.com"],
    ["APP_URL", "https://example.com/pay"],
    ["DEMO", "yes"],
    ["TEST_CLOCK", "2"],
  ])("ERR-04 names the variable when %s is %s", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(name);
  });

  it("refuses one port for two programs", () => {
    expect(() => read({ PORT: "3100" })).toThrow("PORT and SIMULATOR_PORT");
  });
});

describe("what programs are told", () => {
  const secrets = { MASTER_KEYS: "1:generated", NEXTAUTH_SECRET: "generated" };
  const urls = { app: "postgres://app", owner: "postgres://owner", reader: "postgres://reader" };
  const env = {
    NODE_ENV: /** @type {const} */ ("test"),
    PATH: "/bin",
    DATABASE_URL: "postgres://shell",
    MASTER_KEYS: "2:shell",
    REDIS_URL: "redis://shell",
  };
  const told = programEnvironments(read(), secrets, urls, { env });

  it("gives web and worker the application's role and no other", () => {
    for (const program of [told.web, told.worker]) {
      expect(program.DATABASE_URL).toBe("postgres://app");
      expect(program).not.toHaveProperty("MIGRATE_DATABASE_URL");
      expect(program).not.toHaveProperty("READER_DATABASE_URL");
    }
    expect(told.migrate.MIGRATE_DATABASE_URL).toBe("postgres://owner");
    expect(told.cli.READER_DATABASE_URL).toBe("postgres://reader");
  });

  it("gives the simulator none of the platform's secrets", () => {
    for (const name of ["DATABASE_URL", "MASTER_KEYS", "NEXTAUTH_SECRET", "REDIS_URL"]) expect(told.simulator).not.toHaveProperty(name);
  });

  it("prefers the shell's secrets to generated ones", () => {
    expect(told.web).toMatchObject({ MASTER_KEYS: "2:shell", NEXTAUTH_SECRET: "generated", REDIS_URL: "redis://shell", PATH: "/bin" });
    expect(told.web.NODE_ENV).toBe("production");
  });
});
