#!/usr/bin/env node
// `npm run db:functions`: writes the functions migration from prisma/sql.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HEADER = `-- Written by \`npm run db:functions\` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;`;

const prisma = fileURLToPath(new URL("../../prisma", import.meta.url));

/** The migration that creates the functions, their triggers and the types they take. */
export const FUNCTIONS_MIGRATION = path.join(prisma, "migrations/20261129000002_functions/migration.sql");

/** The files of prisma/sql, types first, because functions name them in their declarations. */
export function functionFiles() {
  const files = readdirSync(path.join(prisma, "sql"))
    .toSorted()
    .map((file) => ({
      name: path.basename(file, ".sql"),
      text: readFileSync(path.join(prisma, "sql", file), "utf8"),
    }));
  const isType = ({ text }) => /^CREATE TYPE\b/m.test(text);
  return [...files.filter(isType), ...files.filter((file) => !isType(file))];
}

/** What the functions migration must say. */
export function functionsMigration() {
  return `${[HEADER, ...functionFiles().map(({ text }) => text.trim())].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FUNCTIONS_MIGRATION, functionsMigration());
