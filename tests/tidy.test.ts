import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { describe, expect, it } from "vitest";
import * as schema from "~/server/db/schema";
import { JOB_NAMES } from "~/server/outbox/jobs";
import { handlers } from "~worker/handlers";

/** The rules of the house, kept by reading it. What a rule means stands in docs/architecture.md. */

const root = fileURLToPath(new URL("..", import.meta.url));

function filesBelow(folder: string, ending: RegExp): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...filesBelow(file, ending));
    else if (ending.test(entry.name)) found.push(file);
  }
  return found;
}

const sources = [...filesBelow("src", /\.tsx?$/), ...filesBelow("worker", /\.ts$/)];
const own = sources.filter((file) => !/\.test\.tsx?$/.test(file) && !file.includes("/testing/"));
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");

/** What a file imports from us, as paths from the root without an ending, and whether only types. */
function importsOf(file: string): { target: string; typeOnly: boolean }[] {
  const pattern = /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?["']([^"']+)["']/g;
  return [...read(file).matchAll(pattern)].flatMap(([, typeOnly, name = ""]) => {
    const target = name.startsWith("~worker/")
      ? name.replace("~worker", "worker")
      : name.startsWith("~/")
        ? name.replace("~", "src")
        : name.startsWith(".")
          ? path.normalize(path.join(path.dirname(file), name))
          : null;
    return target ? [{ target, typeOnly: Boolean(typeOnly) }] : [];
  });
}

/** Each layer with what it may import beside itself. A folder that is named here is found by its longest prefix. */
const LAYERS: Record<string, readonly string[]> = {
  "src/lib": [],
  "src/domain": ["src/lib"],
  "src/messages": ["src/lib", "src/i18n"],
  "src/simulator": ["src/lib", "src/domain"],
  // A browser's bundle of its own: it speaks to the simulator over HTTP and borrows what screens know about text.
  "src/simulator/site": ["src/simulator/control/types", "src/simulator/amounts", "src/lib", "src/domain", "src/components/ui"],
  "src/server/db": ["src/lib", "src/domain"],
  "src/server/crypto": ["src/server/db", "src/server/live.ts", "src/domain", "src/lib"],
  "src/server/providers": ["src/domain", "src/lib"],
  "src/server/outbox": ["src/server/db", "src/domain", "src/lib", "src/server/context"],
  "src/server/services": [
    "src/server/db",
    "src/server/crypto",
    "src/server/providers",
    "src/server/outbox",
    "src/domain",
    "src/lib",
    "src/server/*",
  ],
  "src/server/api": ["src/server/services", "src/server/db", "src/domain", "src/lib", "src/server/*"],
  "src/server/web": [
    "src/server/api",
    "src/server/services",
    "src/server/providers",
    "src/server/db",
    "src/domain",
    "src/lib",
    "src/server/*",
  ],
  "src/components": ["src/lib", "src/domain", "src/trpc", "src/i18n", "src/messages"],
  "src/trpc": ["src/lib", "src/domain", "src/components", "src/server/api"],
};

/** Longest first, so that `src/server/db` wins over `src/server`. */
const layerOf = (file: string): string | undefined =>
  Object.keys(LAYERS)
    .sort((a, b) => b.length - a.length)
    .find((layer) => file === layer || file.startsWith(`${layer}/`));

/** `src/server/*`: the files that stand directly in it (context, config, logger …), not its folders. */
const covers = (allowed: string, target: string): boolean =>
  allowed.endsWith("/*")
    ? path.dirname(target) === allowed.slice(0, -2)
    : target === allowed.replace(/\.ts$/, "") || target.startsWith(`${allowed}/`) || target === allowed;

/** Server code that screens may use only as a type. */
const SCREENS = ["src/components", "src/trpc"];

