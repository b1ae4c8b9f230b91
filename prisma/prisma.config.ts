import { fileURLToPath } from "node:url";
import { defineConfig } from "prisma/config";

// Prisma downloads its schema engine on first use; ours is built on the copy that comes from npm (see the file).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= fileURLToPath(new URL("../lib/tooling/schema-engine.mjs", import.meta.url));
process.env.CHECKPOINT_DISABLE ??= "1";

export default defineConfig({
  schema: "schema.prisma",
  migrations: { path: "migrations" },
  datasource: { url: process.env.DATABASE_URL ?? "postgresql://postgres@127.0.0.1:5432/interlock" },
});
