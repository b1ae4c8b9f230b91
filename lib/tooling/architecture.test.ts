import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { globSync } from "tinyglobby";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SERVER = ["lib/services", "lib/core", "lib/platform", "lib/data/db"];

/**
 * What each place may import besides itself; absent means forbidden, the longest matching key wins. An entry means that
 * package or folder and everything under it. A new noun, layer or library is a decision: it changes this table, in the same commit.
 */
const MAY_IMPORT: Record<string, readonly string[]> = {
  app: ["components", "lib/web", "lib/services", "lib/core", "next", "react", "@fontsource"],
  "app/api/auth": ["lib/web", "next", "next-auth"],
  components: ["lib/core", "react", "next/link", "next/navigation", "diff", "cmdk", "@tanstack/react-virtual"],
  "components/ui": ["react", "next/link", "lib/core/shared"],
  "components/charts": ["components/ui", "lib/core", "react", "recharts", "next/navigation", "next/error"],
  "lib/web": [...SERVER, "next", "next-auth", "react", "zod", "uuid", "server-only"],
  "lib/api": [...SERVER, "hono", "@hono", "zod", "node:"],
  "lib/api/otlp-grpc.ts": ["lib/api", ...SERVER, "@grpc/grpc-js", "node:"],
  "lib/jobs": [...SERVER, "graphile-worker", "node:crypto", "zod"],
  "lib/cli": ["lib/core", "lib/platform", "commander", "node:", "yaml", "zod"],
  // Runs on an auditor's machine, alone: nothing that asks for settings or a network.
  "lib/cli/verify": [
    "lib/core",
    "lib/platform/ed25519",
    "lib/platform/sql-reader",
    "node:crypto",
    "node:fs",
    "node:path",
    "node:util",
    "node:zlib",
    "zod",
  ],
  "lib/cli/setup.ts": ["lib/cli", ...SERVER, "node:", "uuid", "yaml", "zod"],
  "lib/cli/restored.ts": [...SERVER, "node:"],
  "lib/cli/demo": ["lib/cli", ...SERVER, "node:", "yaml", "zod"],
  "lib/services": ["lib/data", "lib/clients", "lib/core", "lib/platform", "node:crypto", "server-only", "uuid", "zod"],
  "lib/services/csv-rows.ts": ["lib/core/shared/csv-guard", "csv-parse", "server-only"],
  "lib/services/manifests/work-thread.ts": ["lib/services", "lib/platform", "node:worker_threads"],
  "lib/data": ["lib/core", "lib/platform", "@prisma", "pg", "node:crypto", "server-only", "zod", "uuid"],
  "lib/clients": ["lib/core", "lib/platform", "node:", "server-only", "zod"],
  "lib/clients/mail.ts": ["lib/core", "lib/platform", "server-only", "nodemailer"],
  "lib/core": ["zod"],
  "lib/core/commands": ["lib/core", "unbash"],
  "lib/core/manifests": ["lib/core", "zod", "yaml"],
  "lib/core/tools": [
    "lib/core",
    "zod",
    "ajv",
    "re2js",
    "@eslint-community/regexpp",
    "@hyperjump/json-schema-formats",
    "idn-hostname",
  ],
  "lib/core/costs": ["lib/core", "zod", "@pydantic/genai-prices"],
  "lib/core/approvals": ["lib/core", "zod", "diff", "yaml"],
  "lib/core/figures": ["lib/core", "zod", "@date-fns/tz"],
  "lib/core/traces": ["lib/core", "zod", "protobufjs"],
  "lib/platform": [
    "lib/core/shared",
    "lib/core/commands/read-sql",
    "libpg-query",
    "package.json",
    "zod",
    "pino",
    "prom-client",
    "next-auth/jwt",
    "@node-rs/argon2",
    "otpauth",
    "uqr",
    "node:",
  ],
  "lib/sdk": [],
  "lib/testing": [""],
};