const isClient = (file: string): boolean => /^\s*["']use client["']/.test(read(file));
const fileOf = (target: string): string | undefined =>
  [`${target}.ts`, `${target}.tsx`, `${target}/index.ts`].find((file) => existsSync(path.join(root, file)));

/** What a file of ours imports by name from another, types left out. */
function namedImports(file: string): { target: string | undefined; names: string[] }[] {
  const pattern = /(?:^|\n)\s*import\s+\{([^}]*)\}\s+from\s+["'](~\/|\.)([^"']*)["']/g;
  return [...read(file).matchAll(pattern)].map(([, names = "", start, rest = ""]) => ({
    target: fileOf(start === "~/" ? `src/${rest}` : path.normalize(path.join(path.dirname(file), `.${rest}`))),
    names: names.split(",").flatMap((name) => {
      const plain = name.trim();
      return plain === "" || plain.startsWith("type ") ? [] : [plain.split(/\s/)[0] ?? plain];
    }),
  }));
}

/** Pages, layouts, routes and what they import, up to where the browser's part begins. */
function serverSide(): string[] {
  const reached = new Set<string>();
  const open = own.filter((file) => /^src\/app\/(.*\/)?(page|layout|route|not-found)\.tsx?$/.test(file));
  for (let file = open.pop(); file; file = open.pop()) {
    if (reached.has(file) || isClient(file)) continue;
    reached.add(file);
    for (const { target } of namedImports(file)) if (target) open.push(target);
  }
  return [...reached];
}

describe("imports run downward", () => {
  it.each(Object.keys(LAYERS))("from %s", (layer) => {
    const climbs = own
      .filter((file) => layerOf(file) === layer)
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => !target.startsWith(`${layer}/`) && target !== layer)
          .filter(({ typeOnly }) => !(typeOnly && SCREENS.includes(layer)))
          // A type costs nothing at run time: the shape of a context or of a live bus may be named from below.
          .filter(({ typeOnly, target }) => !(typeOnly && target.startsWith("src/server/") && layer.startsWith("src/server/")))
          .filter(({ target }) => !(LAYERS[layer] ?? []).some((allowed) => covers(allowed, target)))
          .map(({ target }) => `${file} -> ${target}`),
      );

    expect(climbs).toEqual([]);
  });

  it("and what runs in a browser takes nothing of the server but types", () => {
    const client = own.filter((file) => file.startsWith("src/app/") && /^\s*["']use client["']/.test(read(file)));
    const wrong = client.flatMap((file) =>
      importsOf(file)
        .filter(({ target, typeOnly }) => target.startsWith("src/server/") && !typeOnly)
        .map(({ target }) => `${file} -> ${target}`),
    );

    expect(client.length).toBeGreaterThan(0);
    expect(wrong).toEqual([]);
  });

  it("and what runs on the server takes nothing of the browser's but components: a value is an empty reference there", () => {
    const server = serverSide();
    const wrong = server.flatMap((file) =>
      namedImports(file)
        .filter(({ target }) => target && isClient(target))
        .flatMap(({ target, names }) =>
          names.filter((name) => !/^[A-Z][A-Za-z]*$/.test(name)).map((name) => `${file} -> ${target} ${name}`),
        ),
    );

    expect(server.length).toBeGreaterThan(50);
    expect(wrong).toEqual([]);
  });

  it("and services use each other through their faces", () => {
    const wrong = own
      .filter((file) => file.startsWith("src/"))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ target }) => /^src\/server\/services\/[^/]+\/.+/.test(target))
          .filter(
            ({ target }) => path.dirname(target) !== path.dirname(file) && !file.startsWith(`${target.split("/").slice(0, 4).join("/")}/`),
          )
          .map(({ target }) => `${file} -> ${target}`),
      );

    expect(wrong).toEqual([]);
  });
});

