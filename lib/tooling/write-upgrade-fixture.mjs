#!/usr/bin/env node
// Writes the fixture that the upgrade test builds a database of a released version from: the migrations of that version and
// a few rows of every table. Run it when a version is released, before its migrations are replaced:
// `node lib/tooling/write-upgrade-fixture.mjs <database url> [<folder of the migrations>]`.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import pg from "pg";

const ROWS_A_TABLE = 5;
// Columns that name a row of another table without a foreign key.
const NAMED = { decision_id: "decisions", run_id: "runs", session_id: "sessions", approval_id: "approvals" };

const root = fileURLToPath(new URL("../..", import.meta.url));
const [url, folder = path.join(root, "prisma/migrations")] = process.argv.slice(2);
if (!url) throw new Error("name the database to take rows from");

const migrations = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => ({ name, sql: readFileSync(path.join(folder, name, "migration.sql"), "utf8") }))
  .toSorted((a, b) => (a.name < b.name ? -1 : 1));

const client = new pg.Client({ connectionString: url });
await client.connect();
const tables = await readTables();
const references = await readReferences();
await client.end();
const chosen = choose();

const name = migrations.at(-1).name;
const rows = Object.fromEntries(
  [...chosen].map(([table, some]) => [table, `[${[...some].map(({ text }) => text).join(",")}]`]),
);
const target = path.join(root, "lib/testing/upgrades", `${name}.json.gz`);
mkdirSync(path.dirname(target), { recursive: true });
writeFileSync(target, gzipSync(JSON.stringify({ name, migrations, rows }), { level: 9 }));

/** All rows of every table, as text so that large numbers survive, and parsed to follow their references. */
async function readTables() {
  const { rows: names } = await client.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
     AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  const found = new Map();
  for (const { name: table } of names) {
    const result = await client.query(`SELECT to_jsonb(t)::text AS text FROM ${client.escapeIdentifier(table)} AS t`);
    found.set(
      table,
      result.rows.map(({ text }) => ({ text, values: JSON.parse(text) })),
    );
  }
  return found;
}

async function readReferences() {
  const { rows: keys } = await client.query(
    `SELECT c.relname AS child, p.relname AS parent,
       (SELECT array_agg(attname::text ORDER BY i) FROM unnest(o.conkey) WITH ORDINALITY AS k (n, i)
         JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n) AS columns,
       (SELECT array_agg(attname::text ORDER BY i) FROM unnest(o.confkey) WITH ORDINALITY AS k (n, i)
         JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = k.n) AS of
     FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_class p ON p.oid = o.confrelid
     WHERE o.contype = 'f' AND c.relnamespace = 'public'::regnamespace`,
  );
  const named = [...tables.keys()].flatMap((child) =>
    Object.entries(NAMED).map(([column, parent]) => ({ child, parent, columns: [column], of: ["id"] })),
  );
  return [...keys, ...named];
}

/** A few rows of every table and all that they refer to. */
function choose() {
  const picked = new Map([...tables].map(([table, all]) => [table, new Set(all.slice(0, ROWS_A_TABLE))]));
  for (let grew = true; grew; ) {
    grew = false;
    for (const { child, parent, columns, of } of references) {
      for (const { values } of picked.get(child) ?? []) {
        const found = tables
          .get(parent)
          .find((row) => of.every((key, index) => row.values[key] === values[columns[index]]));
        if (!found || picked.get(parent).has(found)) continue;
        picked.get(parent).add(found);
        grew = true;
      }
    }
  }
  return picked;
}