/** Libraries with an opinion stay where they can be replaced. */
const ONLY_IN: Record<string, readonly string[]> = {
  "next-auth": ["lib/web/", "lib/platform/session-token.ts", "lib/platform/device-token.ts", "app/api/auth/"],
  recharts: ["components/charts/"],
  "@node-rs/argon2": ["lib/platform/password.ts"],
  otpauth: ["lib/platform/totp.ts"],
  uqr: ["lib/platform/qr.ts"],
  "@pydantic/genai-prices": ["lib/core/costs/base-table.ts"],
  "@grpc/grpc-js": ["lib/api/otlp-grpc.ts"],
  "@date-fns/tz": ["lib/core/figures/calendar.ts"],
  "csv-parse": ["lib/services/csv-rows.ts"],
  unbash: ["lib/core/commands/read-shell.ts", "lib/core/commands/read-word.ts"],
  "libpg-query": ["lib/platform/sql-grammar.ts"],
  protobufjs: ["lib/core/traces/otlp-wire.ts"],
};

const TOP_LEVEL = new Set(
  "package.json package-lock.json tsconfig.json next.config.js README.md LICENSE app components lib prisma public e2e".split(
    " ",
  ),
);
const IGNORED_BY_GIT = new Set(["node_modules", "dist", "coverage", "next-env.d.ts"]);

/** Services that read the person under a lock of their own, or act before or after there is anybody to ask about. */
const ASKS_OTHERWISE = new Set([
  "lib/services/approvals/cast-vote.ts", // `findVoter` under the workspace's lock, which whoever changes a member takes
  "lib/services/workspaces/disable-member.ts", // `lockActiveAdmins`
  "lib/services/people/accept-invitation.ts", // the invited are nobody yet
  "lib/services/people/verify-person.ts", // part of signing in
  "lib/services/step-up/check-code.ts", // notes a wrong code after what it was for was rolled back
  "lib/services/workspaces/open-session.ts",
  "lib/services/workspaces/sign-out.ts",
]);

const LONGEST_FILE = 300;
const root = path.resolve(import.meta.dirname, "../..");
const generated = ["lib/data/generated/**", "**/node_modules/**"];
const glob = (patterns: string[], ignore: string[] = []) =>
  globSync(patterns, { cwd: root, ignore: [...generated, ...ignore], expandDirectories: false }).toSorted();

const tests = ["**/*.test.{ts,tsx}", "**/*.spec.ts"];
const files = glob(["{app,components,lib}/**/*.{ts,tsx}"], ["lib/tooling/**", ...tests]);
const source = new Map(files.map((file) => [file, readFileSync(path.join(root, file), "utf8")]));
const code = new Map([...source].map(([file, text]) => [file, withoutCommentsAndStrings(text)]));
const imports = new Map([...source].map(([file, text]) => [file, importsOf(file, text)]));
const places = Object.keys(MAY_IMPORT).toSorted((a, b) => b.length - a.length);
const filesWith = (pattern: RegExp, where: string) =>
  files.filter((file) => file.startsWith(where) && pattern.test(code.get(file) ?? ""));