describe("one place for each thing", () => {
  it("the environment is read by the configuration alone", () => {
    const allowed = [
      "src/server/config.ts",
      // Programs of their own, which read what little they need before there is a configuration.
      "src/server/migrate.ts",
      "src/simulator/main.ts",
      "src/cli/main.ts",
      // Next runs it apart from the server; next-auth takes its address from the environment alone.
      "src/proxy.ts",
      "src/server/auth.ts",
    ];
    const wrong = own.filter(
      (file) =>
        /\bprocess\.env\b/.test(read(file)) && !allowed.includes(file) && !file.startsWith("src/app/") && !file.startsWith("src/trpc/"),
    );

    expect(wrong).toEqual([]);
  });

  it("rules and services ask the context for the time", () => {
    const wrong = own.filter(
      (file) =>
        (file.startsWith("src/domain/") || file.startsWith("src/server/services/")) &&
        /new Date\(\)|Date\.now\(\)/.test(read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")) &&
        // Sessions run on the machine's time: moving the test clock must sign nobody in or out.
        !file.startsWith("src/server/services/session/"),
    );

    expect(wrong).toEqual([]);
  });

  it("SQL stands in services, the outbox, the database's own folder and the vault", () => {
    const wrong = own.filter(
      (file) =>
        (file.startsWith("src/app/") || file.startsWith("worker/") || file.startsWith("src/server/api/")) &&
        /from "drizzle-orm|db\.sql`|db\.orm\./.test(read(file)),
    );

    expect(wrong).toEqual([]);
  });

  it("no float touches money", () => {
    const wrong = own.filter(
      (file) =>
        /^src\/(domain|server)\//.test(file) && /parseFloat\(|\.toFixed\(/.test(read(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "")),
    );

    expect(wrong).toEqual([]);
  });
});

it("every job has a handler, and no handler is without a job", () => {
  expect(Object.keys(handlers).sort()).toEqual([...JOB_NAMES].sort());
});

it("the committed migrations make the schema that the code describes", async () => {
  const journal = JSON.parse(read("drizzle/meta/_journal.json")) as { entries: { idx: number; tag: string }[] };
  const newest = String(journal.entries.at(-1)?.idx).padStart(4, "0");
  const committed = JSON.parse(read(`drizzle/meta/${newest}_snapshot.json`));
  const described = generateDrizzleJson(schema as unknown as Record<string, unknown>, committed.id, ["app"], "snake_case");

  expect(await generateMigration(committed, described)).toEqual([]);
});

describe("documents", () => {
  const documents = ["README.md", ...filesBelow("docs", /\.md$/)];

  it("name only paths that exist", () => {
    const named = documents.flatMap((document) =>
      [...read(document).matchAll(/`((?:src|worker|drizzle|scripts|tests|docs|public)\/[\w./()[\]-]+)`/g)]
        .map(([, name = ""]) => name.replace(/\/$/, ""))
        .filter((name) => !name.includes("…") && !existsSync(path.join(root, name)))
        .map((name) => `${document}: ${name}`),
    );

    expect(named).toEqual([]);
  });

  it("link only to files that exist", () => {
    const broken = documents.flatMap((document) =>
      [...read(document).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .filter(([, target = ""]) => !existsSync(path.join(root, path.dirname(document), target)))
        .map(([, target]) => `${document}: ${target}`),
    );

    expect(broken).toEqual([]);
  });
});

it("DEP-03 there are fewer than 60 direct runtime dependencies, each at an exact version", () => {
  const { dependencies } = JSON.parse(read("package.json")) as { dependencies: Record<string, string> };

  expect(Object.keys(dependencies).length).toBeLessThan(60);
  expect(Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

it("every test runs: none is skipped, alone or left for later", () => {
  const marked = [
    ...filesBelow("src", /\.test\.tsx?$/),
    ...filesBelow("worker", /\.test\.ts$/),
    ...filesBelow("tests", /\.(test|e2e)\.ts$/),
  ].filter((file) => /\b(?:it|test|describe)\.(?:only|skip|todo|fixme)\b/.test(read(file).replaceAll("`", "")));

  expect(marked.filter((file) => file !== "tests/tidy.test.ts")).toEqual([]);
});
