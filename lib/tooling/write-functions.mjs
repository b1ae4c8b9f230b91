#!/usr/bin/env node
// `npm run db:functions`: writes the functions migration from prisma/sql. Types come first, because functions name them
// in their declarations; the rest is in the order of the names.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HEADER = "-- Written by `npm run db:functions` from prisma/sql. Change the files there.\n";

const prisma = fileURLToPath(new URL("../../prisma", import.meta.url));
const migration = path.join(prisma, "migrations/20261129000002_functions/migration.sql");

/** The text of the functions migration: every file of prisma/sql after the types it needs. */
export function functionsMigration() {
  const files = readdirSync(path.join(prisma, "sql"))
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => readFileSync(path.join(prisma, "sql", name), "utf8").trim());
  const isType = (text) => /^CREATE TYPE\b/m.test(text);
  return `${[HEADER.trim(), ...files.filter(isType), ...files.filter((text) => !isType(text))].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(migration, functionsMigration());