describe("architecture", () => {
  test("imports only ever point inwards", () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets.filter((target) => !mayImport(file, target)).map((target) => `${file} must not import ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test("libraries with an opinion are imported in one place", () => {
    const wrong = [...imports].flatMap(([file, targets]) =>
      targets
        .filter((target) =>
          Object.entries(ONLY_IN).some(
            ([name, homes]) => isWithin(target, name) && !homes.some((home) => file.startsWith(home)),
          ),
        )
        .map((target) => `${file} must not import ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test("no file can reach itself", () => {
    expect(cycles()).toEqual([]);
  });

  test("the core does nothing but compute", () => {
    const impure =
      /\b(?:async|await)\b|\bprocess\.|\bfetch\(|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(?:Timeout|Interval)\b|\bconsole\./;
    expect(filesWith(impure, "lib/core/")).toEqual([]);
  });

  test("a service that opens a transaction checks the actor and writes the ledger", () => {
    const wrong = filesWith(/\btransact\(/, "lib/services/").filter((file) => {
      const text = code.get(file) ?? "";
      return !/\brequire[A-Z]\w*\(/.test(text) || !/\brecord\(\s*tx\b/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  test("a service that writes for a person asks in the same transaction who they are now", () => {
    const wrong = filesWith(/\btransact\(/, "lib/services/").filter((file) => {
      const text = code.get(file) ?? "";
      const asksPerson = /\brequire(?:Role|Member|Invited)\(/.test(text);
      return asksPerson && !/\brequireNow\(\s*tx\b/.test(text) && !ASKS_OTHERWISE.has(file);
    });
    expect(wrong).toEqual([]);
    expect([...ASKS_OTHERWISE].filter((file) => !files.includes(file))).toEqual([]);
  });

  test("what a person writes for others is read in one place, which counts what can be seen", () => {
    const own = filesWith(/\b(?:note|reason):\s*z\s*\.string\(\)\s*\.trim\(/, "lib/");
    expect(own).toEqual([]);
  });

  test("only one module reads the environment", () => {
    const readers = filesWith(/\bprocess\.env\b/, "").filter((file) => file !== "lib/platform/env.ts");
    expect(readers).toEqual([]);
  });

  test("no markup is made from strings", () => {
    expect(filesWith(/\bdangerouslySetInnerHTML\b/, "")).toEqual([]);
  });

  test("exports are named, except where Next requires a default", () => {
    expect(filesWith(/\bexport\s+default\b|\bas default\b/, "").filter((file) => !file.startsWith("app/"))).toEqual([]);
  });

  test("no file outgrows one sitting", () => {
    const written = glob(["{app,components,lib,e2e,prisma}/**/*.{ts,tsx,mjs,cjs}"], tests);
    const long = written
      .map((file) => ({ file, lines: readFileSync(path.join(root, file), "utf8").split("\n").length - 1 }))
      .filter(({ lines }) => lines > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  test("the top level holds what it always held", () => {
    const unexpected = readdirSync(root).filter(
      (name) => !TOP_LEVEL.has(name) && !IGNORED_BY_GIT.has(name) && !name.startsWith("."),
    );
    expect(unexpected).toEqual([]);
  });

  test.skipIf(!existsSync(path.join(root, "lib/README.md")))("the map names documents that exist", () => {
    const map = readFileSync(path.join(root, "lib/README.md"), "utf8");
    const named = [...map.matchAll(/[\w./-]+\.md\b/g)].map(([name]) => name);
    const missing = named.filter(
      (name) => ![root, path.join(root, "lib")].some((base) => existsSync(path.join(base, name))),
    );
    expect(missing).toEqual([]);
  });
});

function mayImport(file: string, target: string): boolean {
  const home = places.find((place) => isWithin(file, place));
  if (home === undefined) return false;
  return isWithin(target, home) || (MAY_IMPORT[home] ?? []).some((allowed) => isWithin(target, allowed));
}

/** True if the path or package is the named one or lies under it. The empty name holds everything. */
function isWithin(target: string, name: string): boolean {
  return name === "" || target === name || target.startsWith(name.endsWith(":") ? name : `${name}/`);
}

/** Everything a file imports, `import()` included, as paths from the root or package names. */
function importsOf(file: string, text: string): string[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
    if (fileName.startsWith("@/")) return fileName.slice(2);
    return fileName.startsWith(".") ? path.posix.join(path.posix.dirname(file), fileName) : fileName;
  });
}

function cycles(): string[] {
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  function visit(file: string, trail: readonly string[]) {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
      return;
    }
    state.set(file, "open");
    for (const target of imports.get(file) ?? []) {
      const next = [target, `${target}.ts`, `${target}.tsx`].find((candidate) => imports.has(candidate));
      if (next) visit(next, [...trail, file]);
    }
    state.set(file, "done");
  }
  for (const file of files) visit(file, []);
  return found;
}

function withoutCommentsAndStrings(text: string): string {
  const pattern = /("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|`(?:[^`\\]|\\.)*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g;
  return text.replace(pattern, (found: string, quoted?: string) => {
    if (quoted !== undefined) return '""';
    if (!found.startsWith("`")) return "";
    return [...found.replace(/\\./g, "").matchAll(/\$\{[^}]*\}/g)].join(" "); // of a template, its code
  });
}
