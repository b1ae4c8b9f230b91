#!/usr/bin/env node
// `npm run db:functions`: writes the functions that differ from the migrations into the newest migration. Migrations that
// somebody may have applied stay as they are, so a changed function needs a new migration directory first.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const HEADER = `-- Written by \`npm run db:functions\` from prisma/sql. Change the files there.

-- Functions call each other and are created by name, so bodies are checked when they first run.
SET LOCAL check_function_bodies = off;`;

const prisma = fileURLToPath(new URL("../../prisma", import.meta.url));
const migrations = path.join(prisma, "migrations");

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

/** The files whose newest definition in these migrations, given in their order, is another. */
export function changedFunctions(texts, files = functionFiles()) {
  const all = texts.join("\n");
  return files.filter(({ name, text }) => {
    const definition = text.slice(text.search(/^CREATE /m)).trim();
    const newest = all.lastIndexOf(`\nCREATE OR REPLACE FUNCTION ${name}(`) + 1;
    const from = definition.startsWith("CREATE TYPE") ? all.lastIndexOf(definition) : newest;
    return from <= 0 || !all.startsWith(definition, from);
  });
}

/** The texts of all migrations, oldest first. */
export function migrationTexts() {
  return migrationFiles().map((file) => readFileSync(file, "utf8"));
}

function migrationFiles() {
  const names = readdirSync(migrations, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const files = names.map(({ name }) => path.join(migrations, name, "migration.sql"));
  return files.filter((file) => existsSync(file)).toSorted();
}

/** What the newest migration must say: its own part, then every function that the others do not define so. */
function newestMigration() {
  const texts = migrationTexts();
  const [own = ""] = (texts.at(-1) ?? "").split(HEADER);
  const changed = changedFunctions([...texts.slice(0, -1), own]);
  return `${[own.trim(), ...(changed.length > 0 ? [HEADER] : []), ...changed.map(({ text }) => text.trim())].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(migrationFiles().at(-1), newestMigration());
