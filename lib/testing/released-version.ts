import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

import { z } from "zod";

import type { Owner } from "./owner";

const FOLDER = path.join(import.meta.dirname, "upgrades");

/** A released version: its migrations and, by table, some rows as the text of a JSON list. */
export type ReleasedVersion = z.infer<typeof ReleasedVersion>;
const ReleasedVersion = z.object({
  name: z.string(),
  migrations: z.array(z.object({ name: z.string(), sql: z.string() })),
  rows: z.record(z.string(), z.string()),
});

/** Every released version that has a fixture (see `lib/tooling/write-upgrade-fixture.mjs`). */
export function releasedVersions(): ReleasedVersion[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) =>
      ReleasedVersion.parse(JSON.parse(gunzipSync(readFileSync(path.join(FOLDER, file))).toString("utf8"))),
    );
}

/** Makes an empty database the one that a released version leaves, with the rows of its fixture. */
export async function restoreVersion(owner: Owner, { migrations, rows }: ReleasedVersion): Promise<void> {
  await owner.query(`CREATE TABLE _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
  for (const { name, sql } of migrations) {
    await owner.query(sql);
    await owner.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), 1)`,
      [randomUUID(), createHash("sha256").update(sql).digest("hex"), name],
    );
  }
  // As a restored dump: in any order, and without the triggers that made some of the rows.
  await owner.query("SET session_replication_role = replica");
  for (const [table, list] of Object.entries(rows)) {
    const { rows: columns } = await owner.query<{ names: string }>(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS names FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
      [table],
    );
    const names = columns[0]?.names;
    await owner.query(
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM jsonb_populate_recordset(NULL::${table}, $1::jsonb)`,
      [list],
    );
  }
  await owner.query("RESET session_replication_role");
}
