import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

export default defineConfig({
  root,
  resolve: { alias: { "@": root, "server-only": `${root}/lib/tooling/server-only.stub.ts` } },
  test: {
    include: ["lib/**/*.test.ts", "components/**/*.test.{ts,tsx}"],
    exclude: ["**/node_modules/**", "lib/data/generated/**"],
    maxWorkers: Number(process.env.INTERLOCK_TEST_WORKERS ?? 1),
    setupFiles: [`${root}/lib/tooling/own-database.mjs`],
    // `npm test` sets the real ones; these let a file that touches no database run from an editor.
    env: {
      DATABASE_URL: process.env.DATABASE_URL ?? "postgresql://nobody@127.0.0.1:1/none",
      NEXTAUTH_SECRET: process.env.NEXTAUTH_SECRET ?? "only-for-tests-3b0f6a1d9c7e52480af4",
      LOG_LEVEL: process.env.LOG_LEVEL ?? "fatal",
    },
    // How long chance may look for faults: little in every run, more when asked for.
    provide: {
      modelRuns: Number(process.env.INTERLOCK_MODEL_RUNS ?? 60),
      faultRounds: Number(process.env.INTERLOCK_FAULT_ROUNDS ?? 3),
      tamperings: Number(process.env.INTERLOCK_TAMPERINGS ?? 2_000),
      schemaSuite: process.env.JSON_SCHEMA_TEST_SUITE ?? "",
    },
    testTimeout: 90_000,
    hookTimeout: 30_000,
  },
});

declare module "vitest" {
  interface ProvidedContext {
    modelRuns: number;
    faultRounds: number;
    tamperings: number;
    schemaSuite: string;
  }
}
