import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { migrate } from "@/lib/cli/stack/migrate.mjs";

import { connectOwner } from "./owner";
import { createScratchDatabase, type ScratchDatabase } from "./scratch-database";

const LIMIT_MS = 120_000;
const PRISMA = ["node_modules/prisma/build/index.js", "migrate", "diff", "--config", "prisma/prisma.config.ts"];
const TO_SCHEMA = ["--from-config-datasource", "--to-schema", "prisma/schema.prisma", "--script", "--exit-code"];

/** What Prisma would change in a database to make it the one in schema.prisma: 0 is nothing and 2 is something. */
async function proposedFor(url: string): Promise<{ code: number; sql: string }> {
  const run = promisify(execFile)(process.execPath, [...PRISMA, ...TO_SCHEMA], {
    // The schema engine is a program that finds Node by its name.
    env: { NODE_ENV: "production", PATH: `${path.dirname(process.execPath)}:/usr/bin:/bin`, DATABASE_URL: url },
    timeout: LIMIT_MS,
  });
  return run.then(
    ({ stdout }) => ({ code: 0, sql: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, sql: error.stdout }),
  );
}

describe("schema.prisma", { timeout: LIMIT_MS }, () => {
  let database: ScratchDatabase;
  beforeAll(async () => {
    database = await createScratchDatabase("drift");
    await migrate(database.url);
  }, LIMIT_MS);
  afterAll(() => database.drop());

  test("describes the database that the migrations create", async () => {
    const { code, sql } = await proposedFor(database.url);
    expect(sql.trim()).toBe("-- This is an empty migration.");
    expect(code).toBe(0);
  });

  test("is found to differ in a table, a column, a default, an index and a foreign key", async () => {
    const owner = await connectOwner(database.url);
    await owner.query(`
      CREATE TABLE stray (id uuid PRIMARY KEY);
      ALTER TABLE runs ADD COLUMN stray integer;
      ALTER TABLE tools ALTER COLUMN owner SET DEFAULT 'nobody';
      DROP INDEX runs_agent;
      ALTER TABLE votes DROP CONSTRAINT votes_member_id_fkey`);
    await owner.end();
    const { code, sql } = await proposedFor(database.url);
    expect(code).toBe(2);
    const changes = ['DROP TABLE "stray"', 'DROP COLUMN "stray"', 'ALTER COLUMN "owner" SET DEFAULT', '"runs_agent"'];
    for (const change of [...changes, '"votes_member_id_fkey"']) expect(sql).toContain(change);
  });
});
