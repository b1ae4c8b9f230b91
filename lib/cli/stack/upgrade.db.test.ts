import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";

import { canonicalJson } from "@/lib/core/shared/canonical-json";
import type { Json } from "@/lib/core/shared/json";

import { differences, readCatalog } from "@/lib/testing/catalog";
import { connectOwner } from "@/lib/testing/owner";
import { type ReleasedVersion, releasedVersions, restoreVersion } from "@/lib/testing/released-version";
import { createScratchDatabase, type ScratchDatabase } from "@/lib/testing/scratch-database";

import { migrate } from "./migrate.mjs";
import { readMigrations } from "./migrations.mjs";

const LIMIT_MS = 120_000;

const Entry = z.looseObject({ body: z.unknown() });

type Row = Record<string, unknown>;
type Connection = Awaited<ReturnType<typeof connectOwner>>;

async function bookkeeping(owner: Connection): Promise<Row[]> {
  const { rows } = await owner.query(
    "SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations ORDER BY 1",
  );
  return rows;
}

/** The rows of each table as text, with the columns that are named. */
async function rowsOf(owner: Connection, tables: Map<string, string[]>): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [table, columns] of tables) {
    const { rows } = await owner.query<{ text: string }>(
      `SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each(to_jsonb(t)) WHERE key = ANY ($1))::text AS text
       FROM ${table} AS t ORDER BY 1`,
      [columns],
    );
    found[table] = rows.map(({ text }) => text);
  }
  return found;
}

async function columnsOf(owner: Connection, table: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  return rows.map(({ name }) => name);
}

const versions = releasedVersions();

test("there is a fixture for every version that is upgraded", () => {
  expect(versions.length).toBeGreaterThan(0);
});

describe.each(versions)("a database of the version that ends with $name", { timeout: LIMIT_MS }, (version) => {
  let database: ScratchDatabase;
  let fresh: ScratchDatabase;
  let owner: Connection;

  beforeAll(async () => {
    fresh = await createScratchDatabase("fresh");
    await migrate(fresh.url);
  }, LIMIT_MS);
  beforeEach(async () => {
    database = await createScratchDatabase("upgrade");
    owner = await connectOwner(database.url);
    await restoreVersion(owner, version);
    return () => owner.end();
  }, LIMIT_MS);
  afterAll(() => Promise.all([database.drop(), fresh.drop()]));

  /** Takes the upgrade's refusal and checks that it changed nothing. */
  async function refusal(): Promise<string> {
    const before = [await bookkeeping(owner), await readCatalog(owner)];
    const said = await migrate(database.url).then(
      () => "nothing",
      (error: Error) => error.message,
    );
    expect([await bookkeeping(owner), await readCatalog(owner)]).toEqual(before);
    return said;
  }

  test("has rows in every table", () => {
    const empty = Object.entries(version.rows).filter(([, list]) => list === "[]");
    expect(empty).toEqual([]);
  });

  test("becomes the current one and keeps every row", async () => {
    const current = await connectOwner(fresh.url);
    const shared = new Map<string, string[]>();
    for (const table of Object.keys(version.rows)) {
      const now = await columnsOf(current, table);
      shared.set(
        table,
        (await columnsOf(owner, table)).filter((column) => now.includes(column)),
      );
    }
    const before = await rowsOf(owner, shared);
    const names = readMigrations().map(({ name }) => name);
    expect(await migrate(database.url)).toEqual(names);

    expect(differences(await readCatalog(current), await readCatalog(owner))).toEqual([]);
    await current.end();
    const { ledger_entries: entries = [], ...others } = await rowsOf(owner, shared);
    const { ledger_entries: entriesBefore = [], ...othersBefore } = before;
    expect(others).toEqual(othersBefore);
    // Entries became their canonical text, which says the same and hashes to the same leaf.
    const bodies = entries.map((text) => Entry.parse(JSON.parse(text)).body);
    expect(bodies.toSorted()).toEqual(
      entriesBefore.map((text) => canonicalJson(Entry.parse(JSON.parse(text)).body as Json)).toSorted(),
    );
    expect(await bookkeeping(owner)).toEqual(
      readMigrations().map(({ name, checksum }) => ({ name, checksum, finished: true })),
    );
    expect(await migrate(database.url)).toEqual([]);
  });

  test("is left alone when the upgrade fails, and upgraded once it can be", async () => {
    await owner.query("CREATE VIEW stray AS SELECT uuid_at(now())");
    expect(await refusal()).toMatch(/^The upgrade from \S+ failed and was rolled back: .*depend on them$/);
    await owner.query("DROP VIEW stray");
    expect(await migrate(database.url)).toEqual(readMigrations().map(({ name }) => name));
  });

  test.each([
    [
      "only some migrations",
      "DELETE FROM _prisma_migrations WHERE migration_name = $1",
      /has only some of the migrations/,
    ],
    [
      "one that failed",
      "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1",
      /failed; settle it/,
    ],
    [
      "one that was edited",
      "UPDATE _prisma_migrations SET checksum = 'x' WHERE migration_name = $1",
      /is not the one that was released/,
    ],
    [
      "one that nobody knows",
      "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', 'later_' || $1, now())",
      /migrated by another version of Interlock \(later_.* is unknown here\)/,
    ],
  ])("is refused in one sentence when it has %s", async (_what, change, sentence) => {
    await owner.query(change, [last(version)]);
    const said = await refusal();
    expect(said).toMatch(sentence);
    expect(said).not.toContain("\n");
  });
});

function last({ migrations }: ReleasedVersion): string {
  return migrations.at(-1)?.name ?? "";
}
